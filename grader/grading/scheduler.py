"""Dask's scheduler, and the one module that uses Dask: frames go to a node, and others come back.

Dask pickles the name of one function of ours beside each frame, and unpickles what others who hold a certificate send: see
docs/security.md.
"""

from __future__ import annotations

import ipaddress
import logging
import ssl
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from grader.errors import GraderError, UsageError
from grader.grading import node

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Asked = Any
"""An answer that is to come: Dask's, which has no types of use here."""

__all__ = ["Address", "Asked", "LostError", "Scheduler", "is_private", "problem_with"]

_CONNECTING = 10.0
"""Seconds in which a scheduler is reached."""
_DISCONNECTED = "scheduler-connection-lost"
"""Dask's reason for an answer that will not come, where it is not a node's."""
_ENDING = 5.0
"""Seconds in which nodes hear that the run has ended; one that does not hear it finds out by itself."""


class LostError(Exception):
    """A node is gone, or Dask says that it is, before it answered."""


class Address(msgspec.Struct, frozen=True):
    """Where a scheduler is, and the files of certificates; those that are not named are Dask's own configuration's."""

    url: str
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


def is_private(url: str) -> bool:
    """Whether nobody else hears what is said to an address: it is encrypted, or stays on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "tls":
        return True
    with suppress(ValueError):
        return parts.scheme == "tcp" and ipaddress.ip_address(parts.hostname or "").is_loopback
    return parts.scheme == "tcp" and parts.hostname == "localhost"


def problem_with(url: str) -> str:
    """What is wrong with the address of a scheduler; empty where nothing is."""
    parts = urlsplit(url)
    try:
        whole = bool(parts.hostname and parts.port)
    except ValueError:
        whole = False
    if not whole or parts.scheme not in {"tls", "tcp"}:
        return f"--scheduler {url}: write tls://HOST:PORT, as `dask scheduler` shows it"
    if not is_private(url):
        return f"--scheduler {url}: keys and answers would cross the network in the clear; only on this machine (127.0.0.1) is that done: use tls://, with certificates (docs/cluster.md)"
    return ""


class Scheduler:
    """A scheduler that has been reached. For several threads."""

    def __init__(self, address: Address) -> None:
        """Connect. Raises UsageError, saying what to do."""
        self.url = address.url
        if problem := problem_with(address.url):
            raise UsageError(problem)
        self._client = _connected(address)

    def nodes(self) -> dict[str, int]:
        """How many threads each node's worker has, by its address. Raises GraderError where the scheduler is gone."""
        try:
            return dict(self._client.nthreads())
        except Exception as error:
            raise self.gone from error

    @property
    def gone(self) -> GraderError:
        """That the scheduler is not there any more."""
        return GraderError(
            f"the scheduler at {self.url} cannot be reached any more; what was finished is written: start it, and grade again"
        )

    def ask(self, node_address: str, frame: bytes) -> Asked:
        """Send a frame to a node; `heard` waits for what it says. What is sent first is begun first. Raises GraderError."""
        try:
            return self._client.submit(
                node.answer, frame, workers=[node_address], allow_other_workers=False, pure=False
            )
        except Exception as error:
            raise self.gone from error

    def heard(self, asked: Asked) -> bytes:
        """What a node says. Raises LostError, or GraderError where the scheduler is gone."""
        try:
            return bytes(asked.result())
        except Exception as error:
            if getattr(error, "reason", "") == _DISCONNECTED:
                raise self.gone from error
            raise LostError(f"{type(error).__name__}: {error}") from error

    def give_up(self, asked: Iterable[Asked]) -> None:
        """Wait for these answers no more: whoever does meets a LostError."""
        with suppress(Exception):  # a scheduler that is gone has forgotten them
            self._client.cancel(list(asked), force=True)

    def tell(self, node_addresses: Iterable[str], frame: bytes) -> None:
        """Say something to nodes at once, whatever they are doing; who does not hear it soon is not waited for."""
        chosen = list(node_addresses)

        def told() -> None:
            with suppress(Exception):
                self._client.run(node.answer, frame, workers=chosen, on_error="ignore")

        telling = threading.Thread(target=told, daemon=True)
        telling.start()
        telling.join(_ENDING)

    def close(self) -> None:
        """Leave."""
        with suppress(Exception):
            self._client.close(_ENDING)


def _connected(address: Address) -> Any:
    """Dask's client. Raises UsageError."""
    try:
        import dask  # noqa: PLC0415  an extra; and half a second that no other command waits for
        from distributed import Client  # noqa: PLC0415
        from distributed.security import Security  # noqa: PLC0415
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask, which is not installed: pip install distributed (or the extra cluster), here and on each node"
        ) from None
    for name in ("distributed", "distributed.client", "distributed.comm"):  # what matters is said here
        logging.getLogger(name).setLevel(logging.CRITICAL)
    files = {"tls_ca_file": address.ca, "tls_client_cert": address.cert, "tls_client_key": address.key}
    given = {name: str(path.resolve()) for name, path in files.items() if path}
    encrypted = urlsplit(address.url).scheme == "tls"
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "2 GiB"})  # an answer may be large
    security = Security(require_encryption=encrypted, **given)
    if encrypted:
        _require(security)
    try:
        return Client(
            address.url, security=security, timeout=_CONNECTING, set_as_default=False, direct_to_workers=False,
            name="grader",
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the scheduler at {address.url} cannot be reached ({error}): is it running, is that its address, and are the "
            "certificates signed by the same authority? docs/cluster.md says how it is started"
        ) from None


def _require(security: Any) -> None:
    """Raises UsageError where there is no certificate to show, or none that can be used."""
    named = {"--tls-ca": security.tls_ca_file, "--tls-cert": security.tls_client_cert}
    if missing := [option for option, value in named.items() if not value]:
        raise UsageError(f"tls:// needs certificates: give {' and '.join(missing)} (and --tls-key), or name them in Dask's own configuration, distributed.comm.tls")  # fmt: skip
    try:
        security.get_connection_args("client")
    except (OSError, ssl.SSLError) as error:
        where = ", ".join(map(str, filter(None, [*named.values(), security.tls_client_key])))
        raise UsageError(f"the certificates cannot be used ({error}): {where}") from None
