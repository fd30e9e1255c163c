"""`python -m bundle windows` and `python -m bundle linux`: folders that run without Python, see docs/部署.md."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bundle import archive, linux, windows
from bundle.packages import ROOT
from bundle.refused import BundleRefused


def main() -> int:
    """Make one bundle; returns the exit code, and says which file was written, or in a sentence why none was."""
    parser = argparse.ArgumentParser(prog="python -m bundle", description=__doc__)
    systems = parser.add_subparsers(dest="system", required=True)
    for_windows, for_linux = systems.add_parser("windows"), systems.add_parser("linux")
    for_windows.add_argument("--python-zip", type=Path, default=windows.PYTHON_ZIP, metavar="ZIP", help="官方的 Python")
    for_windows.add_argument("--sha256", metavar="HASH", help="它的 SHA-256，如果不是 bundle/pythons.toml 里的")
    for one in (for_windows, for_linux):
        one.add_argument("-o", dest="folder", type=Path, default=ROOT / "dist", metavar="文件夹", help="写到哪里")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    try:
        if options.system == "windows":
            made = windows.make(options.python_zip, options.sha256, options.folder)
        else:
            made = linux.make(options.folder)
    except BundleRefused as refused:
        print(refused, file=sys.stderr)
        return 2
    print(f"{archive.sha256(made)}  {made}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
