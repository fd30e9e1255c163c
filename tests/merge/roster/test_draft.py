"""`xltool roster` and `roster draft`: what is drafted from workbooks, what is told, and that it is a roster."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budgets import SAMPLES
from tests.cli.commands import run
from tests.merge.roster.test_issued import ROWS
from tests.merge.roster.test_issued import roster as saved_roster
from xltool.csv_text import csv_bytes
from xltool.merge.roster.draft import drafted
from xltool.merge.roster.identity import Identity
from xltool.merge.roster.parse import COLUMNS, roster_of
from xltool.merge.roster.read import read_roster
from xltool.merge.roster.roster import Roster
from xltool.merge.roster.write import roster_rows
from xltool.source.lists import text_lines


def lines(roster: Roster) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    return [(unit.code, unit.name, unit.parent, unit.type.value, unit.spellings) for unit in roster.units]


def test_units_stand_below_their_departments_in_the_order_of_their_codes() -> None:
    roster, remarks = drafted(
        [
            ("1.xlsx", Identity("012", "乙中心", "甲局")),
            ("2.xlsx", Identity("", "丙中心", "甲局")),
            ("3.xlsx", Identity("011", "甲局本级", "甲局")),
            ("4.xlsx", Identity("02", "丁局")),
        ]
    )
    assert lines(roster) == [
        ("02", "丁局", "", "单户", ()),
        ("", "甲局", "", "汇总", ()),
        ("011", "甲局本级", "甲局", "单户", ()),
        ("012", "乙中心", "甲局", "单户", ()),
        ("", "丙中心", "甲局", "单户", ()),
    ]
    assert remarks == ()


def test_what_the_author_must_look_at_is_told() -> None:
    roster, remarks = drafted(
        [
            ("1.xlsx", Identity("", "甲局", "甲局")),
            ("2.xlsx", Identity("", "甲局", "甲局", units=3)),
            ("3.xlsx", Identity("202", "202乙局")),
            ("4.xlsx", Identity("202", "乙 局")),
            ("5.xlsx", Identity("", "")),
            ("6.xlsx", Identity("203", "丙局", printed="丁局")),
        ]
    )
    assert lines(roster) == [
        ("202", "乙局", "", "单户", ()),
        ("203", "丙局", "", "单户", ()),
        ("", "甲局", "", "汇总", ()),
        ("", "甲局本级", "甲局", "单户", ("甲局",)),
    ]
    assert remarks == (
        "“2.xlsx”是汇总，没有列入。",
        "“1.xlsx”的单位与部门同名，“甲局”列作“甲局本级”：请核对。",
        "“3.xlsx”的编码“202”取自表上的“202乙局”：请核对。",
        "“4.xlsx”与“3.xlsx”是同一个单位“乙 局”的，只列一次：请看该留哪一个。",
        "“5.xlsx”里没有写单位名称，没有列入。",
        "“6.xlsx”里记的是“丙局”，表上写的是“丁局”：请核对是哪个单位的。",
    )


def test_departments_alone_are_the_units_of_the_one_above() -> None:
    roster, remarks = drafted([(f"{name}.xlsx", Identity("", name, name, units=2)) for name in ("甲局", "乙局")])
    assert lines(roster) == [("", "甲局", "", "单户", ()), ("", "乙局", "", "单户", ())]
    assert remarks == ()


NAMES = st.sampled_from(["", "甲", "乙", "（甲）", "甲本级", "01甲", "001乙"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.builds(Identity, st.sampled_from(["", "1", "01", "001"]), NAMES, NAMES, NAMES), max_size=6))
def test_whatever_the_workbooks_say_the_draft_is_a_roster(identities: list[Identity]) -> None:
    roster, _ = drafted([(f"{n}.xlsx", identity) for n, identity in enumerate(identities)])
    if roster.units:
        found = text_lines(csv_bytes(roster_rows(roster)), COLUMNS, "名册")
        assert found is not None
        assert roster_of(found, "名册").units == roster.units


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_a_drafted_roster_is_that_of_which_the_workbooks_were_made(ending: str, tmp_path: Path) -> None:
    folder, target = tmp_path / "单位", tmp_path / f"新名册{ending}"
    given = saved_roster(tmp_path)
    assert run(["new", "longgang-selfeval-2021", "--roster", given, "-o", str(folder)]).exit_code == 0
    (folder / "~$023001区信访局本级.xlsx").write_text("锁")
    done = run(["roster", "draft", str(folder), "-o", str(target)])
    assert done.exit_code == 0
    assert f"已起草名册：{target}，交表的 2 个（单户 2）。" in done.stdout
    department, *units = read_roster(Path(given)).units
    assert list(read_roster(target).units) == [department._replace(code=""), *units], "no workbook says its code"


def test_a_file_that_is_no_budget_is_told_and_the_others_are_listed(tmp_path: Path) -> None:
    target = tmp_path / "名册.csv"
    (tmp_path / "说明.xlsx").write_text("不是工作簿")
    (tmp_path / "预算.xlsx").write_bytes((SAMPLES / "qinglong-2024" / "预算.xlsx").read_bytes())
    done = run(["roster", "draft", str(tmp_path), "-o", str(target)])
    assert done.exit_code == 2
    assert done.stderr.startswith("“说明.xlsx”") and done.stderr.count("\n") == 1
    assert [unit.name for unit in read_roster(target).units] == ["青龙满族自治县信访局"]
    assert read_roster(target).units[0].code == "202"


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("名册.toml", "不知道怎样写“名册.toml”：名册的文件名应以 .csv 或 .xlsx 结尾。"),
        ("名册.csv", "没有读出一个单位，没有写名册。"),
        ("说明.xlsx", "已存在：请换一个文件名，或加 --force 覆盖它。"),
    ],
)
def test_when_nothing_is_written(target: str, sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("说明.xlsx").write_text("不是工作簿")
    done = run(["roster", "draft", ".", "-o", target])
    assert done.exit_code == 2
    assert sentence in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["说明.xlsx"]


def test_a_roster_is_shown_as_a_tree(tmp_path: Path) -> None:
    done = run(["roster", saved_roster(tmp_path)])
    assert done.exit_code == 0
    assert done.stdout.splitlines()[1:] == [
        "",
        "  023     区信访局        汇总",
        "  023001    区信访局本级  单户",
        "  023002    来访接待中心  单户",
    ]


def test_mistakes_in_a_roster_are_listed(tmp_path: Path) -> None:
    done = run(["roster", saved_roster(tmp_path, [*ROWS, ROWS[-1]])])
    assert done.exit_code == 2
    assert "第 6 行：编码“023002”与第 5 行“来访接待中心”的相同" in done.stderr
