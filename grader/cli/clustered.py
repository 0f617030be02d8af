"""Who grades for a command: this machine, or the nodes of a cluster where --scheduler names one."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.common import jobs_for
from grader.errors import UsageError
from grader.grading.cluster import Cluster
from grader.grading.processes import executor
from grader.grading.scheduler import Address

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course
    from grader.grading.executor import Executor
    from grader.grading.keys import Keys
    from grader.sandbox.layers import Required
    from grader.sandbox.workers import Zygote

__all__ = ["cluster_options", "executor_for"]

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_OPTIONS = (
    click.option("--scheduler", metavar="URL", help="Grade on the nodes of Dask's scheduler at tls://HOST:PORT."),
    click.option("--tls-ca", type=_FILE, help="The authority that has signed the cluster's certificates."),
    click.option("--tls-cert", type=_FILE, help="The certificate to show there."),
    click.option("--tls-key", type=_FILE, help="Its key, where that is not in the same file."),
)


def cluster_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that name a cluster; the command gets them as `cluster`, an Address or None."""

    @functools.wraps(command)
    def with_cluster(
        *arguments: object, scheduler: str | None, tls_ca: Path | None, tls_cert: Path | None, tls_key: Path | None,
        **options: object,
    ) -> Any:  # fmt: skip
        if scheduler is None and (tls_ca or tls_cert or tls_key):
            raise UsageError("--tls-ca, --tls-cert and --tls-key are for a cluster: give --scheduler URL too")
        cluster = None if scheduler is None else Address(scheduler, tls_ca, tls_cert, tls_key)
        return command(*arguments, cluster=cluster, **options)

    for option in reversed(_OPTIONS):
        with_cluster = option(with_cluster)
    return with_cluster


def executor_for(  # noqa: PLR0913
    course: Course, keys: Keys, jobs: int | None, answers: int, required: Required, cluster: Address | None,
    begun: Zygote | None = None,
) -> Executor:  # fmt: skip
    """Who grades so many answers of a course, in `jobs` processes where that is said. Raises UsageError.

    A worker that has `begun` is the first one here; whoever began it ends it.
    """
    if cluster is None:
        return executor(course, keys, jobs_for(jobs, answers), required, begun=begun)
    if jobs is not None:
        raise UsageError("--jobs is for this machine: each node of a cluster grades as many at once as its worker has threads (`dask worker --nthreads`)")  # fmt: skip
    return Cluster(course, keys, cluster, required)
