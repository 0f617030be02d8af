"""The tables of a record. Rows are appended and never changed: only the course's title can be another one day."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = [
    "HEAD", "VERSIONS", "act", "altered", "answer_key", "attempt", "compiled", "content", "course", "current_result",
    "edit", "judgement", "make", "metadata", "result", "run",
]  # fmt: skip

VERSIONS = "record_version"
"""The table that says which version of this schema a database has: a name of our own, since others use Alembic too."""
HEAD = "0002"
"""The newest version, which these tables are; `migrations` leads to it from the others."""

metadata = sa.MetaData()

course = sa.Table(
    "course",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created_at", sa.Text, nullable=False),
)
"""One row: whose record it is."""

content = sa.Table(
    "content",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""What was handed in, each once by its SHA-256; compressed."""

answer_key = sa.Table(
    "answer_key",
    metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("exercise", sa.Text, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""The keys that answers were judged by, each once by its digest; compressed."""

compiled = sa.Table(
    "compiled",
    metadata,
    sa.Column("sources", sa.Text, primary_key=True),
    sa.Column("exercise", sa.Text, nullable=False),
    sa.Column("key", sa.ForeignKey("answer_key.hash"), nullable=False),
)
"""Which key a state of the course's sources compiles to, by the hash of all that it is compiled from."""

altered = sa.Table(
    "altered",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("function", sa.Text, primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)
"""What a function's right formula and its misconceptions give on altered inputs, by key; compressed."""

run = sa.Table(
    "run",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("command", sa.Text, nullable=False),
    sa.Column("submitted", sa.Text, nullable=False),
    sa.Column("grader", sa.Text, nullable=False),
)
"""Each run that recorded something, or looked whether there was anything to record."""

attempt = sa.Table(
    "attempt",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("student", sa.Text, nullable=False),
    sa.Column("assignment", sa.Text, nullable=False),
    sa.Column("exercise", sa.Text, nullable=False),
    sa.Column("content", sa.ForeignKey("content.hash")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("submitted_at", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("run", sa.ForeignKey("run.id"), nullable=False),
    sa.Column("said_by", sa.Text, nullable=False, server_default=""),
    sa.Index("attempt_whose", "student", "assignment", "exercise"),
)
"""What a student handed in, when, and where it was found; no content where nothing was, or where only its result is known.

The digest is that of all columns from student to place, and that a service said when, or that it was late: an index over them all would be too wide, and
would let two attempts without content be the same.
"""

judgement = sa.Table(
    "judgement",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("identity", sa.Text, unique=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("grader", sa.Text, nullable=False),
    sa.Column("program", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("max_score", sa.Float, nullable=False),
    sa.Column("misconceptions", sa.Text, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("waits", sa.Boolean, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("provenance", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("written", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""What judging a program gave. The identity is the hash of all that decides it; none where it is never used again."""

result = sa.Table(
    "result",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("attempt", sa.ForeignKey("attempt.id"), nullable=False, index=True),
    sa.Column("judgement", sa.ForeignKey("judgement.id"), nullable=False, index=True),
    sa.Column("run", sa.ForeignKey("run.id"), nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)
"""That a judgement counts for an attempt. Rank: 0 nothing was found, 1 it could not be judged, 2 it was judged; -1 another was handed
in later, so that only a term's rules can make it count."""

edit = sa.Table(
    "edit",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("judgement", sa.ForeignKey("judgement.id"), nullable=False, unique=True),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)
"""What a search found out later about a judged program: the same result, with the edit in it."""

act = sa.Table(
    "act",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("run", sa.ForeignKey("run.id")),
    sa.Column("details", sa.Text, nullable=False),
)
"""What a person decided: who, when, why; the run that it led to, where it led to one; details as JSON."""

current_result = sa.Table(
    "current_result",
    sa.MetaData(),
    sa.Column("student", sa.Text),
    sa.Column("assignment", sa.Text),
    sa.Column("exercise", sa.Text),
    sa.Column("attempt", sa.Integer),
    sa.Column("judgement", sa.Integer),
    sa.Column("result", sa.Integer),
    sa.Column("rank", sa.Integer),
)
"""The view of what counts: for each student and exercise, of the results of highest rank the last."""

_CURRENT_RESULT = """
CREATE VIEW current_result AS
SELECT student, assignment, exercise, attempt, judgement, result, rank
FROM (
    SELECT attempt.student, attempt.assignment, attempt.exercise,
           result.attempt, result.judgement, result.id AS result, result.rank,
           ROW_NUMBER() OVER (
               PARTITION BY attempt.student, attempt.assignment, attempt.exercise
               ORDER BY result.rank DESC, result.id DESC
           ) AS place
    FROM result JOIN attempt ON attempt.id = result.attempt
) AS ranked
WHERE place = 1
"""

_versions = sa.Table(
    VERSIONS,
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name=f"{VERSIONS}_pkc"),
)
"""As Alembic makes it."""


def make(connection: sa.Connection) -> None:
    """Make all of it in a database where there is nothing: without the migrations, as importing Alembic takes longer than this."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(sa.text(_CURRENT_RESULT))
    _versions.create(connection)
    connection.execute(_versions.insert().values(version_num=HEAD))
