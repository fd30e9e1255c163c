"""Nothing of a bundle is missing: told when it is made, not when somebody starts it on another system."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundle.completeness import verify
from bundle.packages import Target
from bundle.refused import BundleRefused

WINDOWS, LINUX = Target("x86_64-pc-windows-msvc", "3.13"), Target("", "3.13")


def package(folder: Path, name: str, version: str = "1.0", *requires: str) -> None:
    """Put a package with its metadata into `folder`."""
    described = folder / f"{name}-{version}.dist-info"
    described.mkdir(parents=True)
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}"]
    (described / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {one}" for one in requires), ""]))
    (folder / name).mkdir()


def test_what_is_needed_on_windows_only_must_be_there_for_windows(tmp_path: Path) -> None:
    package(tmp_path, "xltool", "1.0", "xlwings; sys_platform == 'win32'")
    package(tmp_path, "xlwings", "1.0", 'pywin32>=224; platform_system == "Windows"')
    with pytest.raises(BundleRefused, match="pywin32.*xlwings 要用"):
        verify(WINDOWS, tmp_path)
    verify(LINUX, tmp_path)
    package(tmp_path, "pywin32", "312")
    verify(WINDOWS, tmp_path)


def test_what_the_page_needs_must_be_there_and_no_other_extra(tmp_path: Path) -> None:
    package(tmp_path, "xltool", "1.0", "starlette; extra == 'page'", "pyarrow; extra == 'tables'")
    with pytest.raises(BundleRefused) as refused:
        verify(WINDOWS, tmp_path)
    assert "starlette" in str(refused.value)
    assert "pyarrow" not in str(refused.value)


def test_a_version_that_does_not_fit_is_missing(tmp_path: Path) -> None:
    package(tmp_path, "xltool", "1.0", "click>=8.4")
    package(tmp_path, "click", "8.3")
    with pytest.raises(BundleRefused, match="click>=8.4"):
        verify(LINUX, tmp_path)


def test_every_module_that_xltool_imports_must_be_there(tmp_path: Path) -> None:
    package(tmp_path, "xltool", "1.0", "pyarrow; extra == 'tables'")
    (tmp_path / "xltool" / "reading.py").write_text(
        "from typing import TYPE_CHECKING\n"
        "import xltool.writing\n"
        "if TYPE_CHECKING:\n    import stubs\n"
        "def later():\n    import decimal, pyarrow, openpyxl\n"
    )
    with pytest.raises(BundleRefused) as refused:
        verify(LINUX, tmp_path)
    assert str(refused.value) == "包里缺少：openpyxl（xltool/reading.py 要用）。"
