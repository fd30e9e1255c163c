"""Work on many things on a Dask cluster: in batches, each in a process of its own that a worker starts.

No thing is worked on in a worker itself: one that crashes, hangs or eats memory costs its own result, nothing else.
"""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from xltool import __version__
from xltool.api.processes.child import Batch
from xltool.api.processes.pool import SECONDS, Lost, processors, usual_limits
from xltool.errors import ClusterRefused

if TYPE_CHECKING:
    from distributed import Client, Future, Security

Item = TypeVar("Item")
Result = TypeVar("Result")

_FEWEST, _MOST = 32, 64
"""Files of a batch: handing one out takes some milliseconds and starting a child as long as ten files, but what a
worker that is switched off was working on is done again."""

_AHEAD = 4
"""So many batches a thread of the workers are handed out before the first of them is there: memory is bounded."""

_TLS = "tls"
_CONNECT = 20.0
_PATIENCE = 10.0
"""After so many seconds without a result it is looked whether there are workers at all."""


class Cluster(NamedTuple):
    """Where the scheduler is, and with which certificates we come: none for those of Dask's own configuration."""

    address: str
    ca: Path | None = None
    cert: Path | None = None
    key: Path | None = None


def run(
    task: Callable[[Item], Result], items: Sequence[Item], cluster: Cluster, seconds: float = SECONDS
) -> Generator[Result | Lost]:
    """`task` of every item, in the order of the items, each as soon as it and those before it are there.

    `task` is a function of a module that the workers have too. Paths in the items are opened by the workers. An item
    is given up after so many seconds, or if it takes more memory than the share of a processor of its worker. Raises
    ClusterRefused if the scheduler cannot be reached, is not to be trusted, or its workers have another xltool.
    """
    with _connected(cluster) as client:
        threads = sum(_workers(client, cluster).values())
        size = max(_FEWEST, min(_MOST, len(items) // (_AHEAD * threads)))
        batches = [items[start : start + size] for start in range(0, len(items), size)]
        ready: dict[int, list[Result | Lost]] = {}
        waiting: dict[Future, int] = {}
        told = handed_out = 0
        while told < len(batches):
            while handed_out < min(len(batches), told + _AHEAD * threads):
                job = pickle.dumps((task, batches[handed_out], str(Path.cwd())))
                waiting[client.submit(work, job, seconds, pure=False)] = handed_out
                handed_out += 1
            future = _next(waiting, client, cluster)
            number = waiting.pop(future)
            ready[number] = _results(future, len(batches[number]), cluster)
            while told in ready:
                yield from ready.pop(told)
                told += 1


def work(job: bytes, seconds: float) -> list[bytes]:
    """In a worker: the pickled result of every item of a pickled (task, items, folder).

    What a child that dies has not done is done again, each item in a child of its own.
    """
    task, items, folder = pickle.loads(job)
    batch = Batch(task, items, folder, seconds, usual_limits(processors()).size)
    results = _in_child(batch)
    for item in items[len(results) :]:
        start = time.monotonic()
        alone = _in_child(batch._replace(items=[item]))
        lost = Lost.TIMED_OUT if time.monotonic() - start >= seconds else Lost.CRASHED
        results.append(alone[0] if alone else pickle.dumps(lost))
    return results


def _in_child(batch: Batch) -> list[bytes]:
    """The results that a child wrote before it ended."""
    child = [sys.executable, "-m", "xltool.api.processes.child"]
    ended = subprocess.run(
        child, input=pickle.dumps(batch), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    written, results = BytesIO(ended.stdout), []
    with contextlib.suppress(EOFError, pickle.UnpicklingError):  # the last may be cut off
        while True:
            results.append(pickle.load(written))
    return results


def _next(waiting: dict[Future, int], client: Client, cluster: Cluster) -> Future:
    """The batch that ends next. Raises ClusterRefused if there is nobody who could end one."""
    from distributed import as_completed

    while True:
        try:
            return next(as_completed([*waiting], loop=client.loop, timeout=_PATIENCE))
        except TimeoutError:
            _workers(client, cluster)


def _results(future: Future, count: int, cluster: Cluster) -> list[Any]:
    from distributed import KilledWorker

    try:
        return [pickle.loads(result) for result in future.result()]
    except KilledWorker:  # several workers ended while they had it
        return [Lost.CRASHED] * count
    except (CancelledError, OSError) as error:
        raise ClusterRefused(f"与集群“{cluster.address}”的连接断了：请确认调度器还在运行，再试一次。") from error


@contextlib.contextmanager
def _connected(cluster: Cluster) -> Iterator[Client]:
    _refuse_unsafe(cluster.address)
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterRefused('没有装集群要用的部件：请运行 pip install "xltool[cluster]"。') from error
    security = _certificates(cluster) if cluster.address.startswith(_TLS) else None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what there is to say, we say
    try:
        client = Client(cluster.address, security=security, timeout=_CONNECT, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterRefused(f"连不上集群的调度器“{cluster.address}”：请确认地址、端口和证书。") from error
    with client:
        _refuse_other_versions(client)
        yield client


def _workers(client: Client, cluster: Cluster) -> dict[str, int]:
    """How many threads each worker has."""
    try:
        threads: dict[str, int] = client.nthreads()
    except (OSError, TimeoutError) as error:
        raise ClusterRefused(f"与集群“{cluster.address}”的连接断了：请确认调度器还在运行，再试一次。") from error
    if not threads:
        raise ClusterRefused(f"集群“{cluster.address}”里没有工作进程：请先用 dask worker 启动。")
    return threads


def _refuse_other_versions(client: Client) -> None:
    """Raise ClusterRefused for workers that would do something else than we would, or do not have xltool."""
    versions = client.run(_version, on_error="return")
    others = [f"{address} 是 {version}" for address, version in versions.items() if version != __version__]
    if others:
        raise ClusterRefused(
            f"本机的 xltool 是 {__version__}，集群的工作进程 {'、'.join(others[:3])}：请在各台机器上装同一个版本。"
        )


def _version() -> str:
    return __version__


def _refuse_unsafe(address: str) -> None:
    """Raise ClusterRefused for a connection that anybody on the network could take over."""
    place = urlsplit(address)
    if place.scheme != _TLS and not (place.scheme == "tcp" and _is_loopback(place.hostname or "")):
        raise ClusterRefused(
            f"集群的地址“{address}”不能用：请写 tls://主机:端口；"
            "tcp 不加密，也不问是谁，只能用于本机，写 tcp://127.0.0.1:端口。"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _certificates(cluster: Cluster) -> Security:
    from distributed import Security

    own = {"tls_ca_file": cluster.ca, "tls_client_cert": cluster.cert, "tls_client_key": cluster.key}
    given = {name: str(file) for name, file in own.items() if file is not None}
    for file in given.values():
        if not os.access(file, os.R_OK):
            raise ClusterRefused(f"读不了证书文件“{file}”：请检查 --scheduler-ca、--scheduler-cert、--scheduler-key。")
    security = Security(require_encryption=True, **given)
    if not (security.tls_ca_file and security.tls_client_cert):
        raise ClusterRefused(
            f"连接“{cluster.address}”要有证书：请用 --scheduler-ca、--scheduler-cert、--scheduler-key 指明，"
            "或写进 Dask 的配置。"
        )
    return security
