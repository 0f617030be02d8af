"""An exercise put into the text of a course.yml, of which nothing else changes: comments, order and spelling are the author's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from grader.course.yaml_reader import compose
from grader.errors import CourseError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["with_exercise"]


def with_exercise(text: str, assignment: str, exercise: str, path: Path) -> str:
    """The text with the exercise at the end of its assignment, which comes last where it is new.

    Raises CourseError, naming `path`, for a text that is no course, or of a form in which that cannot be done.
    """
    wanted = _loaded(text, path)
    try:
        known = [each for each in wanted["assignments"] if each["id"] == assignment]
        if known:
            # Not the list itself, which by an alias may be another assignment's too.
            known[0]["exercises"] = [*known[0]["exercises"], exercise]
        else:
            new = {"id": assignment, "title": _title(assignment), "exercises": [exercise]}
            wanted["assignments"] = [*wanted["assignments"], new]
        edited = _edited(text, assignment, exercise, path)
    except (KeyError, TypeError, AttributeError):
        raise CourseError("is no course, or its assignments have no lists of exercises", path=path) from None
    # YAML has many forms. Whatever the edit has made, it says what was meant and nothing else, or it is not made.
    try:
        as_meant = _loaded(edited, path) == wanted
    except CourseError:
        as_meant = False
    if not as_meant:
        problem = f"is of a form that cannot be added to; write {exercise} into the exercises of {assignment} yourself"
        raise CourseError(problem, path=path)
    return edited


def _loaded(text: str, path: Path) -> Any:
    compose(text.encode(), path)
    return yaml.safe_load(text)


def _title(assignment: str) -> str:
    return assignment.replace("_", " ").replace("-", " ").strip().capitalize() or assignment


def _edited(text: str, assignment: str, exercise: str, path: Path) -> str:
    assignments = _values(compose(text.encode(), path))["assignments"]
    entries = [_values(each) for each in assignments.value]
    for entry in entries:
        if entry["id"].value == assignment:
            return _appended(text, entry["exercises"], (exercise,), exercise)
    title = json.dumps(_title(assignment), ensure_ascii=False)
    inline = f"{{id: {assignment}, title: {title}, exercises: [{exercise}]}}"
    block = (f"id: {assignment}", f"  title: {title}", "  exercises:", f"    - {exercise}")
    return _appended(text, assignments, block, inline)


def _values(node: yaml.Node) -> dict[str, yaml.Node]:
    return {key.value: value for key, value in node.value}


def _appended(text: str, items: yaml.Node, block: tuple[str, ...], inline: str) -> str:
    """The text with one more item in a list of it, written as lines where the list is, else between its brackets."""
    if items.flow_style:  # type: ignore[attr-defined]  # of a list, which lacks it in the stubs
        end = items.end_mark.index - 1
        last = _end(items.value[-1]) if items.value else end
        return f"{text[:last]}{', ' if items.value else ''}{inline}{text[last:]}"
    indent = " " * items.start_mark.column
    last = _end(items.value[-1])
    end = text.find("\n", last)
    end, before = (len(text), "\n") if end < 0 else (end + 1, "")
    # A carriage return before the line feed is of the line above, and of those that come.
    newline = "\r\n" if text[:end].endswith("\r\n") else "\n"
    first, *rest = block
    lines = [f"{indent}- {first}", *(f"{indent}{line}" for line in rest)]
    return f"{text[:end]}{before}{''.join(f'{line}{newline}' for line in lines)}{text[end:]}"


def _end(node: yaml.Node) -> int:
    """Where the text of a node ends: that of a block is the end of its last part, comments below it apart."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)
