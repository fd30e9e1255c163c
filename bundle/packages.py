"""The packages of a bundle: xltool and what it needs, resolved for the machine that will run them, not for this one."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from uv import find_uv_bin

from bundle.refused import BundleRefused

ROOT = Path(__file__).parents[1]
EXTRA = "page"
"""The optional part of xltool that a bundle has; `tables` and `cluster` are for people who have a Python."""

CACHE = ROOT / "build" / "downloads"
"""What was downloaded, for the next time; not in git."""
_LEFT_OUT = Path(__file__).with_name("left_out.toml")


class Target(NamedTuple):
    """The machine that will run the bundle: uv's name of its system ("" for this one's) and the version of Python."""

    platform: str
    python: str

    @property
    def options(self) -> list[str]:
        """What uv is told of it."""
        system = ["--python-platform", self.platform] if self.platform else []
        return [*system, "--python-version", self.python]


def install(target: Target, folder: Path) -> None:
    """Put xltool and the pinned versions of what it needs there into `folder`; raises BundleRefused.

    Only wheels are taken, each with the hash that the index tells for it, and nothing of them is run.
    """
    with TemporaryDirectory() as work:
        pins = Path(work, "pins.txt")
        pins.write_text(_pins(target), encoding="utf-8")
        needed = [
            "--no-deps",
            "--only-binary",
            ":all:",
            "--link-mode",
            "copy",
            *target.options,
            "--target",
            str(folder),
        ]
        _uv("pip", "install", *needed, "--require-hashes", "--requirement", str(pins))
        _uv("pip", "install", *needed, "--no-cache", str(_own_wheel(Path(work))))
    leave_out("packages", folder)


def leave_out(what: str, folder: Path) -> None:
    """Remove from `folder` what left_out.toml lists under `what`."""
    groups = tomllib.loads(_LEFT_OUT.read_text(encoding="utf-8"))[what]
    for path in [path for group in groups for pattern in group["paths"] for path in folder.glob(pattern)]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _pins(target: Target) -> str:
    """Every package that the target needs, as requirements with hashes: those of constraints.txt, and no others."""
    constraints = ROOT / "constraints.txt"
    found = _uv(
        *("pip", "compile", str(ROOT / "pyproject.toml"), "--extra", EXTRA, "--constraints", str(constraints)),
        *("--only-binary", ":all:", "--generate-hashes", "--no-annotate", "--no-header", *target.options),
    )
    pinned = {line.split(";")[0].strip() for line in constraints.read_text(encoding="utf-8").splitlines()}
    floating = {line.removesuffix(" \\") for line in found.splitlines() if "==" in line} - pinned
    if floating:
        raise BundleRefused(
            f"constraints.txt 没有定下 {'、'.join(sorted(floating))} 的版本：请先运行 make constraints。"
        )
    return found


def _own_wheel(folder: Path) -> Path:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    _run(command, "xltool 自己的软件包没有做成")
    (wheel,) = folder.glob("*.whl")
    return wheel


def _uv(*arguments: str) -> str:
    return _run([find_uv_bin(), "--quiet", "--cache-dir", str(CACHE), *arguments], "软件包没有取到（要能连上 PyPI）")


def _run(command: list[str], trouble: str) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise BundleRefused(f"{trouble}：{done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
