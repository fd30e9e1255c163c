"""汇总: the workbooks of a folder that the user picks become one, which is opened with 报送情况 in front."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xltool.addin.excel.com import ComError, assign, patiently, why
from xltool.addin.excel.input_box import typed
from xltool.addin.excel.quiet import saying
from xltool.addin.screen import Screen
from xltool.api.batches import Step, workbooks
from xltool.errors import ExcelRefused, UnitsFaulty
from xltool.source.our_sheets import SUBMISSIONS

if TYPE_CHECKING:
    import xlwings as xw

    from xltool.merge.consolidation import Consolidation

_FOLDER_PICKER = 4  # msoFileDialogFolderPicker
_SUGGESTED = "汇总预算.xlsx"
_KIND = "Excel 工作簿 (*.xlsx),*.xlsx"
_ROSTERS = [f"{name}{kind}" for name in ("名册", "单位名册") for kind in (".xlsx", ".csv", ".toml")]
_TRANSFERS = [f"{name}{kind}" for name in ("往来清单", "往来") for kind in (".xlsx", ".csv")]
_WHOSE = "汇总的部门名称，印在每张表的表头（文件夹里有“名册.xlsx”的不用填）："
_AS_THEY_ARE = (
    "有 {} 个单位的工作簿有错误。\n\n照现有的数汇总吗？结果里写明是哪些单位、哪些错误。"
    "点“否”什么也不写，逐个说明是哪里错，请先退回改正。"
)
_MOST_LINES = 30
"""Of what is told; the rest stands in the result."""


def merge(app: xw.App, screen: Screen) -> int:
    """Ask for the folder and the result, merge, open; returns 0, or 1 if something is to be looked at.

    Raises ExcelRefused if Excel stays busy, and what `api.merge` raises.
    """
    from xltool.report.units.merge_words import merged_text

    folder = patiently(lambda: _picked(app))
    if folder is None:
        return 0
    roster, transfers = _list_beside(folder, _ROSTERS), _list_beside(folder, _TRANSFERS)
    name = "" if roster else typed(app, "汇总", _WHOSE)
    target = None if name is None else patiently(lambda: _named(app, folder))
    if target is None:
        return 0
    if target.exists() and not screen.ask(f"“{target.name}”已存在：要换成新的汇总吗？"):
        return 0
    files = [file for file in workbooks([folder]) if file not in (roster, transfers)]
    lists = {"roster": roster, "transfers": transfers}
    consolidation = _merged(screen, files, target, **lists, name=name or None, watch=partial(_watched, app))
    used = [f"{what}：{file}" for what, file in (("名册", roster), ("往来清单", transfers)) if file]
    lines = [*used, *merged_text(consolidation, target).splitlines()]
    more = [f"…其余的见“{SUBMISSIONS}”表。"] if len(lines) > _MOST_LINES else []
    screen.tell("\n".join([*lines[:_MOST_LINES], *more, *_opened(app, target)]))
    return 0 if consolidation.is_complete else 1


def _merged(screen: Screen, files: Sequence[Path], target: Path, **how: Any) -> Consolidation:
    """As `api.merge`; workbooks with errors are added up as they are if the user says so."""
    from xltool.api.units.merging import merge as merge_files

    try:
        return merge_files(files, target, **how)
    except UnitsFaulty as error:
        if not screen.ask(_AS_THEY_ARE.format(len(error.problems))):
            raise
    return merge_files(files, target, **how, allow_errors=True)


def _picked(app: xw.App) -> Path | None:
    dialog = app.api.FileDialog(_FOLDER_PICKER)
    assign(dialog, "Title", "选择放着各单位工作簿的文件夹")
    return _on_this_computer(dialog.SelectedItems.Item(1)) if dialog.Show() else None


def _list_beside(folder: Path, names: Sequence[str]) -> Path | None:
    """The list with one of these names in the folder, or beside it."""
    places = (place / name for place in (folder, folder.parent) for name in names)
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
