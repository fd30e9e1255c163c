"""汇总: the workbooks of a folder that the user picks become one, which is opened with 报送情况 in front."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xltool.addin.excel.com import ComError, assign, patiently, why
from xltool.addin.excel.input_box import typed
from xltool.addin.excel.quiet import saying
from xltool.addin.screen import Screen
from xltool.api.batches import Step, workbooks
from xltool.errors import ExcelRefused
from xltool.source.our_sheets import SUBMISSIONS

if TYPE_CHECKING:
    import xlwings as xw

_FOLDER_PICKER = 4  # msoFileDialogFolderPicker
_SUGGESTED = "汇总预算.xlsx"
_KIND = "Excel 工作簿 (*.xlsx),*.xlsx"
_ROSTERS, _KINDS = ("名册", "单位名册"), (".xlsx", ".csv", ".toml")
_WHOSE = "汇总的部门名称，印在每张表的表头（文件夹里有“名册.xlsx”的不用填）："
_MOST_LINES = 30
"""Of what is told; the rest stands in the result."""


def merge(app: xw.App, screen: Screen) -> int:
    """Ask for the folder and the result, merge, open; returns 0, or 1 if something is to be looked at.

    Raises ExcelRefused if Excel stays busy, and what `api.merge` raises.
    """
    from xltool.api.units.merging import merge as merge_files
    from xltool.report.units.merge_words import merged_text

    folder = patiently(lambda: _picked(app))
    if folder is None:
        return 0
    roster = _roster_beside(folder)
    name = "" if roster else typed(app, "汇总", _WHOSE)
    target = None if name is None else patiently(lambda: _named(app, folder))
    if target is None:
        return 0
    if target.exists() and not screen.ask(f"“{target.name}”已存在：要换成新的汇总吗？"):
        return 0
    files = [file for file in workbooks([folder]) if file != roster]
    consolidation = merge_files(files, target, roster=roster, name=name or None, watch=partial(_watched, app))
    lines = [*([f"名册：{roster}"] if roster else []), *merged_text(consolidation, target).splitlines()]
    more = [f"…其余的见“{SUBMISSIONS}”表。"] if len(lines) > _MOST_LINES else []
    screen.tell("\n".join([*lines[:_MOST_LINES], *more, *_opened(app, target)]))
    return 0 if consolidation.is_complete else 1


def _picked(app: xw.App) -> Path | None:
    dialog = app.api.FileDialog(_FOLDER_PICKER)
    assign(dialog, "Title", "选择放着各单位工作簿的文件夹")
    return _on_this_computer(dialog.SelectedItems.Item(1)) if dialog.Show() else None


def _roster_beside(folder: Path) -> Path | None:
    """The 名册 in the folder, or beside it."""
    places = (place / f"{name}{kind}" for place in (folder, folder.parent) for name in _ROSTERS for kind in _KINDS)
    return next((one for one in places if one.is_file()), None)


def _named(app: xw.App, folder: Path) -> Path | None:
    """Where the result goes: beside the folder, unless the user says otherwise."""
    suggested = str(folder.parent / _SUGGESTED)
    chosen = app.api.GetSaveAsFilename(InitialFilename=suggested, FileFilter=_KIND, Title="汇总结果存为")
    return _on_this_computer(chosen) if isinstance(chosen, str) else None


def _on_this_computer(chosen: str) -> Path:
    """A path that was picked. Raises ExcelRefused for an address, which Office too offers to pick."""
    if "://" in chosen:
        raise ExcelRefused(f"“{chosen}”在网上，不能在那里汇总：请选这台电脑上的文件夹（OneDrive 的，选同步到本机的）。")
    return Path(chosen)


def _opened(app: xw.App, target: Path) -> list[str]:
    """Open the result; what there is to tell if Excel does not."""

    def show() -> None:
        sheets = app.api.Workbooks.Open(str(target)).Worksheets
        sheets.Item(SUBMISSIONS).Activate()

    try:
        patiently(show)
    except ExcelRefused:
        return ["Excel 正忙，没有打开它：请自己打开。"]
    except ComError as error:
        return [f"Excel 没有打开它（{why(error)}）：请自己打开。"]
    return []


@contextmanager
def _watched(app: xw.App, steps: Iterable[Step], total: int) -> Iterator[Iterator[Step]]:
    """As `api.batches.Watch`: the line below the sheet says how far the reading is."""
    with saying(app, "xltool 正在汇总……") as say:

        def counted() -> Iterator[Step]:
            for number, step in enumerate(steps, 1):
                say(f"xltool 正在汇总：已读 {number}/{total} 个文件")
                yield step

        yield counted()
