"""Which exercise a file is meant for, by its name alone: copies, capitals, a student's name before it, typing errors."""

from __future__ import annotations

import functools
import re
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING

import msgspec

from grader.course.model import EXAMPLES, PICTURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from grader.course.model import Course

__all__ = ["Meant", "Names", "is_notebook", "squeezed", "words"]

_NEAR = 0.8
"""How alike two names are where one is taken for the other, mistyped; `gradient` for `grad` still is."""

_MAX_NAME = 255
_SAVED_AS_TEXT = r"(\.(?:py|ipynb))\.(?:txt|json)$"
_SUFFIX = r"\.[^.]*$"
_COPY = r"(?:[-_ ]*\(\d{1,3}\)|[-_ ]\d{1,3}|[-_ ]*\b(?:copy|kopie|copie|copia)[-_ ]*\d{0,3}|~)$"
_ARCHIVE = r"\.(?:zip|7z|rar|tar|tgz|tar\.\w{1,4})$"


@functools.lru_cache(maxsize=4096)
def is_notebook(name: str) -> bool:
    """Whether a file of that name is read as a notebook."""
    return re.sub(_SAVED_AS_TEXT, r"\1", name.casefold()).endswith(".ipynb")


class Meant(msgspec.Struct, frozen=True):
    """What a file's name is meant for: an exercise, or an assignment (its notebook); `sure` is a plain copy of its name."""

    name: str
    sure: bool


class Names:
    """The names of a course's exercises and assignments, in the forms in which students write them."""

    def __init__(self, course: Course) -> None:
        """Of the whole course: an exercise that is not graded now is known as well."""
        self._exercises = _told_apart(each.id for each in course.exercises())
        self._assignments = _told_apart(each.id for each in course.assignments)
        self._exact = {".py": {each.id for each in course.exercises()}}
        self._exact[".ipynb"] = self._exact[".py"] | {each.id for each in course.assignments}

    def meant(self, name: str) -> Meant | None:
        """The exercise or assignment that a .py or .ipynb file is for, also where a word stands before or after it."""
        lowered = re.sub(_SAVED_AS_TEXT, r"\1", _folded(name))
        stem, dot, suffix = lowered.rpartition(".")
        if not dot or suffix not in {"py", "ipynb"} or len(name) > _MAX_NAME:
            return None
        exact, _, _ = name.rpartition(".")
        if exact in self._exact[f".{suffix}"]:
            return Meant(exact, sure=True)
        known = self._assignments | self._exercises if suffix == "ipynb" else self._exercises
        for form in _without_copy_marks(stem):
            if found := known.get(squeezed(form)):
                return Meant(found, sure=True)
        within = _within(stem, self._exercises) or (_within(stem, self._assignments) if suffix == "ipynb" else [])
        return Meant(within[0], sure=False) if len(within) == 1 else None

    def apart(self, stem: str) -> tuple[str, str]:
        """A name without the exercise or assignment in it, and that; the name and nothing where none or several are."""
        stem = unicodedata.normalize("NFC", stem[:_MAX_NAME])
        shorter = list(_without_copy_marks(stem))[-1]
        within = _within(shorter, self._exercises) or _within(shorter, self._assignments)
        if len(within) != 1:
            return ("", "") if within else (stem, "")
        pattern = r"[\W_]*".join(map(re.escape, words(within[0])))
        around = re.split(rf"(?<![^\W_]){pattern}(?![^\W_])", shorter, maxsplit=1, flags=re.IGNORECASE)
        return "_".join(filter(None, (part.strip(" -_") for part in around))), within[0]

    def near(self, name: str) -> str | None:
        """The exercise, or for an archive also the assignment, whose name a file of any kind nearly has."""
        lowered = _folded(name[:_MAX_NAME])
        if lowered.endswith((EXAMPLES, PICTURE)):
            return None  # came with the stubs
        archive = re.search(_ARCHIVE, lowered)
        stem = lowered[: archive.start()] if archive else re.sub(_SUFFIX, "", re.sub(_SAVED_AS_TEXT, r"\1", lowered))
        known = self._assignments | self._exercises if archive or is_notebook(name) else self._exercises
        for form in _without_copy_marks(stem):
            if close := get_close_matches(squeezed(form), known, n=1, cutoff=_NEAR):
                return known[close[0]]
        within = _within(stem, known)
        return within[0] if len(within) == 1 else None


def _told_apart(ids: Iterable[str]) -> dict[str, str]:
    """The ids by their letters and digits; none of those that are told apart by nothing else."""
    found: dict[str, list[str]] = {}
    for each in ids:
        found.setdefault(squeezed(each), []).append(each)
    return {plain: alike[0] for plain, alike in found.items() if len(alike) == 1}


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


def squeezed(name: str) -> str:
    """A name's letters and digits, as names are compared, and as Canvas writes them before a file's."""
    return "".join(letter for letter in _folded(name) if letter.isalnum())


def _without_copy_marks(stem: str) -> Iterable[str]:
    """A name, and the name without what browsers, file managers and Jupyter put after that of a copy."""
    yield stem
    for _ in range(3):
        shorter = re.sub(_COPY, "", stem).rstrip(" -_")
        if shorter == stem or not shorter:
            return
        stem = shorter
        yield stem


def _within(stem: str, known: Mapping[str, str]) -> list[str]:
    """The known names that stand in a name as words of their own, without those that are a part of another such."""
    text = f"_{'_'.join(words(stem))}_"
    found = [(f"_{'_'.join(words(name))}_", name) for name in known.values()]
    inside = [(spelt, name) for spelt, name in found if spelt in text]
    return [name for spelt, name in inside if not any(spelt != other and spelt in other for other, _ in inside)]


def words(name: str) -> list[str]:
    """The words of a name, as names are compared."""
    return re.findall(r"[^\W_]+", _folded(name))
