"""The package as people install it: built, installed into a new environment, run from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from addin.build import add_in
from tests import ROOT


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment into which our wheel, and nothing else of this checkout, is installed.

    The wheel is built from the source archive. The dependencies are those of the environment that runs the tests.
    """
    dist, home = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("environment")
    run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(dist), str(ROOT)])
    (wheel,) = dist.glob("*.whl")
    venv.create(home, with_pip=False)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    python = programs / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    run([*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)])
    site = run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip()
    Path(site, "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return programs


def run(command: list[str], cwd: Path | None = None) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_demo_runs_from_an_empty_folder(scripts: Path, tmp_path: Path) -> None:
    output = run([str(scripts / "xltool"), "demo"], tmp_path)
    assert "三公经费支出表" in output
    assert len(list((tmp_path / "demo").glob("*.xlsx"))) == 3


def test_it_is_the_installed_package_that_runs(scripts: Path, tmp_path: Path) -> None:
    code = "import xltool; print(xltool.__file__)"
    assert str(scripts.parent) in run([str(scripts / "python"), "-c", code], tmp_path)


def test_it_runs_as_a_module(scripts: Path, tmp_path: Path) -> None:
    assert "qinglong-2024" in run([str(scripts / "python"), "-m", "xltool", "templates"], tmp_path)


def test_pages_have_their_templates_and_styles(scripts: Path, tmp_path: Path) -> None:
    xltool = str(scripts / "xltool")
    run([xltool, "new", "qinglong-2024", "-o", "预算.xlsx"], tmp_path)
    run([xltool, "check", "预算.xlsx", "--dry-run", "--html", "报告.html"], tmp_path)
    assert "<style>:root{--error:" in (tmp_path / "报告.html").read_text("utf-8")


def test_the_ribbon_is_in_it_and_starts_its_program(scripts: Path, tmp_path: Path) -> None:
    excel = tmp_path / "XLSTART"
    run([str(scripts / "xltool"), "addin", "install", "--to", str(excel)])
    assert (excel / "xltool.xlam").read_bytes() == add_in()
    assert str(scripts / "xltool-addin") in run([str(scripts / "xltool"), "addin", "status", "--to", str(excel)])


def test_the_manual_and_its_pictures_are_in_it(scripts: Path) -> None:
    site = run([str(scripts / "python"), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]).strip()
    docs = Path(site, "xltool", "docs")
    there = {path.relative_to(docs).as_posix() for path in docs.rglob("*") if path.is_file()}
    pictures = {f"pictures/{path.name}" for path in (ROOT / "docs" / "pictures").iterdir()}
    assert there == {"使用手册.md", "信息部门.md", *pictures}
