"""What lies in the folders that departments collect, and what a careful clerk would do with it: nothing silently."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from click.testing import Result
from openpyxl.cell.cell import Cell
from openpyxl.workbook import Workbook

import xltool
from tests import TEMPLATES
from tests.budgets import QINGLONG, SELFEVAL, key, opened, pasted
from tests.budgets import filled as published_workbook
from tests.cli.commands import run
from tests.excel.read.test_read_variations import CHANGES, hide_rows_columns_and_a_sheet, no_merged_cells
from tests.merge.unit_workbooks import DEPARTMENT, amounts, in_fen, unit_facts, write_unit
from xltool.model import FactKey

UNITS = ("青山局本级", "甲中心", "乙站")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
BASIC = "E9"
"""The cell of 支出总表 with 基本支出 for 2014001."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The workbooks of three units."""
    (path := tmp_path / "单位").mkdir()
    send(path)
    return path


def send(folder: Path) -> None:
    for step, unit in enumerate(UNITS, 1):
        write_unit(folder, QINGLONG, unit, unit_facts(QINGLONG, unit, step))


@cache
def usual() -> dict[FactKey, Decimal]:
    """The figures of the 汇总 of the three units."""
    with TemporaryDirectory() as place:
        (path := Path(place) / "单位").mkdir()
        send(path)
        return merged(path)


def merge(folder: Path, *more: str, to: str = "汇总.xlsx") -> Result:
    target = folder.parent / to
    return run(["merge", str(folder), "-o", str(target), "--name", DEPARTMENT, "--force", *more])


def merged(folder: Path) -> dict[FactKey, Decimal]:
    """The figures of a 汇总 that was made without a fault."""
    done = merge(folder)
    assert (done.exit_code, done.stderr) == (0, ""), done.stdout
    return amounts(folder.parent / "汇总.xlsx")


def states(folder: Path, *more: str) -> dict[str, tuple[str, str]]:
    """What became of each unit or file, and what is said about it."""
    done = merge(folder, "--json", "-", *more)
    assert done.stderr == ""
    return {
        one["name"] or Path(one["file"]).name: (one["state"], one["note"]) for one in json.loads(done.stdout)["units"]
    }


def edit(file: Path, change: Callable[[Workbook], object], as_values: bool = False) -> None:
    """Change a workbook as somebody does in Excel; `as_values` after pasting it into a workbook of their own."""
    workbook = pasted(file) if as_values else opened(file)
    change(workbook)
    workbook.save(file)


# --- read all the same


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_workbook_changed_as_people_change_them_is_added_up_all_the_same(
    change: Callable[[Workbook], None], folder: Path
) -> None:
    edit(folder / "甲中心.xlsx", change, as_values=True)
    assert merged(folder) == usual()


def test_columns_in_another_order(folder: Path) -> None:
    def swap(workbook: Workbook) -> None:
        for row in workbook["支出总表"].iter_rows(min_row=3):
            left, right = row[4], row[5]
            if isinstance(left, Cell) and isinstance(right, Cell):
                left.value, right.value = right.value, left.value

    edit(folder / "甲中心.xlsx", swap, as_values=True)
    assert merged(folder) == usual()


def test_headings_merged_otherwise(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", no_merged_cells, as_values=True)
    assert merged(folder) == usual()


def test_a_stray_far_cell(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["支出总表"].cell(900_000, 300, "x"))
    assert merged(folder) == usual()


def test_formulas_without_values_are_computed(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda _: None)  # openpyxl keeps the formulas and drops what they came to
    assert openpyxl.load_workbook(folder / "甲中心.xlsx", data_only=True)["支出总表"]["D6"].value is None
    assert merged(folder) == usual()


def test_hidden_rows_and_sheets_are_read_and_said(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", hide_rows_columns_and_a_sheet)
    assert merged(folder) == usual()
    assert "已隐藏，里面的数" in states(folder)["甲中心"][1]


def test_external_links_are_read_and_none_comes_into_the_result(folder: Path) -> None:

    link_to_last_year(folder / "甲中心.xlsx")
    assert merged(folder) == usual()
    with zipfile.ZipFile(folder.parent / "汇总.xlsx") as package:
        assert not [name for name in package.namelist() if "externalLink" in name]
        assert b"[1]" not in b"".join(package.read(name) for name in package.namelist() if "worksheets/" in name)


def link_to_last_year(file: Path) -> None:
    """Make a typed amount of 支出总表 a formula that takes it from another workbook, with the result it had."""
    with zipfile.ZipFile(file) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    part = f"xl/worksheets/sheet{openpyxl.load_workbook(file).sheetnames.index('支出总表') + 1}.xml"
    linked = re.compile(rf'(<c r="{BASIC}"[^>]*>)(?=<v>)')
    xml, count = linked.subn(r"\1<f>'[1]支出总表'!E9</f>", parts[part].decode())
    assert count == 1
    parts[part] = xml.encode()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_a_workbook_and_a_table_in_yuan_among_others(folder: Path) -> None:
    facts = unit_facts(QINGLONG, "甲中心", 2)
    in_yuan = {one: value * 10_000 if isinstance(value, Decimal) else value for one, value in facts.items()}
    write_unit(folder, QINGLONG, "甲中心", in_yuan, "元")
    assert merged(folder) == usual()

    write_unit(folder, QINGLONG, "甲中心", facts)

    def one_table(workbook: Workbook) -> None:
        for row in workbook["支出总表"].iter_rows(min_row=1):
            for cell in row:
                if isinstance(cell.value, float):
                    cell.value *= 10_000
                elif isinstance(cell.value, str) and "万元" in cell.value:
                    cell.value = cell.value.replace("万元", "元")

    edit(folder / "甲中心.xlsx", one_table, as_values=True)
    assert merge(folder, "--allow-errors").exit_code in (0, 1)
    assert amounts(folder.parent / "汇总.xlsx") == usual()


# --- a finding, never 0


@pytest.mark.parametrize("typed", ["2000万", "待定", "#N/A", "约5"])
def test_text_in_an_amount_is_a_finding_and_no_zero(typed: str, folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["支出总表"].__setitem__(BASIC, typed))
    refused = merge(folder)
    assert refused.exit_code == 2
    assert "“甲中心”（甲中心.xlsx）有" in refused.stderr
    assert not (folder.parent / "汇总.xlsx").exists()
    allowed = merge(folder, "--allow-errors")
    assert allowed.exit_code == 1
    assert "甲中心" in allowed.stdout


def test_a_formula_that_nobody_has_calculated_is_a_finding_and_no_zero(folder: Path) -> None:
    """Of a figure that no rule compares, too."""
    edit(
        folder / "甲中心.xlsx",
        lambda workbook: workbook["部门固定资产占用情况表"].__setitem__("C4", "=VLOOKUP(1,A:B,2)"),
    )
    refused = merge(folder)
    assert refused.exit_code == 2
    assert "“甲中心”（甲中心.xlsx）有 1 处错误，如：公式“=VLOOKUP(1,A:B,2)”没有结果。" in refused.stderr
    assert merge(folder, "--allow-errors").exit_code == 1


def test_an_error_that_was_mended_is_merged_again(folder: Path) -> None:
    right = shutil.copy(folder / "甲中心.xlsx", folder.parent / "对的.xlsx")
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["支出总表"].__setitem__(BASIC, 1))
    assert merge(folder).exit_code == 2
    assert merge(folder, "--allow-errors").exit_code == 1
    shutil.copy(right, folder / "甲中心.xlsx")
    assert merged(folder) == usual()


def test_one_file_replaced_is_as_merged_anew(folder: Path) -> None:
    merged(folder)
    write_unit(folder, QINGLONG, "甲中心", unit_facts(QINGLONG, "甲中心", 9))
    again = merged(folder)
    (folder.parent / "汇总.xlsx").unlink()
    assert merged(folder) == again


# --- what is no workbook of a unit


def test_a_workbook_that_is_no_budget_is_left_out_and_said(folder: Path) -> None:
    (other := Workbook()).active["A1"] = "通讯录"
    other.save(folder / "通讯录.xlsx")
    assert merged(folder) == usual()
    assert states(folder)["通讯录.xlsx"][0] == "不是预算工作簿，未汇总"


def test_lock_files_and_backups_are_no_workbooks(folder: Path) -> None:
    (folder / "~$甲中心.xlsx").write_bytes(b"\x06Excel" + bytes(160))
    (folder / ".~乙站.xlsx").write_bytes(bytes(165))
    shutil.copy(folder / "甲中心.xlsx", folder / "甲中心.xlsx.bak")
    shutil.copy(folder / "甲中心.xlsx", folder / "甲中心.xlk")
    assert merged(folder) == usual()


def test_the_same_unit_twice_is_refused_with_both_files(folder: Path) -> None:
    shutil.copy(folder / "甲中心.xlsx", folder / "甲中心 - 副本.xlsx")
    done = merge(folder)
    assert done.exit_code == 2
    assert "甲中心 - 副本.xlsx" in done.stderr and "甲中心.xlsx" in done.stderr
    assert not (folder.parent / "汇总.xlsx").exists()
    assert merge(folder, "--exclude", str(folder / "甲中心 - 副本.xlsx")).exit_code == 0


@pytest.mark.parametrize(
    ("name", "content", "advice"),
    [
        ("甲中心.xls", OLE, "另存为 .xlsx"),
        ("甲中心.et", OLE, "另存为 .xlsx"),
        ("甲中心.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "去除密码"),
        ("甲中心.xlsx", b"PK\x03\x04", "损坏"),
    ],
    ids=["xls", "et", "encrypted", "damaged"],
)
def test_a_file_that_cannot_be_read_is_listed_with_what_to_do(
    name: str, content: bytes, advice: str, folder: Path
) -> None:
    (folder / "甲中心.xlsx").unlink()
    (folder / name).write_bytes(content)
    done = merge(folder)
    assert done.exit_code == 1
    (note,) = (note for state, note in states(folder).values() if state == "无法读取")
    assert advice in note


@pytest.mark.parametrize("name", ["合计", "抵销后", "部门"])
def test_no_unit_is_called_like_a_row_or_column_of_the_result(name: str, folder: Path) -> None:
    write_unit(folder, QINGLONG, name, unit_facts(QINGLONG, name, 4)).rename(folder / "丙.xlsx")
    done = merge(folder)
    assert done.exit_code == 2
    assert f"“丙.xlsx”的单位叫“{name}”，汇总里有这样叫的行和栏，分不开" in done.stderr


def test_last_years_workbook_and_one_of_another_format_are_refused(folder: Path) -> None:
    xltool.fill(QINGLONG, unit_facts(QINGLONG, "甲中心", 2), folder / "甲中心.xlsx", unit="甲中心", year=2023)
    shutil.move(published_workbook(SELFEVAL, folder), folder / "自评.xlsx")
    done = merge(folder)
    assert done.exit_code == 2
    assert "甲中心.xlsx" in done.stderr or "自评.xlsx" in done.stderr
    (folder / "自评.xlsx").unlink()
    done = merge(folder)
    assert done.exit_code == 2
    assert "年度不同" in done.stderr and "2023 年：甲中心.xlsx" in done.stderr


def test_an_outdated_template_is_refused_beside_the_new_one_and_said_alone(folder: Path) -> None:
    """A department changes its own format after it has handed out workbooks of the first version."""
    shelf = folder.parent / "模板"
    own = shutil.copytree(TEMPLATES / "某省某市-2025", shelf / "某省某市-2025")
    first = (own / "template.toml").read_text(encoding="utf-8")
    for file in folder.iterdir():
        file.unlink()
    send_own(own, folder, "甲中心")
    (own / "template.toml").write_text(f"version = 2\n{first}", encoding="utf-8")
    send_own(own, folder, "乙站")
    more = ("--templates", str(shelf), "--allow-errors")
    mixed = merge(folder, *more)
    assert mixed.exit_code == 2
    assert "用的模板版本不同（第 2 版：乙站.xlsx；第 1 版（旧）：甲中心.xlsx）：旧版的数可以转到新版" in mixed.stderr
    (folder / "乙站.xlsx").unlink()
    assert "用的是模板第 1 版，现在是第 2 版。" in states(folder, *more)["甲中心"][1]


def send_own(template: Path, folder: Path, unit: str) -> None:
    """The workbook of a unit in a format of the department's own."""
    lines = (template / "facts.csv").read_text(encoding="utf-8").splitlines()
    own = [line.replace("清江市信访局本级", unit) for line in lines if "清江市信访中心" not in line]
    facts = folder.parent / "数.csv"
    facts.write_text("\n".join(own), encoding="utf-8")
    done = run(["fill", str(template), str(facts), "-o", str(folder / f"{unit}.xlsx"), "--unit", DEPARTMENT])
    assert done.exit_code == 0, done.stderr


def test_the_earlier_result_in_the_folder_is_left_out(folder: Path) -> None:
    assert merged(folder) == usual()
    shutil.copy(folder.parent / "汇总.xlsx", folder / "上次的汇总.xlsx")
    assert merged(folder) == usual()
    assert states(folder)[DEPARTMENT][0] == "以前的汇总，未汇总"


def test_yuan_with_fen_is_added_exactly(folder: Path) -> None:
    facts = in_fen(unit_facts(QINGLONG, "甲中心", 2))
    place = key("支出总表", "2014001", "基本支出")
    others = [unit_facts(QINGLONG, unit, step)[place] for unit, step in (("青山局本级", 1), ("乙站", 3))]
    write_unit(folder, QINGLONG, "甲中心", facts, "元")
    value = facts[place]
    assert isinstance(value, Decimal)
    assert merged(folder)[place] == sum((one for one in others if isinstance(one, Decimal)), value / 10_000)


def test_reading_all_units_into_one_table_leaves_the_earlier_result_out_too(folder: Path) -> None:
    assert merged(folder) == usual()
    shutil.copy(folder.parent / "汇总.xlsx", folder / "上次的汇总.xlsx")
    done = run(["read", str(folder), "-o", str(folder.parent / "数.csv")])
    assert done.exit_code == 2
    assert done.stderr == "上次的汇总.xlsx：这是汇总，与单位的放在一起，数会重复：没有读。要读它，请只写这一个文件。\n"
    assert "来自 3 个工作簿" in done.stdout
    assert run(["read", str(folder / "上次的汇总.xlsx"), "-o", str(folder.parent / "数.sqlite")]).exit_code == 0


def test_a_file_that_was_sent_is_not_written_over(folder: Path) -> None:
    before = (folder / "甲中心.xlsx").read_bytes()
    done = merge(folder, to="单位/甲中心.xlsx")
    assert (done.exit_code, (folder / "甲中心.xlsx").read_bytes()) == (2, before)
    assert "是报来的文件，汇总不能写在它上面：请在 -o 后面换一个文件名。" in done.stderr


def test_an_earlier_result_in_the_folder_is_written_over(folder: Path) -> None:
    for _ in range(2):
        assert merge(folder, to="单位/汇总.xlsx").exit_code == 0
    assert amounts(folder / "汇总.xlsx") == usual()


def test_a_file_to_be_left_out_that_is_not_there_is_told(folder: Path) -> None:
    done = merge(folder, "--exclude", "丙站.xlsx")
    assert done.exit_code == 2
    assert "丙站.xlsx”不在要汇总的文件里：请检查文件名。" in done.stderr


def test_where_nothing_can_be_read_it_is_said_why(folder: Path) -> None:
    done = run(["merge", str(folder / "没有.xlsx"), "-o", str(folder.parent / "汇总.xlsx")])
    assert done.exit_code == 2
    assert "没有一个单位的工作簿可以汇总" in done.stderr and "找不到文件" in done.stderr


def test_units_that_are_not_on_the_roster_are_never_added(folder: Path) -> None:
    roster = folder.parent / "名册.csv"
    lines = [
        "单位名称,上级单位,类型",
        f"{DEPARTMENT},,汇总",
        *(f"{unit},{DEPARTMENT}," for unit in (*UNITS[:2], "丙所")),
    ]
    roster.write_text("\n".join(lines), encoding="utf-8")
    done = merge(folder, "--roster", str(roster))
    assert done.exit_code == 1
    assert {name: state for name, (state, _) in states(folder, "--roster", str(roster)).items()} == {
        UNITS[0]: "已汇总",
        "甲中心": "已汇总",
        "丙所": "未报送",
        "乙站": "名册外，未汇总",
    }
    place = key("支出总表", "2014001", "基本支出")
    both = [unit_facts(QINGLONG, unit, step)[place] for step, unit in enumerate(UNITS[:2], 1)]
    assert amounts(folder.parent / "汇总.xlsx")[place] == sum(one for one in both if isinstance(one, Decimal))


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


def test_what_a_wrong_total_explains_is_not_put_down_to_elimination(folder: Path) -> None:
    edit(folder / "甲中心.xlsx", lambda workbook: workbook["收支总表"].__setitem__("C39", 1))
    edit(folder / "乙站.xlsx", lambda workbook: workbook["支出总表"].__setitem__(BASIC, 1))
    told = merge(folder, "--allow-errors").stdout
    assert "汇总的收入总计与支出总计不等" in told and "来自各单位不等于分项之和的合计（U01）" in told
    assert "来自抵销" not in told
