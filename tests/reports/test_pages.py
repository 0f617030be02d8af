"""What the pages share: checks that failed alike together, and a mistake told once."""

from __future__ import annotations

from grader.judging.verdicts import CheckResult, Verdict
from grader.reports.pages import groups

MISTAKE = "You averaged over the batch: the gradient of a sum is a sum."
PART = "dW is right, db is wrong"


def check(name: str, *lines: str, verdict: Verdict = Verdict.WRONG_ANSWER) -> CheckResult:
    return CheckResult(
        name=name, claim=name, public=False, verdict=verdict, points=0.0, max_points=1.0, feedback="\n".join(lines)
    )


def told(*checks: CheckResult) -> list[tuple[str, list[str]]]:
    return [(" ".join(each.name for each in group), group[0].feedback.splitlines()) for group in groups(checks)]


def test_a_mistake_is_told_once_and_referred_to_after_that():
    """Short lines and what a check ends with, its own facts, are said under each."""
    found = told(
        check("a", MISTAKE, PART, "db: the values are wrong"),
        check("b", verdict=Verdict.ACCEPTED),
        check("c", MISTAKE, PART, "db: returned shape (1, 4), asked was (4,)"),
        check("d", MISTAKE, MISTAKE.upper(), "db: the values are wrong"),
    )
    assert found == [
        ("a", [MISTAKE, PART, "db: the values are wrong"]),
        ("b", []),
        ("c", ["The same mistake as above.", PART, "db: returned shape (1, 4), asked was (4,)"]),
        ("d", ["The same mistake as above.", MISTAKE.upper(), "db: the values are wrong"]),
    ]


def test_two_sentences_that_were_told_are_referred_to_in_one():
    two = (MISTAKE, MISTAKE.upper())
    assert told(check("a", *two, "one"), check("b", *two, "two"))[1] == ("b", ["The same mistake as above.", "two"])


def test_neighbours_that_say_the_same_are_together():
    assert told(check("a", MISTAKE, "x"), check("b", MISTAKE, "x")) == [("a b", [MISTAKE, "x"])]


def test_a_sentence_that_stands_alone_is_said_again():
    assert told(check("a", MISTAKE), check("b", verdict=Verdict.ACCEPTED), check("c", MISTAKE))[2] == ("c", [MISTAKE])
