"""The sheet 审核说明: other programs read it, and taken out again it leaves every part of the user's as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.excel.kitchen_sink import compressed, kitchen_sink, parts, write_zip
from tests.excel.libreoffice.macro import program
from tests.excel.libreoffice.office import Office
from tests.excel.mark.handmade_forms import HANDMADE
from xltool.diagnose.accepting import Kept, Standing
from xltool.errors import FileRefused
from xltool.excel.mark.annotate import Reasons, annotate, clear
from xltool.excel.mark.marks import Mark
from xltool.excel.read.sheets.source import open_workbook
from xltool.model import Acceptance

# openpyxl warns of everything it does not keep
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

CODE = "ABCDEFGHIJKL-MNOPABCDEFGH"
MARKS = [Mark("收支总表", "B2", "error", "支出总计 2,638.00 应等于 2,619.45")]
TRIP = Acceptance(CODE, "上级\n<已批准> & 备案", "王会计", "2026-11-30", "Y05", "三公经费：“本年”总计", "6.10 多 1.50")
KEPT = [Kept(TRIP, Standing.HOLDS), Kept(TRIP._replace(code="", reason="=1+1"), Standing.GONE)]


def keep(source: Path, target: Path, kept: Sequence[Kept] = KEPT, marks: Sequence[Mark] = MARKS) -> None:
    annotate(source, marks, target, Reasons(kept, sheet_of(source)))


def sheet_of(path: Path) -> str:
    return open_workbook(path).accepted.sheet


def rows(path: Path, sheet: str = "审核说明") -> list[tuple[object, ...]]:
    return [*openpyxl.load_workbook(path)[sheet].iter_rows(min_row=4, values_only=True)]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return kitchen_sink(tmp_path_factory.mktemp("原件") / "预算.xlsm")


def test_another_reader_sees_the_sheet_last_and_shown(original: Path, tmp_path: Path) -> None:
    keep(original, tmp_path / "存.xlsm")
    workbook = openpyxl.load_workbook(tmp_path / "存.xlsm")
    sheet = workbook.worksheets[-1]
    assert (sheet.title, sheet.sheet_state, workbook.active) == ("审核说明", "visible", workbook.worksheets[0])
    assert sheet["E5"].alignment.wrap_text
    assert [sheet[cell].font.b for cell in ("A1", "E4", "E5")] == [True, True, False]
    assert sheet["E4"].font.name == workbook.worksheets[0]["A2"].font.name
    assert rows(tmp_path / "存.xlsm") == [
        ("序号", "规则", "位置", "数", "说明", "说明人", "日期", "存时状态", "核对码"),
        ("1", *TRIP[4:7], TRIP.reason, "王会计", "2026-11-30", "有效", CODE),
        ("2", *TRIP[4:7], "=1+1", "王会计", "2026-11-30", "现在没有这个问题", None),
    ]
    assert sheet["E6"].data_type == "s"


def test_no_other_part_changes_but_those_that_list_the_sheets(original: Path, tmp_path: Path) -> None:
    keep(original, tmp_path / "存.xlsm", marks=[])
    before, after = compressed(original), compressed(tmp_path / "存.xlsm")
    changed = {"[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"}
    assert {name for name in before if before[name] != after[name]} == changed
    assert after.keys() - before.keys() == {"xl/worksheets/sheetXltool1.xml"}


def test_kept_twice_is_kept_once_and_replaced(original: Path, tmp_path: Path) -> None:
    once, twice, other = (tmp_path / f"{name}.xlsm" for name in ("一", "二", "三"))
    keep(original, once)
    keep(once, twice)
    assert twice.read_bytes() == once.read_bytes()
    keep(twice, other, KEPT[:1])
    assert len(rows(other)) == 2
    keep(other, other, [])
    assert sheet_of(other) == ""


@pytest.mark.parametrize("build", HANDMADE.values(), ids=HANDMADE.keys())
def test_every_handmade_form_is_restored(build: Callable[[], dict[str, str]], tmp_path: Path) -> None:
    original = write_zip(tmp_path / "预算.xlsx", build())
    keep(original, tmp_path / "存.xlsx")
    clear(tmp_path / "存.xlsx", tmp_path / "还.xlsx", sheet_of(tmp_path / "存.xlsx"))
    assert parts(tmp_path / "还.xlsx") == parts(original)


STEPS = st.lists(st.sampled_from(["mark", "keep", "keep one", "clear", "keep none"]), max_size=6)


@settings(max_examples=15, deadline=None)
@given(STEPS, st.text(max_size=20))
def test_whatever_was_done_all_of_it_can_be_taken_back(original: Path, steps: list[str], reason: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "预算.xlsm"
        path.write_bytes(original.read_bytes())
        for step in steps:
            if step == "mark":
                annotate(path, MARKS, path)
            elif step == "clear":
                clear(path, path)
            else:
                count = {"keep": 2, "keep one": 1, "keep none": 0}[step]
                kept = Kept(TRIP._replace(reason=f"已核{reason}"), Standing.HOLDS)
                keep(path, path, [kept] * count)
        clear(path, path, sheet_of(path))
        assert parts(path) == parts(original)


def test_clearing_leaves_the_reasons(original: Path, tmp_path: Path) -> None:
    keep(original, tmp_path / "存.xlsm")
    assert clear(tmp_path / "存.xlsm", tmp_path / "清.xlsm") == 1
    assert open_workbook(tmp_path / "清.xlsm").accepted.reasons[0] == TRIP


def test_a_sheet_of_the_users_with_that_name_is_never_touched(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.title = "收支总表"
    workbook.create_sheet("审核说明").append(["规则", "说明", "我自己写的"])
    workbook.save(tmp_path / "预算.xlsx")
    keep(tmp_path / "预算.xlsx", tmp_path / "存.xlsx")
    assert sheet_of(tmp_path / "存.xlsx") == "审核说明2"
    kept = openpyxl.load_workbook(tmp_path / "存.xlsx")
    assert kept.sheetnames == ["收支总表", "审核说明", "审核说明2"]
    assert kept["审核说明"]["C1"].value == "我自己写的"
    clear(tmp_path / "存.xlsx", tmp_path / "还.xlsx", "审核说明2")
    assert parts(tmp_path / "还.xlsx") == parts(tmp_path / "预算.xlsx")


class TestSavedByAnotherProgram:
    @pytest.fixture
    def saved(self, tmp_path: Path) -> Path:
        """The sheet stands before another now and is the one shown, and both have names of their own."""
        workbook = openpyxl.Workbook()
        workbook.active.title = "收支总表"
        workbook.create_sheet("支出总表")
        workbook.save(tmp_path / "预算.xlsx")
        keep(tmp_path / "预算.xlsx", tmp_path / "存.xlsx")
        again = openpyxl.load_workbook(tmp_path / "存.xlsx")
        again.move_sheet("审核说明", -1)
        again.active = 1
        for sheet in ("审核说明", "支出总表"):
            again[sheet].print_area = "A1:B2"
        again.save(tmp_path / "另存.xlsx")
        return tmp_path / "另存.xlsx"

    def test_it_is_found_and_goes_with_all_that_counts_sheets(self, saved: Path) -> None:
        assert open_workbook(saved).accepted.reasons[0] == TRIP
        clear(saved, saved, sheet_of(saved))
        workbook = openpyxl.load_workbook(saved)
        assert workbook.sheetnames == ["收支总表", "支出总表"]
        assert workbook.active.title == "收支总表"
        assert workbook["支出总表"].print_area == "'支出总表'!$A$1:$B$2"

    def test_with_formulas_in_it_it_is_left_to_its_author(self, saved: Path) -> None:
        workbook = openpyxl.load_workbook(saved)
        workbook["收支总表"]["A1"] = "=审核说明!A5"
        workbook.save(saved)
        before = saved.read_bytes()
        with pytest.raises(FileRefused, match="请在 Excel 或 WPS 中删除这张表"):
            clear(saved, saved, sheet_of(saved))
        assert saved.read_bytes() == before

    @pytest.mark.skipif(program is None, reason="LibreOffice is not installed")
    def test_libreoffice_shows_it_and_keeps_it(self, office: Office, saved: Path, tmp_path: Path) -> None:
        keep(tmp_path / "预算.xlsx", tmp_path / "存.xlsx")
        again = office.saved(tmp_path / "存.xlsx")
        assert open_workbook(again).accepted.reasons[0].reason == TRIP.reason
        clear(again, tmp_path / "还.xlsx", sheet_of(again))
        assert openpyxl.load_workbook(tmp_path / "还.xlsx").sheetnames == ["收支总表", "支出总表"]
