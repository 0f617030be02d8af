"""The nodes of a cluster that take part in a run: which there are, which may, which are lost, and which has room."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import GraderError, UsageError
from grader.grading.node_messages import End, Meet, Met, Refused, answer, frame
from grader.grading.scheduler import LostError, is_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from grader.grading.node_messages import Join, Reply, Request
    from grader.grading.scheduler import Asked, Scheduler

__all__ = ["Node", "Nodes"]

_log = logging.getLogger(__name__)
_MEETING = 30.0
"""Seconds in which nodes are met before the run begins, and in which others may come where none is left."""
_LOOKING = 1.0
"""Seconds between two looks at which nodes there are."""


class Node(msgspec.Struct, eq=False):
    """A node that takes part."""

    address: str
    host: str
    threads: int
    layers: tuple[str, ...]
    has: set[str] = set()
    """The names of the keys and contents that it was sent."""
    finished: int | None = None
    """How many tasks the last of its answers told of."""
    asked: Asked = None
    """What it has not answered yet."""

    @property
    def room(self) -> int:
        """How many tasks are with it at once: enough to be at work until the next come, and none that would wait for a slow one."""
        return self.threads if self.finished == 0 else 2 * max(self.threads, self.finished or 0)

    @property
    def name(self) -> str:
        """What a person finds it by."""
        return _name(self.host, self.address)


class Nodes:
    """Those that take part in one run. For several threads."""

    def __init__(
        self, scheduler: Scheduler, join: Join, serve: Callable[[Node], None], failed: Callable[[Exception], None]
    ) -> None:  # fmt: skip
        """Look for nothing yet. Each node is served in a thread of its own; a fault ends all."""
        self.join = join
        self._serve, self._failed = serve, failed
        self.fault: Exception | None = None
        """Why nothing can be graded any more."""
        self._scheduler = scheduler
        self._changed = threading.Condition()
        self._there: dict[str, Node] = {}
        self._meeting: set[str] = set()
        self._refused: dict[str, str] = {}
        """Why a node does not take part, by its address."""
        self._last_there = 0.0
        """When there was a node, or the run began."""
        self._ended = False
        self._closed = threading.Event()

    def start(self) -> tuple[str, ...]:
        """Meet those that there are. The layers that most of them have; those without are not used.

        Raises UsageError where none can be used, GraderError where the scheduler is gone.
        """
        with self._changed:
            if self.join.layers:
                return self.join.layers
            self._last_there = time.monotonic()
            threading.Thread(target=self._look, daemon=True).start()
            self._changed.wait_for(self._met_all, _MEETING)
            if self.fault:
                raise self.fault
            if not self._there:
                raise UsageError(self._nobody())
            counted = Counter(each.layers for each in self._there.values())
            layers = max(counted, key=lambda each: (counted[each], len(each), each))
            self.join = replace(self.join, layers=layers)
            for each in tuple(self._there.values()):
                self._admit(each)
        return layers

    def has(self, node: Node) -> bool:
        """Whether a node takes part, still."""
        return self.fault is None and self._there.get(node.address) is node

    def exchange(self, node: Node, message: Request) -> Reply:
        """What a node says. Raises LostError where it is lost before, or where the run ends."""
        try:
            node.asked = self._scheduler.ask(node.address, frame(message))
            if not self.has(node):  # which nobody has seen who gave it up
                self._scheduler.give_up([node.asked])
            return answer(self._scheduler.heard(node.asked))
        except GraderError as error:
            self._fail(error)
            raise LostError(str(error)) from error
        finally:
            node.asked = None

    def refuse(self, address: str, host: str, problem: str) -> None:
        """Use a node no more, and say why."""
        with self._changed:
            known = address in self._refused
            self._refused[address] = problem
            self._there.pop(address, None)
            self._changed.notify_all()
        if not known:
            _log.warning("%s is not used: %s", _name(host, address), problem)

    def end(self, fault: Exception) -> None:
        """Grade nothing more: what is waited for, here and on the nodes, fails now."""
        self._fail(fault)
        with self._changed:
            there, self._there = self._there, {}
        self._give_up(there.values())
        if there:
            self._scheduler.tell(there, frame(End(self.join.run)))

    def _fail(self, fault: Exception) -> None:
        with self._changed:
            if self.fault:
                return
            self.fault = fault
            self._changed.notify_all()
        self._failed(fault)

    def close(self) -> None:
        """Look for nodes no more."""
        self._closed.set()

    def _met_all(self) -> bool:
        return bool(self.fault or ((self._there or self._refused) and not self._meeting))

    def _nobody(self) -> str:
        """Why there is no node."""
        if self._refused:
            each = (f"{where}: {why}" for where, why in sorted(self._refused.items()))
            return f"no node of the cluster can be used: {'; '.join(each)}"
        url = self._scheduler.url
        if self._meeting:
            return f"the workers of {url} do not answer within {_MEETING:.0f} seconds: are they busy, or hanging? {', '.join(sorted(self._meeting))}"
        return f"the scheduler at {url} has no workers: start some with `dask worker {url}` (docs/cluster.md says how), and grade again"

    def _look(self) -> None:
        """In a thread of its own: which nodes come, and which are gone."""
        while not self._closed.is_set():
            try:
                there = self._scheduler.nodes()
            except GraderError as error:
                self.end(error)
                break
            self._lose(there)
            self._meet(there)
            self._closed.wait(_LOOKING)

    def _lose(self, there: Mapping[str, int]) -> None:
        """Give what nodes do that are gone to others; where none is left, and none comes, nothing more is graded."""
        with self._changed:
            gone = [self._there.pop(address) for address in self._there.keys() - there.keys()]
            if self._there or not self.join.layers:
                self._last_there = time.monotonic()
            over = time.monotonic() - self._last_there > _MEETING
        if over:
            self._fail(UsageError(f"{self._nobody()}; what was finished is written"))
        for node in gone:
            _log.warning("%s is gone; what it had not finished is graded again by others", node.name)
        self._give_up(gone)

    def _give_up(self, nodes: Iterable[Node]) -> None:
        """Let those who wait for these nodes know that it is in vain."""
        if asked := [each for each in (node.asked for node in nodes) if each is not None]:
            self._scheduler.give_up(asked)

    def _meet(self, there: Mapping[str, int]) -> None:
        """Ask those that are new whether they can take part, while others work."""
        with self._changed:
            new = there.keys() - self._there.keys() - self._refused.keys() - self._meeting
            self._meeting |= new
        for address in new:
            threading.Thread(target=self._met, args=(address, there[address]), daemon=True).start()

    def _met(self, address: str, threads: int) -> None:
        reply = self._introduced(address)
        with self._changed:
            if isinstance(reply, Met):
                node = self._there[address] = Node(address, reply.host, threads, reply.layers)
                if self.join.layers:
                    self._admit(node)
            else:
                self.refuse(address, reply.host, reply.problem)
            self._meeting.discard(address)
            self._changed.notify_all()

    def _introduced(self, address: str) -> Met | Refused:
        """What a node says to a run that it has not met."""
        if not is_private(address):
            return Refused(
                "", "what is said to it crosses the network in the clear; start its worker with certificates"
            )
        try:
            reply = answer(self._scheduler.heard(self._scheduler.ask(address, frame(Meet(self.join)))))
        except (LostError, GraderError) as error:
            return Refused("", f"it does not answer as a node ({error}); is the same grader installed there?")
        return (
            reply
            if isinstance(reply, Met | Refused)
            else Refused("", f"it answers otherwise than a node does: {reply}")
        )

    def _admit(self, node: Node) -> None:
        """Use a node, if it has the layers that the run began with."""
        if lacking := [layer for layer in self.join.layers if layer not in node.layers]:
            self.refuse(node.address, node.host, f"it isolates student code without {', '.join(lacking)}, which the run began with")  # fmt: skip
        else:
            threading.Thread(target=self._serve, args=(node,), daemon=True).start()


def _name(host: str, address: str) -> str:
    return f"{host} ({address})" if host else address
