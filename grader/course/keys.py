"""Every key of course.yml: what may stand there, and what it means. The reader and docs/reference.md are made of these tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.course.kinds import FLAG, MOMENT, TEXT, Key, Kind, choice, positive, section, structure, whole
from grader.course.model import Framework, Isolation, Notebooks, Repair, Timestamps
from grader.course.policies import Attempts, Counts, Late, Per
from grader.course.term import Optional, Rules
from grader.sandbox.limits import MAX_LIMITS, Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ASSIGNMENT", "COURSE", "EXERCISE", "LINK", "SECTIONS"]

_MAX_SEED = 2**63 - 1
_MAX_DAYS, _MAX_ATTEMPTS, _MAX_DROPPED = 366, 10_000, 100
_MAX_MINUTES, _MAX_VARIANTS, _MAX_SEARCH = 10_000, 100_000, 3600
_DAY = 24 * 60
_LIMITS, _REPAIR, _LATE, _ATTEMPTS, _RULES = Limits(), Repair(), Late(), Attempts(), Rules()

_URL = Kind(
    "an address that begins with http:// or https://",
    lambda reader, node, what: reader.matching(
        node, what, r"https?://[^\s<>\"`|()]+",
        "an address that begins with http:// or https://, without spaces or brackets",
    ),
)  # fmt: skip
_MODULES = Kind(
    "a list of modules",
    lambda reader, node, what: tuple(
        reader.matching(item, "import", r"[^\W\d]\w*(\.[^\W\d]\w*)*", "the name of a module, such as scipy.special")
        for item in reader.items(node, what, empty=True)
    ),
)

LIMITS = {
    "cpu_seconds": Key(whole(1, MAX_LIMITS["cpu_seconds"]), "Seconds of a processor.", _LIMITS.cpu_seconds),
    "wall_seconds": Key(positive(MAX_LIMITS["wall_seconds"]), "Seconds on the clock.", _LIMITS.wall_seconds),
    "memory_mb": Key(whole(1, MAX_LIMITS["memory_mb"]), "Memory beyond what numpy itself takes, in MiB.", _LIMITS.memory_mb),
    "output_bytes": Key(whole(1, MAX_LIMITS["output_bytes"]), "How much it may print.", _LIMITS.output_bytes),
}  # fmt: skip

REPAIR = {
    "variants": Key(whole(0, _MAX_VARIANTS), "How many edits of a wrong answer are tried for one that makes it right; 0 for none.", _REPAIR.variants),
    "seconds": Key(positive(_MAX_SEARCH), "Seconds of a processor after which that is given up for this run.", _REPAIR.seconds),
    "check": Key(FLAG, "Whether `grader check` looks for such an edit too, on the public examples.", _REPAIR.check),
}  # fmt: skip

LATE = {
    "grace_minutes": Key(whole(0, _MAX_DAYS * _DAY), "So much later is not late.", _LATE.grace_minutes),
    "percent": Key(positive(100), "Of the points earned, taken off for each unit of `per` that has begun.", _LATE.percent),
    "per": Key(choice(Per), "The unit; `once` for being late at all.", _LATE.per),
    "at_most": Key(positive(100), "The most percent that lateness takes.", _LATE.at_most),
    "cutoff_days": Key(positive(_MAX_DAYS), "What is later than this counts nothing.", "never"),
}  # fmt: skip

ATTEMPTS = {
    "count": Key(choice(Counts), "Which of a student's attempts counts.", _ATTEMPTS.count),
    "at_most": Key(whole(1, _MAX_ATTEMPTS), "Those after the first so many do not count.", "any number"),
    "cool_down_minutes": Key(whole(0, _MAX_DAYS * _DAY), "One that comes sooner after one that counts does not.", _ATTEMPTS.cool_down_minutes),
}  # fmt: skip

TERM = {
    "late_days": Key(whole(0, _MAX_DAYS), "Days that each student may be late in the term, without cost.", _RULES.budget_days),
    "drop_lowest": Key(whole(0, _MAX_DROPPED), "How many assignments are left out: those without which the sum is best.", _RULES.drop_lowest),
    "rounding": Key(positive(100), "The sum in percent is rounded to a multiple of this.", "not rounded"),
    "optional": Key(choice(Optional), "Whether optional assignments are shown apart, or add points up to the maximum.", _RULES.optional),
}  # fmt: skip

_SETTINGS = {
    "framework": Key(choice(Framework), "What answers are written with; torch has a worker of its own.", "numpy"),
    "imports": Key(_MODULES, "What answers may import beside the standard library and numpy.", "none"),
    "limits": Key(section(LIMITS), "What one answer may use: see [limits](#limits).", "see there"),
}

EXERCISE = {
    "id": Key(structure("letters, digits and `_`"), "The name of its files and, by default, of its function.", required=True),
    "minutes": Key(whole(1, _MAX_MINUTES), "Your estimate of how long it takes: students read it."),
    **_SETTINGS,
}  # fmt: skip

LINK = {
    "title": Key(TEXT, "What students read.", required=True),
    "url": Key(_URL, "Where it leads.", required=True),
}

ASSIGNMENT = {
    "id": Key(structure("lower-case letters, digits, `_` and `-`"), "The name of its folder.", required=True),
    "title": Key(TEXT, "What students read.", required=True),
    "due": Key(MOMENT, "When it is to be handed in, such as `2027-03-01T23:59:00+01:00`.", "never"),
    "late": Key(section(LATE), "What being late costs here: see [late](#late).", "the course's"),
    "weight": Key(positive(100), "Its percent of the term's sum. Those of all assignments that are not optional add up to 100, or none has one.", "by points"),
    "optional": Key(FLAG, "Whether it is beyond what the course asks for.", default=False),
    "team": Key(FLAG, "Whether what one member of a team hands in counts for all.", default=False),
    "links": Key(structure("a list of links"), "What to read for it, each with a `title` and a `url`.", "none"),
    "exercises": Key(structure("a list of exercises"), "In their order: each an id, or a mapping as [below](#an-exercise).", required=True),
}  # fmt: skip

COURSE = {
    "title": Key(TEXT, "What students read, and what the record goes by.", required=True),
    "seed": Key(whole(0, _MAX_SEED), "What all hidden inputs are drawn from: 63 random bits, and a secret. A hand-out has none.", required=True),
    "individual": Key(FLAG, "Whether each student has inputs of their own.", default=False),
    "isolation": Key(choice(Isolation), "Whether a class may be graded where the baseline of isolation is missing.", "required"),
    "notebooks": Key(choice(Notebooks), "What one notebook of the hand-out holds.", "assignment"),
    **_SETTINGS,
    "repair": Key(section(REPAIR), "The search for the one edit that makes a wrong answer right: see [repair](#repair).", "see there"),
    "record": Key(TEXT, "Where the record is: a path below the course, or the URL of a database.", "`record.sqlite`"),
    "late": Key(section(LATE), "What being late costs: see [late](#late).", "nothing"),
    "attempts": Key(section(ATTEMPTS), "Which of several attempts count: see [attempts](#attempts).", "the last"),
    "term": Key(section(TERM), "How the term is summed up: see [term](#term).", "see there"),
    "timestamps": Key(choice(Timestamps), "Whose word counts for when something was handed in: a service's that received it, or also the `timestamp.txt` handed in with it.", "service"),
    "assignments": Key(structure("a list of assignments"), "In their order: see [an assignment](#an-assignment).", required=True),
}  # fmt: skip

SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "The course": COURSE, "An assignment": ASSIGNMENT, "An exercise": EXERCISE, "A link": LINK, "limits": LIMITS,
    "late": LATE, "attempts": ATTEMPTS, "term": TERM, "repair": REPAIR,
}  # fmt: skip
"""All mappings of course.yml, by what they go by."""
