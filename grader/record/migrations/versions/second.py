"""Whose word the time of an attempt is, and which results hold a text that a person gives points for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add both. Of what is there nobody knows who said when it was handed in; a text is in a result as `kept`."""
    op.add_column("attempt", sa.Column("said_by", sa.Text, nullable=False, server_default=""))
    op.add_column("judgement", sa.Column("written", sa.Boolean, nullable=False, server_default=sa.false()))
    judgement = sa.table("judgement", sa.column("id"), sa.column("result"), sa.column("written"))
    texts = judgement.c.result.like('%"kept":"%')
    rows = op.get_bind().execute(sa.select(judgement.c.id, judgement.c.result).where(texts))
    written = [number for number, result in rows if result.count('"kept":"') > result.count('"kept":""')]
    for number in written:
        op.execute(judgement.update().where(judgement.c.id == number).values(written=True))
