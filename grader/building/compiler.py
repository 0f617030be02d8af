"""Compile an exercise's checks and reference to an answer key, in the trusted process."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import inspect
import re
import sys
import textwrap
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import msgspec
import numpy as np
from msgspec.structs import replace

import grader
from grader.building.picture import title_of
from grader.building.together import tell_nothing_of_each_other
from grader.building.waiting import telling_where
from grader.course.checks import Check, Misconception
from grader.errors import COURSE_RAISES, CourseError, did_you_mean, line_in
from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey, judge_name
from grader.judging.compare import arranged, compare, form, split, widened
from grader.wire.functions import COURSE_CODE, FIRST_LINE, compiled
from grader.wire.values import Code, Nothing, Opaque, Value, arrays, pack, parts, unpack
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from grader.course.model import Course, Exercise

__all__ = ["Compiled", "answer", "compile_exercise", "load_module", "seed"]


_MOST_CASES = 1000
"""How many cases a check may yield: far more than any needs, and few enough to see soon that there is no end."""


class Compiled(msgspec.Struct, frozen=True):
    """An exercise's answer key, and what is code of it: kept in the trusted process."""

    key: AnswerKey
    judges: Mapping[str, str]
    """The sources of the checks' own judges, by their names."""
    references: Mapping[str, Callable[..., Any]]
    """The reference's functions that the checks call, by name."""
    misconceptions: Mapping[str, Misconception]
    alterations: Mapping[str, str | None]
    """The author's words for altered inputs, by the name of the alteration; None switches it off."""
    picture: str = ""
    """An SVG that belongs to the task; empty where there is none."""
    derivation: str = ""
    """The way from the definition to the reference, for students after the due date; empty where there is none."""
    rubric: tuple[str, ...] = ()
    """What a person looks for in the words that are kept for one; no release holds it."""


def load_module(path: Path) -> ModuleType:
    """A module of the course from its file. Raises CourseError where it does not import.

    It may import what stands beside its folder: `from ..slips import masks` is solutions/slips.py.
    """
    spec = importlib.util.spec_from_file_location(f"{_package(path.parent)}.{path.stem}", path)
    if spec is None or spec.loader is None:
        raise CourseError("is not a Python file", path=path)
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    known = sys.modules.get(spec.name)
    sys.modules[spec.name] = module  # a dataclass looks for its module there
    try:
        spec.loader.exec_module(module)
    except CourseError:
        raise
    except COURSE_RAISES as error:  # whatever an author's file raises is told to the author
        _blame(error, path, "does not import")
    finally:
        sys.dont_write_bytecode = before
        # It does not stay there: the file may be another one by the time that somebody imports it.
        if known is None:
            sys.modules.pop(spec.name, None)
        else:
            sys.modules[spec.name] = known
    return module


def _package(folder: Path) -> str:
    """The package of a folder's modules, for imports of what is beside the folder.

    Named by the place and the content of that: two courses, or two states of one, share no module.
    """
    beside = folder.parent.resolve()
    found = hashlib.sha256(str(beside).encode())
    for path in sorted(beside.glob("*.py")):
        found.update(f"\0{path.name}\0".encode())
        found.update(path.read_bytes())
    root = f"course_{found.hexdigest()[:16]}"
    inner = f"{root}.{folder.name.replace('.', '_')}"
    for name, where in ((root, beside), (inner, folder)):
        package = ModuleType(name)
        package.__path__ = [str(where)]
        sys.modules.setdefault(name, package)
    return inner


def _blame(error: BaseException, path: Path, problem: str, line: int | None = None) -> NoReturn:
    """Raise a CourseError that names the last line of `path` which the error passed, else `line`."""
    if isinstance(error, SyntaxError) and error.filename and error.filename != str(path):
        path = Path(error.filename)  # a file that this one imports
    line = error.lineno if isinstance(error, SyntaxError) else line_in(path, error) or line
    told = f"{problem}: {type(error).__name__}: {error}"
    raise CourseError(f"{told}{'' if 'Did you mean' in told else _meant(error)}", path=path, line=line) from error


def _meant(error: BaseException) -> str:
    """What an error of the author's comes of: an array that is read-only, or an unknown name that may have meant one of ours."""
    if isinstance(error, ValueError) and "read-only" in str(error):
        return "; a check sends read-only arrays, so copy one before you write into it"
    if isinstance(error, SystemExit):
        return "; code of a course ends no command: take the exit out"
    ours = {name: getattr(grader, name) for name in grader.__all__}
    for pattern in (r"cannot import name '(\w+)' from 'grader'", r"^name '(\w+)' is not defined"):
        if found := re.search(pattern, str(error)):
            known = f"; import it: from grader import {found[1]}" if found[1] in ours else ""
            return known or did_you_mean(found[1], ours)
    found = re.search(r"^(\w+)\(\) got an unexpected keyword argument '(\w+)'", str(error))
    return did_you_mean(found[2], inspect.signature(ours[found[1]]).parameters) if found and found[1] in ours else ""


def compile_exercise(course: Course, exercise: Exercise, student: str = "") -> Compiled:
    """Compile an exercise's checks, public ones first, else in the order of their file.

    Inputs are drawn from a generator seeded with the course's seed, the exercise, the check and, where given, the
    student. Raises CourseError for checks or a reference that do not import, raise, or make no sense.
    """
    with telling_where(course.checks(exercise).parent.parent):
        return _compiled(course, exercise, student)


def _compiled(course: Course, exercise: Exercise, student: str) -> Compiled:
    reference_path, checks_path = course.reference(exercise), course.checks(exercise)
    reference, module = load_module(reference_path), load_module(checks_path)
    declared = [thing for thing in vars(module).values() if isinstance(thing, Check)]
    wrong = _misconceptions(module, checks_path)
    if not declared:
        raise CourseError("has no checks; decorate at least one function with @check(points=...)", path=checks_path)
    # What the feedback of a public check shows, a program that has seen hidden inputs could make of these.
    declared.sort(key=lambda check: not check.public)
    names = _part_names(declared, exercise.id, checks_path)
    functions = dict.fromkeys(check.function or exercise.id for check in declared)
    called = {name: _function(reference, name, reference_path) for name in functions}
    keys = []
    judges: dict[str, str] = {}
    for check in declared:
        function = check.function or exercise.id
        relevant = {name: thing for name, thing in wrong.items() if (thing.function or function) == function}
        rng = np.random.default_rng(seed(course.seed, exercise.id, check.name, student))
        compiler = _Compiler(
            check, called[function], relevant, names.get((function, check.driver), ()), checks_path, reference_path
        )
        keys.append(compiler.compile(function, rng))
        judges |= compiler.judges
    key = AnswerKey(
        exercise=exercise.id,
        misconceptions={name: thing.feedback for name, thing in wrong.items()},
        hints=_sentences(module, "hints", checks_path),
        checks=tuple(keys),
    )
    return Compiled(
        key, judges, called, wrong,
        _alterations(module, checks_path), _picture(module, checks_path), _derivation(module, checks_path),
        _sentences(module, "rubric", checks_path),
    )  # fmt: skip


def _part_names(declared: Iterable[Check], exercise: str, path: Path) -> dict[object, tuple[str, ...]]:
    """The names of the parts of what is judged, by function and driver. Raises CourseError where checks disagree on them."""
    found: dict[object, tuple[str, ...]] = {}
    for check in declared:
        names = tuple(check.parts)
        known = found.setdefault((check.function or exercise, check.driver), names) if names else names
        if known != names:
            problem = f"check {check.name!r} names the parts {', '.join(names)}, and another one {', '.join(known)}"
            advice = "give all checks of a function the same names in the same order"
            raise CourseError(f"{problem}; {advice}", path=path, line=check.line)
    return found


def _misconceptions(module: ModuleType, path: Path) -> dict[str, Misconception]:
    """Those that a checks file declares, alone or in tuples, by their names. Raises CourseError for a name given twice."""
    found: dict[str, Misconception] = {}
    for thing in vars(module).values():
        for each in thing if isinstance(thing, tuple) else (thing,):
            if isinstance(each, Misconception) and found.setdefault(each.name, each) is not each:
                raise CourseError(f"has two misconceptions called {each.name!r}; rename one", path=path)
    return found


def _function(module: ModuleType, name: str, path: Path) -> Callable[..., Any]:
    function: Callable[..., Any] | None = getattr(module, name, None)
    if not callable(function):
        raise CourseError(f"defines no function {name!r}, which the checks call", path=path)
    return function


def _sentences(module: ModuleType, name: str, path: Path) -> tuple[str, ...]:
    """What a checks file says under that name. Raises CourseError for anything but a list or tuple of sentences."""
    sentences = getattr(module, name, ())
    if not isinstance(sentences, list | tuple) or not all(isinstance(each, str) and each.strip() for each in sentences):
        raise CourseError(f"`{name}` is not a list of sentences", path=path)
    return tuple(inspect.cleandoc(each) for each in sentences)


def _picture(module: ModuleType, path: Path) -> str:
    """The picture beside the task. Raises CourseError for one that is no SVG, has no words, or is more than a picture."""
    picture = getattr(module, "picture", "")
    if not picture:
        return ""
    try:
        title_of(picture)
    except ValueError as error:
        raise CourseError(f"`picture` {error}", path=path) from None
    return str(picture)


def _derivation(module: ModuleType, path: Path) -> str:
    derivation = getattr(module, "derivation", "")
    if not isinstance(derivation, str):
        raise CourseError("`derivation` is not a text", path=path)
    return inspect.cleandoc(derivation)


def _alterations(module: ModuleType, path: Path) -> dict[str, str | None]:
    found = getattr(module, "alterations", {})
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and (words is None or (isinstance(words, str) and words.strip()))
        for name, words in found.items()
    ):
        raise CourseError("`alterations` is not a dict from an alteration's name to a sentence, or None", path=path)
    return found


def seed(*parts: object) -> int:
    """An integer from a hash, so that no two checks share a stream of random numbers."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, parts)).encode()).digest()[:16], "big")


def answer(
    function: Callable[..., Any], args: Iterable[Value], *, driver: str, strict: bool, readonly: bool = True
) -> Any:
    """What trusted code returns, called as the worker calls a student's. Raises what the code raises."""
    if driver:
        function = functools.partial(compiled(driver), function)
    over: Literal["raise", "ignore"] = "raise" if strict else "ignore"
    with np.errstate(over=over, divide=over, invalid=over, under="ignore"):
        return function(*(unpack(argument, readonly=readonly) for argument in args))


class _Compiler:
    """Compiles one check; its methods know where to put the blame."""

    def __init__(  # noqa: PLR0913
        self, check: Check, reference: Callable[..., Any], wrong: Mapping[str, Misconception], names: tuple[str, ...],
        path: Path, source: Path,
    ) -> None:  # fmt: skip
        self._check, self._reference, self._wrong, self._path, self._source = check, reference, wrong, path, source
        self._names = names
        self._judge = self._source_of(check.judge, "judge")
        self._driver = self._source_of(check.driver, "driver")
        self.judges = {judge_name(self._judge): self._judge} if self._judge else {}

    def _fail(self, problem: str, line: int | None = None) -> NoReturn:
        raise CourseError(f"check {self._check.name!r} {problem}", path=self._path, line=line or self._check.line)

    def _line_of_judge(self, error: BaseException) -> int | None:
        """The line of the checks file that raised, of a judge that was compiled anew from its source."""
        line = line_in(COURSE_CODE, error)
        if line is None or self._check.judge is None:
            return None
        return self._check.judge.__code__.co_firstlineno + line - FIRST_LINE

    def _source_of(self, function: Callable[..., Any] | None, what: str) -> str:
        if function is None:
            return ""
        source = textwrap.dedent(inspect.getsource(function))
        if not source.startswith("def "):
            self._fail(f"has a {what} that is not a plain function: define it with `def`, undecorated")
        return source

    def compile(self, function: str, rng: np.random.Generator) -> CheckKey:
        """The check's key. Raises CourseError."""
        check = self._check
        cases = tuple([self._case(function, number, args) for number, args in enumerate(self._draw(rng), 1)])
        if not cases:
            self._fail("yields no case; yield at least one tuple of arguments")
        return CheckKey(
            name=check.name, claim=check.claim, public=check.public, function=function, points=check.points,
            parts=dict(check.parts), named=() if check.parts else self._names, readonly=check.readonly, strict=check.errstate == "raise",
            float64_only=check.float64_only, judge=next(iter(self.judges), ""), driver=self._driver, keep=check.keep,
            visibility=check.visibility, together=tell_nothing_of_each_other(cases), arguments=self._arguments(), cases=cases,
        )  # fmt: skip

    def _arguments(self) -> tuple[str, ...]:
        """The names of the arguments that a case gives: the driver's, unless it hands on whatever there is."""
        if self._check.driver is not None:
            asked = inspect.signature(self._check.driver).parameters
            if not any(each.kind is each.VAR_POSITIONAL for each in asked.values()):
                return tuple(asked)[1:]
        return tuple(inspect.signature(self._reference).parameters)

    def _draw(self, rng: np.random.Generator) -> Iterable[tuple[Value, ...]]:
        try:
            drawn = self._check.cases(rng)
            if drawn is None:
                self._fail("yields nothing: is there a `yield`?")
            for number, case in enumerate(drawn, 1):
                if number > _MOST_CASES:
                    self._fail(f"yields more than {_MOST_CASES} cases: is there a loop without an end?")
                arguments = case if isinstance(case, tuple) else (case,)
                # Packed at once: a generator may go on to change what it has yielded.
                yield tuple(self._packed(argument) for argument in arguments)
        except CourseError:
            raise
        except COURSE_RAISES as error:  # an author's generator
            _blame(error, self._path, f"check {self._check.name!r} cannot make its cases", self._check.line)

    def _packed(self, argument: Any) -> Value:
        return Code(self._source_of(argument, "function argument")) if inspect.isfunction(argument) else pack(argument)

    def _case(self, function: str, number: int, args: tuple[Value, ...]) -> CaseKey:
        if any(isinstance(node, Opaque) for argument in args for node in _nodes(argument)):
            self._fail("yields an argument that is not made of numbers, arrays and strings")
        self._hold_to_signature(function, number, args)
        try:
            expected = pack(self._answer(self._reference, args, readonly=True))
        except COURSE_RAISES as error:  # an author's reference
            _blame(
                error, self._source, f"the reference raises in check {self._check.name!r}", self._line_of_reference()
            )
        if isinstance(expected, Nothing) and not self._driver:
            problem = f"{function} returns None in check {self._check.name!r}: is there a `return`?"
            raise CourseError(problem, path=self._source, line=self._line_of_reference())
        if any(isinstance(node, Opaque | Nothing) for node in _nodes(expected)) or any(
            np.isnan(array.numpy()).any() for array in arrays(expected)
        ):
            self._fail("gets nan, None or something that is not a value from the reference; choose other inputs")
        if self._check.parts and split(expected, self._check.parts, expected) is None:
            self._fail(f"names the parts {', '.join(self._check.parts)}, but the reference returns others")
        silent = tuple(name for name, thing in self._wrong.items() if not self._tells(thing, args))
        wrong = {
            name: self._wrong_answer(thing.answer, args, expected)
            for name, thing in self._wrong.items()
            if name not in silent
        }
        if complaint := self._judged(expected, args):
            self._fail(f"has a judge that rejects the reference's own answer: {complaint}")
        case = CaseKey(args, expected)
        differing = {name: answer for name, answer in wrong.items() if self._differs(case, answer)}
        return replace(case, wrong=differing, silent=silent)

    def _hold_to_signature(self, function: str, number: int, args: tuple[Value, ...]) -> None:
        """Raises CourseError for a case that has not the arguments that the reference, or the driver, takes."""
        driver = self._check.driver
        try:
            if driver is None:
                inspect.signature(self._reference).bind(*args)
            else:
                inspect.signature(driver).bind(self._reference, *args)
        except TypeError:
            wanted = self._arguments()
            takes = f"{driver.__name__ if driver else function} takes {len(wanted)} ({', '.join(wanted)})"
            meant = (
                "" if inspect.isgeneratorfunction(self._check.cases) else "; it returns its cases: is a `yield` meant?"
            )
            self._fail(f"has {count_of(len(args), 'argument')} in case {number}, {takes}{meant}")

    def _line_of_reference(self) -> int | None:
        code = getattr(self._reference, "__code__", None)
        return code.co_firstlineno if code else None

    def _answer(self, function: Callable[..., Any], args: tuple[Value, ...], *, readonly: bool) -> Any:
        return answer(function, args, driver=self._driver, strict=self._check.errstate == "raise", readonly=readonly)

    def _wrong_answer(self, answer: Callable[..., Any], args: tuple[Value, ...], expected: Value) -> Value | None:
        try:
            found = pack(self._answer(answer, args, readonly=self._check.readonly))
        except COURSE_RAISES:  # a wrong formula may raise as it likes
            return None
        return arranged(expected, self._names, found)

    def _tells(self, thing: Misconception, args: tuple[Value, ...]) -> bool:
        """Whether a misconception says what comes of such inputs. Raises CourseError where that raises."""
        try:
            return thing.where is None or bool(answer(thing.where, args, driver="", strict=False))
        except COURSE_RAISES as error:  # an author's condition
            _blame(error, self._path, f"misconception {thing.name!r} has a `where` that fails")

    def _judged(self, value: Value, args: tuple[Value, ...]) -> str | None:
        """What the check's own judge says of a value; None is right. Raises CourseError where the judge raises."""
        if not self._judge:
            return None
        try:
            complaint = compiled(self._judge)(unpack(value), *map(unpack, args))
        except COURSE_RAISES as error:  # an author's judge
            problem = f"has a judge that raises {type(error).__name__}: {error}; it may use its arguments and np alone"
            self._fail(problem, line=self._line_of_judge(error))
        if not isinstance(complaint, str | None):
            self._fail(f"has a judge that returns a {type(complaint).__name__}; return None, or a sentence")
        return complaint

    def _differs(self, case: CaseKey, answer: Value | None) -> bool:
        if answer is None:
            return True
        if not self._judge:
            return compare(case.expected, answer, case.precision) is not None
        return form(case.expected, answer) is not None or (
            self._judged(widened(case.expected, answer), case.args) is not None
        )


def _nodes(value: Value) -> Iterable[Value]:
    yield value
    for part in parts(value):
        yield from _nodes(part)
