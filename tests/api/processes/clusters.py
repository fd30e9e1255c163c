"""Dask clusters for tests: a scheduler and its workers, each a process of its own on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from distributed import Client, Security

from tests import ROOT

_PATIENCE = 60


class Running(NamedTuple):
    """A cluster that is up."""

    address: str
    workers: list[subprocess.Popen[bytes]]

    def wait_for_workers(self, certificates: Sequence[Path] = ()) -> None:
        """Wait until all workers are there."""
        names = ("tls_ca_file", "tls_client_cert", "tls_client_key")
        security = (
            Security(**{n: str(file) for n, file in zip(names, certificates, strict=True)}) if certificates else None
        )
        with Client(self.address, security=security, set_as_default=False) as client:
            client.wait_for_workers(len(self.workers), timeout=_PATIENCE)


@contextlib.contextmanager
def running(folder: Path, workers: int, certificates: Sequence[Path] = ()) -> Iterator[Running]:
    """A scheduler and so many workers with one thread each, which end at the end.

    With certificates (of the authority, of all processes, and its key) they speak tls.
    """
    state = folder / "scheduler.json"
    names = ("--tls-ca-file", "--tls-cert", "--tls-key")
    options = [word for pair in zip(names, map(str, certificates), strict=False) for word in pair]
    shared = ("--scheduler-file", str(state), "--protocol", "tls" if options else "tcp", "--no-dashboard", *options)
    with contextlib.ExitStack() as processes:

        def started(role: str, *own: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, "-m", "distributed.cli.dask_" + role, *shared, *own]
            process = subprocess.Popen(
                command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            processes.callback(process.wait)
            processes.callback(process.kill)
            return process

        started("scheduler", "--host", "127.0.0.1", "--port", "0")
        crew = [
            started("worker", "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)) for _ in range(workers)
        ]
        yield Running(_address(state), crew)


def _address(state: Path) -> str:
    """Where the scheduler listens, as soon as it has written that down."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):
            return str(json.loads(state.read_text(encoding="utf-8"))["address"])
        time.sleep(0.05)
    raise AssertionError("no scheduler")


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false"}
