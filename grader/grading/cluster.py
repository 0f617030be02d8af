"""Grading on many machines: the nodes of a cluster that Dask has put together, each with grading processes of its own.

Which node does what is decided here. A node is sent once what it does not have yet; the tasks of a node that is lost go to another.
"""

from __future__ import annotations

import logging
import os
import secrets
import traceback
from typing import TYPE_CHECKING

from grader.grading import messages
from grader.grading.checkout import checkout_of
from grader.grading.errands import Errand, Errands
from grader.grading.executor import Executor
from grader.grading.node_messages import Exchange, Found, Join, Lacking, Refused, answer
from grader.grading.nodes import Nodes
from grader.grading.scheduler import LostError, Scheduler
from grader.grading.tasks import pieces, unjudged
from grader.sandbox.sandbox import WorkerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course, Repair
    from grader.grading.keys import Keys
    from grader.grading.nodes import Node
    from grader.grading.scheduler import Address
    from grader.grading.tasks import Finding, Task
    from grader.sandbox.layers import Required

__all__ = ["Cluster"]

_log = logging.getLogger(__name__)
_IDLE = 1.0
"""Seconds after which a thread that has nothing to send sees whether its node is still there."""


class Cluster(Executor):
    """Grades on the nodes of a cluster, which begin with what they are sent."""

    jobs = 512
    in_flight = 512 * 2**20

    def __init__(
        self, course: Course, keys: Keys, address: Address, required: Required, bounds: Repair | None = None
    ) -> None:
        """Reach the scheduler. Raises UsageError, saying what to do."""
        self._keys = keys
        root = os.fsencode(course.root.resolve())
        join = Join(secrets.token_hex(16), root, checkout_of(course), required, bounds or course.repair)
        self._scheduler = Scheduler(address)
        self._errands = Errands()
        self._nodes = Nodes(self._scheduler, join, self._serve, self._errands.fail)

    def start(self) -> tuple[str, ...]:
        """The layers that the nodes have which take part."""
        return self._nodes.start()

    def grade(self, task: Task) -> tuple[Finding, ...]:
        """What comes of each of a task's answers: of a node that has room, or of another where that is lost before."""
        return tuple(found for each in pieces(task) for found in self._errands.run(each))

    def _serve(self, node: Node) -> None:
        """In a thread for each node: send it tasks as it has room, and hear what came of those that it has."""
        there: dict[int, Errand] = {}
        while self._nodes.has(node):
            new = self._errands.take(node.room - len(there), 0.0 if there else _IDLE)
            there |= {each.number: each for each in new}
            if not self._nodes.has(node):
                break
            tasks = tuple(sent for each in new if (sent := self._sent(node, each)))
            there = {number: each for number, each in there.items() if not each.found.done()}
            if not there:
                continue
            try:
                reply = self._nodes.exchange(node, Exchange(self._nodes.join, node.threads, tasks))
            except LostError as error:
                _log.info("%s did not answer (%s); what it was asked is graded again", node.name, error)
                node.has.clear()
                self._errands.again(there.values(), lost=True)
                there = {}
                continue
            if isinstance(reply, Found):
                self._heard(node, there, reply)
            else:
                problem = reply.problem if isinstance(reply, Refused | messages.Failed) else f"it answers {reply}"
                self._nodes.refuse(node.address, node.host, problem)
        self._errands.again(there.values(), lost=False)

    def _heard(self, node: Node, there: dict[int, Errand], reply: Found) -> None:
        """Give what came of tasks to who waits for it."""
        node.finished = len(reply.each)
        self._errands.again([there.pop(number) for number in reply.back if number in there], lost=False)
        for number, data in reply.each:
            errand = there.pop(number, None)
            match answer(data) if errand else None, errand:
                case messages.Graded(found), Errand() as errand:
                    self._errands.finish(errand, found)
                case Lacking(names), Errand() as errand:
                    node.has.difference_update(names)
                    self._errands.again([errand], lost=False)
                case messages.Failed(problem), Errand() as errand:
                    self._errands.finish(errand, unjudged(errand.task, problem))
        if there and not reply.at_work:  # it has begun anew since, and knows nothing of them
            node.has.clear()
            self._errands.again(there.values(), lost=True)
            there.clear()

    def _sent(self, node: Node, errand: Errand) -> tuple[int, bytes] | None:
        """A task as it is sent, with what the node has not of it; none where it cannot be, which is told."""
        try:
            work = messages.work_of(errand.task, tuple(self._new_keys(node, errand.task)), node.has)
            data = messages.frame(work)
        except Exception:  # noqa: BLE001  a fault of ours, which costs this one alone
            self._errands.finish(errand, unjudged(errand.task, traceback.format_exc()))
            return None
        node.has |= {*work.contents, *(each.name for each in work.keys if each.kept)}
        return errand.number, data

    def _new_keys(self, node: Node, task: Task) -> Iterator[messages.Key]:
        """The keys of a task that a node has not; what many students share, it keeps. Their judges it has itself."""
        for name, given in {each.digest: each for each in task.given}.items():
            if name not in node.has:
                yield messages.Key(name, self._keys.packed(given.key, judges=False), self._keys.shared)

    def abort(self) -> None:
        """Make what is running in other threads, and on the nodes, fail now, and what would still begin."""
        self._nodes.end(WorkerError("the run was aborted"))

    def close(self) -> None:
        """Let the nodes go, which end what they have started."""
        self._nodes.close()
        self.abort()
        self._scheduler.close()
