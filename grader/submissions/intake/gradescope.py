"""Gradescope: `submission_{id}/` and the files in it, and `submission_metadata.yml`, which says whose they are and when.

The metadata are what Ruby writes: keys such as `:name`, and objects of Ruby's own. They are read as a stream of events, so that
no object is made, no alias followed, and the results of Gradescope's own autograder are passed over, however large.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec
import yaml

from grader.errors import UsageError
from grader.submissions.intake.handin import File, HandIn, Service, Who
from grader.submissions.intake.listing import METADATA, is_answer_file
from grader.submissions.intake.roster import name_key
from grader.submissions.submitted_at import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.submissions.intake.handin import Context, Key
    from grader.submissions.intake.listing import Entry, Listing

__all__ = ["GRADESCOPE"]

MAX_METADATA = 64 * 2**20
MAX_DEPTH = 200

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where it is there: the metadata of a large class are megabytes."""

_FOLDER = re.compile(r"submission_([0-9]+)")

_Path = tuple[str | int, ...]


def _recognises(listing: Listing, _context: Context) -> bool:
    has_metadata = any(entry.path == METADATA and not entry.fault for entry in listing.entries)
    return has_metadata and any(_FOLDER.fullmatch(top) for top in listing.tops)


def _hand_ins(listing: Listing, _context: Context) -> Iterator[HandIn]:
    (metadata,) = (entry for entry in listing.entries if entry.path == METADATA)
    known = _submissions(metadata)
    files: dict[str, list[Entry]] = defaultdict(list)
    for entry in listing.entries:
        if "/" in entry.path:
            files[entry.top].append(entry)
        elif is_answer_file(entry.name):
            yield HandIn("gradescope", entry.path, None, (), doubt="lies beside the submissions, and is nobody's")
    for folder in sorted({*files, *listing.tops} - known.keys()):
        yield HandIn("gradescope", folder, None, (), doubt=f"is not in {METADATA}")
    for folder, said in known.items():
        people = [who for number in range(1000) if (who := _who(folder, said, number)) is not None]
        earlier = tuple(sorted({moment(text) for path, text in said.items() if _is_earlier(path)} - {""}))
        found = tuple(_files(folder, said, files.get(folder, ())))
        if not people:
            yield HandIn("gradescope", folder, None, found, doubt=f"has no submitters in {METADATA}")
        for who in people:
            yield HandIn("gradescope", folder, who, found, "" if found else "holds no file in this download", earlier)


def _files(folder: str, said: Mapping[_Path, str], entries: list[Entry] | tuple[()]) -> Iterator[File]:
    match = _FOLDER.fullmatch(folder)
    number = match[1] if match else ""
    # Of an object of Rails the time in UTC comes first.
    when = next(filter(None, (moment(text) for path, text in said.items() if path[0] == "created_at")), "")
    for entry in entries:
        yield File(
            entry.inside, entry, folder, when or entry.modified, "service" if when else "download",
            sequence=int(number[:18] or 0), ids=(("submission", number),),
        )  # fmt: skip


def _who(folder: str, said: Mapping[_Path, str], number: int) -> Who | None:
    """The submitter of that number, if there is one: of a group all have the same files."""
    name, sid, email = (said.get(("submitters", number, key), "").strip() for key in ("name", "sid", "email"))
    if not (name or sid or email):
        return None
    strong: list[Key] = [("number", sid)] if sid else []
    strong += [("email", email.casefold())] if email else []
    weak: list[Key] = [("name", name_key(name))] if name else []
    alone = sid or email or f"{name}_{folder.removeprefix('submission_')}"
    return Who(f"{name or '?'} ({sid or email or folder})", alone, tuple(filter(None, (tuple(strong), tuple(weak)))))


def _is_earlier(path: _Path) -> bool:
    return path[0] == "history" and "created_at" in path


def _submissions(metadata: Entry) -> dict[str, dict[_Path, str]]:
    """What is said of each submission, by its folder: texts, by their paths below it, without the colons of Ruby's symbols."""
    data = metadata.read(MAX_METADATA)
    if len(data) > MAX_METADATA:
        raise UsageError(f"{METADATA} is larger than {MAX_METADATA >> 20} MiB; is it Gradescope's?")
    found: dict[str, dict[_Path, str]] = {}
    try:
        for path, text in _scalars(data):
            said = found.setdefault(str(path[0]), {})
            if len(path) > 1 and path[1] in {"submitters", "created_at", "history"}:
                said.setdefault(path[1:], text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(error, "problem_mark", None)
        line = f" (line {where.line + 1})" if where else ""
        raise UsageError(
            f"{METADATA} is not the YAML that Gradescope writes{line}: download the export again"
        ) from None
    return found


class _Around(msgspec.Struct):
    """A list or a mapping that is being read, and where in it we are."""

    is_list: bool
    seen: int = 0
    at: str | int = ""

    def comes_to(self, text: str) -> bool:
        """Come to the next node; whether that is a value. In a mapping every second one is, and each key is kept."""
        is_value = self.is_list or self.seen % 2 == 1
        if self.is_list:
            self.at = self.seen
        elif not is_value:
            self.at = text.removeprefix(":")
        self.seen += 1
        return is_value


def _scalars(data: bytes) -> Iterator[tuple[_Path, str]]:
    """Every text in a document, with the keys and numbers that lead to it; of an alias none. Raises ValueError for depth."""
    around: list[_Around] = []
    for event in yaml.parse(data, Loader=_LOADER):
        if isinstance(event, yaml.CollectionEndEvent):
            around.pop()
        elif isinstance(event, yaml.NodeEvent):
            text = event.value if isinstance(event, yaml.ScalarEvent) else ""
            is_value = around[-1].comes_to(text) if around else False
            if isinstance(event, yaml.CollectionStartEvent):
                around.append(_Around(isinstance(event, yaml.SequenceStartEvent)))
                if len(around) > MAX_DEPTH:
                    raise ValueError
            elif is_value:
                yield tuple(each.at for each in around), text


GRADESCOPE = Service("gradescope", "Gradescope's export", _recognises, _hand_ins)
