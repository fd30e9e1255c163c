"""Work on a cluster: the same comes back as without one, whatever happens to its workers and to what they start."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Security

from tests.api.processes.clusters import Running, running
from tests.api.processes.pool_tasks import work
from tests.budgets import QINGLONG
from tests.cli.commands import run
from tests.excel.kitchen_sink import parts
from tests.merge.unit_workbooks import DEPARTMENT, unit_facts, write_unit
from xltool.api.processes import cluster
from xltool.api.processes.cluster import Cluster
from xltool.api.processes.pool import Lost
from xltool.errors import ClusterRefused


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("cluster"), 2) as up:
        up.wait_for_workers()
        yield up


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_FEWEST", 3)
    monkeypatch.setattr(cluster, "_MOST", 3)


def results(up: Running, *orders: str, seconds: float = 60) -> list[str | Lost]:
    return list(cluster.run(work, orders, Cluster(up.address), seconds))


def test_a_file_that_ends_its_process_costs_nothing_else(two_workers: Running) -> None:
    assert results(two_workers, "0 a", "kill b", "0 c", "0 d", "swallow e", "0 f", "print g") == [
        *("a", Lost.CRASHED, "c"),
        *("d", Lost.OUT_OF_MEMORY, "f", "g"),
    ]


def test_a_file_that_hangs_is_given_up(two_workers: Running) -> None:
    assert results(two_workers, "0 a", "hang b", "0 c", seconds=1) == ["a", Lost.TIMED_OUT, "c"]


def test_no_file_is_worked_on_in_a_worker(two_workers: Running) -> None:
    assert not {*results(two_workers, "process", "process", "process", "process")} & {
        str(worker.pid) for worker in two_workers.workers
    }


def test_a_worker_that_is_killed_costs_nothing(two_workers: Running) -> None:
    orders = [f"0.1 {number}" for number in range(30)]
    coming = cluster.run(work, orders, Cluster(two_workers.address))
    first = next(coming)
    two_workers.workers.pop().send_signal(signal.SIGKILL)
    assert [first, *coming] == [str(number) for number in range(30)]


def test_merging_on_a_cluster_gives_the_same(two_workers: Running, tmp_path: Path) -> None:
    names = ("青山局本级", "甲中心", "乙站")
    files = [str(write_unit(tmp_path, QINGLONG, name, unit_facts(QINGLONG, name, 1))) for name in names]
    (none := tmp_path / "不是.xlsx").write_text("not a workbook")
    files += [str(none), str(tmp_path / "没有.xlsx")]
    targets = tmp_path / "本机.xlsx", tmp_path / "集群.xlsx"
    there = ["--scheduler", two_workers.address]
    done = [
        run(["merge", *files, "--name", DEPARTMENT, "--allow-errors", "-o", str(target), *options])
        for target, options in zip(targets, ([], there), strict=True)
    ]
    assert [result.exit_code for result in done] == [1, 1], done[1].stderr
    assert "没有.xlsx" in done[1].stdout
    assert done[1].stdout == done[0].stdout.replace("本机.xlsx", "集群.xlsx")
    assert parts(targets[0]) == parts(targets[1])


def test_certificates_without_a_cluster(tmp_path: Path) -> None:
    result = run(["merge", "甲.xlsx", "-o", str(tmp_path / "汇总.xlsx"), "--scheduler-ca", "ca.pem"])
    assert (result.exit_code, result.stderr.splitlines()[-1]) == (
        2,
        "--scheduler-ca、--scheduler-cert、--scheduler-key 要和 --scheduler 一起写。",
    )


def test_a_cluster_of_another_version_is_refused(two_workers: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "__version__", "0.0.1")
    said = r"本机的 xltool 是 0\.0\.1，集群的工作进程 tcp://.* 是 .*：请在各台机器上装同一个版本。"
    with pytest.raises(ClusterRefused, match=said):
        results(two_workers, "0 a")


@pytest.mark.parametrize(
    "address",
    ["tcp://10.0.0.1:8786", "tcp://localhost:8786", "127.0.0.1:8786", "inproc://x", "tcp://127.0.0.1.evil.net:1"],
)
def test_an_open_connection_is_refused(address: str) -> None:
    with pytest.raises(ClusterRefused, match=f"集群的地址“{address}”不能用：请写 tls://"):
        next(cluster.run(work, ["0 a"], Cluster(address)))


def test_a_scheduler_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_CONNECT", 0.5)
    with pytest.raises(ClusterRefused, match="连不上集群的调度器“tcp://127.0.0.1:9”：请确认地址、端口和证书。"):
        next(cluster.run(work, ["0 a"], Cluster("tcp://127.0.0.1:9")))


def test_a_cluster_without_workers(tmp_path: Path) -> None:
    with running(tmp_path, 0) as up, pytest.raises(ClusterRefused, match="里没有工作进程：请先用 dask worker 启动。"):
        results(up, "0 a")


def certificates(folder: Path) -> tuple[Path, Path, Path]:
    """Those of the authority, of ours and its key."""
    made = Security.temporary()
    folder.mkdir()
    files = folder / "ca.pem", folder / "cert.pem", folder / "key.pem"
    for file, content in zip(files, (made.tls_ca_file, made.tls_client_cert, made.tls_client_key), strict=True):
        file.write_text(content)
    return files


def test_with_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, strange = certificates(tmp_path / "own"), certificates(tmp_path / "strange")
    with running(tmp_path, 1, own) as up:
        assert up.address.startswith("tls://")
        up.wait_for_workers(own)
        assert list(cluster.run(work, ["0 a", "exit b"], Cluster(up.address, *own))) == ["a", Lost.CRASHED]
        monkeypatch.setattr(cluster, "_CONNECT", 1)
        with pytest.raises(ClusterRefused, match="连不上集群的调度器"):
            list(cluster.run(work, ["0 a"], Cluster(up.address, *strange)))


def test_certificates_that_are_not_there(tmp_path: Path) -> None:
    place = Cluster("tls://127.0.0.1:8786")
    with pytest.raises(ClusterRefused, match="要有证书：请用 --scheduler-ca"):
        next(cluster.run(work, ["0 a"], place))
    with pytest.raises(ClusterRefused, match=f"读不了证书文件“{tmp_path / '没有.pem'}”"):
        next(cluster.run(work, ["0 a"], place._replace(ca=tmp_path / "没有.pem")))
