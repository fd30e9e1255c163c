"""What lies in the folder and is no workbook of a unit, or does not belong there: left out or refused, and said."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl.workbook import Workbook

import xltool
from tests import TEMPLATES
from tests.budgets import QINGLONG, SELFEVAL, key
from tests.budgets import filled as published_workbook
from tests.cli.commands import run
from tests.merge.collected.collected import UNITS, merge, merged, states, usual
from tests.merge.unit_workbooks import DEPARTMENT, amounts, unit_facts, write_unit

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


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


def test_reading_all_units_into_one_table_leaves_the_earlier_result_out_too(folder: Path) -> None:
    assert merged(folder) == usual()
    shutil.copy(folder.parent / "汇总.xlsx", folder / "上次的汇总.xlsx")
    done = run(["read", str(folder), "-o", str(folder.parent / "数.csv")])
    assert done.exit_code == 2
    assert done.stderr == "上次的汇总.xlsx：这是汇总，与单位的放在一起，数会重复：没有读。要读它，请只写这一个文件。\n"
    assert "来自 3 个工作簿" in done.stdout
    assert run(["read", str(folder / "上次的汇总.xlsx"), "-o", str(folder.parent / "数.sqlite")]).exit_code == 0


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
