"""What is replaced of XlsxWriter, so that it writes thousands of sheets, changes nothing in what it writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from made_up.merge_sample import SAMPLE, UNITS, merged
from xltool.equations.filling import blank
from xltool.excel.write.thousands import LargeWorkbook, PackedParts, PackedSheet
from xltool.excel.write.workbook import workbook_bytes
from xltool.layout.outline import default_outline
from xltool.library import load_template
from xltool.template.loader import template_names

REPLACED: dict[type, set[str]] = {
    LargeWorkbook: {"worksheets", "_check_sheetname", "_get_packager"},
    PackedParts: {"_filename"},
    PackedSheet: {
        *{"_prepare_formula", "_write_cols", "_write_sheet_data", "_write_merge_cells"},
        *{"_write_conditional_formats", "_write_data_validations", "_write_hyperlinks"},
    },
}


@pytest.mark.parametrize("ours", REPLACED)
def test_xlsxwriter_still_has_what_is_replaced(ours: type) -> None:
    (theirs,) = ours.__bases__
    missing = [name for name in sorted(REPLACED[ours]) if not hasattr(theirs, name)]
    assert not missing, (
        f"XlsxWriter {xlsxwriter.__version__} has no {missing} in {theirs.__name__}: see what does it now, and change "
        f"{ours.__name__} or the bound in pyproject.toml"
    )
    assert {name for name in vars(ours) if hasattr(theirs, name) and not name.startswith("__")} == REPLACED[ours]


def blank_workbook(template: str, _: Path) -> bytes:
    return workbook_bytes(*blank(spec := load_template(template), default_outline(spec)))


def merged_workbook(sample: str, folder: Path) -> bytes:
    """With a chart, and links into other files."""
    merged(sample, SAMPLE / sample / UNITS, folder / "汇总.xlsx")
    return (folder / "汇总.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("write", "name"),
    [*((blank_workbook, name) for name in template_names()), (merged_workbook, "longgang-2024")],
)
def test_xlsxwriter_by_itself_writes_the_same_bytes(
    write: Callable[[str, Path], bytes], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = write(name, tmp_path)
    for one, names in REPLACED.items():
        for replaced in names:
            monkeypatch.delattr(one, replaced)
    monkeypatch.setattr(PackedSheet, "keep_packed", lambda _: None)
    assert write(name, tmp_path) == ours, (
        f"XlsxWriter {xlsxwriter.__version__} writes another file when excel/write/thousands.py replaces its methods: "
        "see what it does otherwise than before, and change that module or the bound in pyproject.toml"
    )
