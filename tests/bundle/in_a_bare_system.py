"""Run alone: starts the programs of the folder for Linux without a network where that may be had, and notes what came.

    python in_a_bare_system.py FOLDER PLACE

An empty home, no program on the path but the two that our scripts call, and nothing of this environment.
"""

import ctypes
import fcntl
import json
import re
import socket
import struct
import subprocess
import sys
import urllib.request
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SIOCSIFFLAGS, IFF_UP = 0x8914, 1
LIBRARIES = """
import pathlib, re
import highspy, numpy, pandas, sqlite3, ssl, uvicorn
lines = pathlib.Path("/proc/self/maps").read_text().splitlines()
print(*sorted({line.split(maxsplit=5)[5] for line in lines if ".so" in line}), sep="\\n")
"""


def main(folder: Path, place: Path) -> None:
    isolated = leave_network()
    home, path = place / "home", place / "path"
    for new in (home, path):
        new.mkdir(parents=True)
    for tool in ("dirname", "readlink"):
        (path / tool).symlink_to(f"/usr/bin/{tool}")
    xltool = Bare(folder / "xltool", home, path)
    told = {
        "without a network": isolated,
        "help": xltool.says("--help"),
        "new": xltool.says("new", "qinglong-2024", "-o", "空白 预算.xlsx"),
        "check": xltool.says("check", "空白 预算.xlsx"),
        "page": page(xltool),
        "libraries": Bare(folder / "program" / "bin" / "python3", home, path).says("-I", "-c", LIBRARIES)["said"],
        "home": sorted(file.name for file in home.iterdir()),
    }
    (place / "told.json").write_text(json.dumps(told), encoding="utf-8")


def leave_network() -> bool:
    """Whether we could go where there is no network but the machine itself."""
    libc = ctypes.CDLL(None)
    if libc.unshare(CLONE_NEWNET) and libc.unshare(CLONE_NEWUSER | CLONE_NEWNET):
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", IFF_UP))
    return True


class Bare:
    """A program that is started with nothing of ours."""

    def __init__(self, program: Path, home: Path, path: Path) -> None:
        self.program, self.home = program, home
        self.environment = {"HOME": str(home), "PATH": str(path), "XDG_RUNTIME_DIR": str(home), "LC_ALL": "C.UTF-8"}

    def says(self, *words: str) -> dict[str, object]:
        """What it says, and its exit code."""
        with self.started(*words) as running:
            said, _ = running.communicate(timeout=120)
        return {"code": running.returncode, "said": said}

    def started(self, *words: str) -> "subprocess.Popen[str]":
        """It, running in the empty home."""
        return subprocess.Popen(
            [self.program, *words],
            cwd=self.home,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )


def page(xltool: Bare) -> dict[str, object]:
    """What the page answers at the address that is told."""
    with xltool.started("serve", "--no-browser") as running:
        try:
            assert running.stdout is not None
            address = next(found[0] for line in running.stdout if (found := re.search(r"http://\S+/open\?\S+", line)))
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with opener.open(address, timeout=60) as answer:
                return {"address": address, "text": answer.read().decode("utf-8")}
        finally:
            running.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
