"""The steps of a derivation that Python can do: run, and held to what the text says that they give."""

from __future__ import annotations

import doctest
import io
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["wrong_steps"]


def wrong_steps(derivation: str, names: Mapping[str, Any]) -> tuple[str, ...]:
    """A sentence for each step, a line that begins with `>>>`, that does not give what stands below it.

    `names` are those of the reference, for the steps to use.
    """
    try:
        examples = doctest.DocTestParser().get_examples(derivation)
    except ValueError as error:
        return (f"`derivation` holds a step that cannot be read: {error}",)
    test = doctest.DocTest(examples, dict(names), "derivation", None, None, derivation)
    runner = _Runner(optionflags=doctest.NORMALIZE_WHITESPACE)
    with redirect_stdout(io.StringIO()):
        runner.run(test, out=lambda _: None)
    return tuple(runner.wrong)


class _Runner(doctest.DocTestRunner):
    """Collects what the library's own would print."""

    def __init__(self, optionflags: int) -> None:
        super().__init__(verbose=False, optionflags=optionflags)
        self.wrong: list[str] = []

    def report_start(self, *_: object) -> None:
        pass

    def report_success(self, *_: object) -> None:
        pass

    def report_failure(self, *arguments: Any) -> None:
        _, _, example, got = arguments
        self._note(example, f"gives {_in_one_line(got)}, not {_in_one_line(example.want)}")

    def report_unexpected_exception(self, *arguments: Any) -> None:
        _, _, example, (kind, error, _) = arguments
        self._note(example, f"raises {kind.__name__}: {error}")

    def _note(self, example: doctest.Example, what: str) -> None:
        self.wrong.append(f"`derivation`, line {example.lineno + 1}: {example.source.strip()} {what}")


def _in_one_line(text: str) -> str:
    return " ".join(text.split()) or "nothing"
