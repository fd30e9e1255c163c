"""Where the 汇总 is written: never over what was sent or is read, but over an earlier one."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.merge.collected.collected import UNITS, merge, usual
from tests.merge.unit_workbooks import amounts


def test_a_file_that_was_sent_is_not_written_over(folder: Path) -> None:
    before = (folder / "甲中心.xlsx").read_bytes()
    done = merge(folder, to="单位/甲中心.xlsx")
    assert (done.exit_code, (folder / "甲中心.xlsx").read_bytes()) == (2, before)
    assert "是报来的文件，汇总不能写在它上面：请在 -o 后面换一个文件名。" in done.stderr


def test_an_earlier_result_in_the_folder_is_written_over(folder: Path) -> None:
    for _ in range(2):
        assert merge(folder, to="单位/汇总.xlsx").exit_code == 0
    assert amounts(folder / "汇总.xlsx") == usual()


@pytest.mark.parametrize("option", ["--roster", "--transfers"])
def test_the_list_that_a_merge_reads_is_not_written_over(option: str, folder: Path) -> None:
    listed = openpyxl.Workbook()
    for line in (("单位名称",), *((unit,) for unit in UNITS)) if option == "--roster" else ():
        listed.worksheets[0].append(line)
    listed.save(folder.parent / "清单.xlsx")
    before = (folder.parent / "清单.xlsx").read_bytes()
    done = merge(folder, option, str(folder.parent / "清单.xlsx"), to="清单.xlsx")
    assert (done.exit_code, (folder.parent / "清单.xlsx").read_bytes()) == (2, before)
    assert "“清单.xlsx”就是要读的文件" in done.stderr
