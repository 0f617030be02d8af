"""People of whom there is one word alone."""

from __future__ import annotations

from grader.submissions.intake.handin import Who
from grader.submissions.intake.roster import name_key

__all__ = ["by_any_name", "by_login"]

_IDS = ("student", "login", "github", "number", "id")


def by_any_name(name: str) -> Who:
    """Somebody of whom there is one word, which may be an id, a login, an address or a name."""
    ids = tuple((kind, name) for kind in _IDS)
    return Who(name, name, ((*ids, ("email", name.casefold())), (("name", name_key(name)),)))


def by_login(login: str) -> Who:
    """Somebody whom a service names by a login."""
    return Who(login, login, ((("login", login),), (("student", login),), (("number", login),)))
