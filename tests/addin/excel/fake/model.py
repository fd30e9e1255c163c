"""Excel as far as our buttons use it, over openpyxl, and as strict as Excel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment as Written
from openpyxl.utils import range_boundaries
from openpyxl.workbook import Workbook as Stored
from openpyxl.worksheet.worksheet import Worksheet as StoredSheet

from tests.addin.excel.fake.com import DELETED, Model, Things, error, refusal
from tests.addin.excel.fake.marks import Conditions, Shape

VISIBLE, HIDDEN, VERY_HIDDEN = -1, 0, 2
LONGEST = 255
"""Letters that are taken at once."""
_LONGEST_PATH = 218


class Excel(Model):
    """One instance: its workbooks, and what the user sees and would answer."""

    def __init__(self, process: int, user: str = "李会计") -> None:
        self.process, self.user_name, self.hwnd = process, user, process * 10
        self.books: list[Book] = []
        self.active: Book | None = None
        self.active_protected_view_window: Model | None = None
        self.screen_updating = self.display_alerts = self.enable_events = True
        self.calculation = "automatic"
        self.shows_chart = self.lets_nothing_be_selected = False
        self.macros_ran: list[str] = []
        self.status_bar: str | bool = False
        self.gives_no_answer = False
        self.answers: list[str | bool] = []
        self.asked: list[str] = []

    @property
    def active_workbook(self) -> Book | None:
        return self.active

    @property
    def active_cell(self) -> Range | None:
        if self.shows_chart:
            raise refusal("方法“ActiveCell”作用于对象“_Application”时失败")
        return self.active.active_sheet.selection if self.active else None

    def happened(self, event: str) -> None:
        """A macro of the user's runs, unless events are off."""
        if self.enable_events:
            self.macros_ran.append(event)

    def goto(self, cell: Range) -> None:
        sheet = cell.worksheet
        if sheet.visible != VISIBLE or self.lets_nothing_be_selected:
            raise refusal("引用无效")
        self.active, sheet.parent.active_sheet, sheet.selection = sheet.parent, sheet, cell

    def input_box(self, prompt: str, title: str, type: int) -> str | bool:
        assert len(prompt) <= 255
        assert title
        self.asked.append(prompt)
        return self.answers.pop(0)

    def file_dialog(self, kind: int) -> Dialog:
        return Dialog(self.answers.pop(0))

    def get_save_as_filename(self, initial_filename: str, file_filter: str, title: str) -> str | bool:
        self.asked.append(initial_filename)
        return self.answers.pop(0)

    @property
    def workbooks(self) -> Books:
        return Books(self)

    def opened(self, stored: Stored, place: str, **how: Any) -> Book:
        """A workbook, opened by the user."""
        self.active = Book(self, stored, place, **how)
        self.books.append(self.active)
        return self.active


class Books(Model):
    """The open workbooks, of which no two have one name."""

    def __init__(self, excel: Excel) -> None:
        self._excel = excel

    def open(self, place: str) -> Book:
        if Path(place).name in [book.name for book in self._excel.books]:
            raise refusal("同名的工作簿已打开")
        return self._excel.opened(openpyxl.load_workbook(place), place)


class Dialog(Model):
    """The dialog that picks a folder."""

    def __init__(self, answer: str | bool) -> None:
        self.title, self._answer = "", answer
        self.selected_items = Things(lambda: [answer])

    def show(self) -> int:
        return -1 if self._answer else 0


class Sheets(Things):
    """The worksheets of a workbook, by their numbers and names."""

    def __init__(self, book: Book) -> None:
        super().__init__(lambda: book.sheets)
        self._book = book

    def add(self, before: Sheet) -> Sheet:
        """A new sheet, which is shown then."""
        book = self._book
        if book.protect_structure:
            raise refusal("工作簿受保护")
        at = book.sheets.index(before)
        new = Sheet(book, book.stored.create_sheet(index=at))
        book.sheets.insert(at, new)
        book.active_sheet = new
        book.application.happened("NewSheet")
        return new

    def item(self, which: int | str) -> Any:
        for number, sheet in enumerate(self, 1):
            if which in (number, sheet.name):
                return sheet
        raise refusal("下标越界")


class Book(Model):
    """An open workbook; `place` is a path, an address, or the name of one that was never saved."""

    def __init__(self, excel: Excel, stored: Stored, place: str, read_only: bool = False, shared: bool = False) -> None:
        self.application, self.stored, self._place = excel, stored, place
        self.read_only, self.multi_user_editing, self.protect_structure = read_only, shared, False
        self.copies: list[Path] = []
        self.saved_as = b""
        self.signatures = Things(lambda: self.signed_by)
        self.signed_by: list[str] = []
        self.refuses_copies = self.is_closed = False
        self.sheets = [Sheet(self, one) for one in stored.worksheets]
        self.active_sheet = self.sheets[0]

    @property
    def name(self) -> str:
        return self.full_name.replace("\\", "/").rpartition("/")[2]

    @property
    def full_name(self) -> str:
        if self.is_closed:
            raise error(DELETED)
        return self._place

    @full_name.setter
    def full_name(self, place: str) -> None:
        self._place = place

    @property
    def path(self) -> str:
        return self._place.replace("\\", "/").rpartition("/")[0]

    @property
    def worksheets(self) -> Sheets:
        return Sheets(self)

    def save_copy_as(self, place: str) -> None:
        self.application.happened("BeforeSave")
        if self.refuses_copies or len(place) > _LONGEST_PATH:
            raise refusal("磁盘已满。")
        self.copies.append(Path(place))
        if self.saved_as:
            Path(place).write_bytes(self.saved_as)
        else:
            self.stored.save(place)

    def close(self) -> None:
        """The user closes it."""
        self.is_closed = True
        self.application.books.remove(self)

    def sheet(self, name: str) -> Sheet:
        """The sheet of that name."""
        found: Sheet = self.worksheets.item(name)
        return found


class Protection(Model):
    """What a protected sheet allows."""

    def __init__(self, allow_formatting_cells: bool) -> None:
        self.allow_formatting_cells = allow_formatting_cells


class Sheet(Model):
    """A worksheet."""

    def __init__(self, book: Book, stored: StoredSheet) -> None:
        self.parent, self.stored = book, stored
        self.visible, self.filter_mode = VISIBLE, False
        protection = stored.protection
        self.protect_contents = bool(protection.sheet)
        self.protect_drawing_objects = self.protect_contents and bool(protection.objects)
        self.protection = Protection(not protection.formatCells)
        self.selection = Range(self, "A1")
        self.sizes: dict[str, tuple[float, float]] = {}
        self.deletes_no_letters = False

    @property
    def name(self) -> str:
        return str(self.stored.title)

    @name.setter
    def name(self, name: str) -> None:
        self.stored.title = name

    def activate(self) -> None:
        self.parent.active_sheet = self

    def move(self, before: Sheet) -> None:
        """In front of another; it is shown then."""
        if self.visible == VERY_HIDDEN:
            raise refusal("类 Worksheet 的 Move 方法无效")
        book = self.parent
        for sheets, one, other in ((book.sheets, self, before), (book.stored._sheets, self.stored, before.stored)):
            sheets.remove(one)
            sheets.insert(sheets.index(other), one)
        book.active_sheet = self

    @property
    def used_range(self) -> Range:
        return Range(self, self.stored.dimensions)

    @property
    def cells(self) -> Range:
        return Range(self, "A1:XFD1048576")

    @property
    def comments(self) -> Things:
        noted = [cell for row in self.stored.iter_rows() for cell in row if cell.comment]
        return Things(lambda: [Comment(self, cell.coordinate) for cell in noted])

    def range(self, address: str) -> Range:
        if len(address) > LONGEST:
            raise refusal("地址太长")
        return Range(self, address)

    def rows(self, which: int | str) -> Range:
        return Range(self, f"A{which}:XFD{which}" if isinstance(which, int) else "A{}:XFD{}".format(*which.split(":")))

    def columns(self, which: int) -> Range:
        return Range(self, f"A{which}")


class Range(Model):
    """Cells, by their address."""

    def __init__(self, sheet: Sheet, address: str) -> None:
        self.worksheet, self.address = sheet, address.replace("$", "")
        self.column_width, self.wrap_text, self.vertical_alignment, self.font = 8.43, False, 0, Look()
        self._format = "General"

    @property
    def _stored(self) -> Any:
        return self.worksheet.stored[self.address]

    @property
    def row(self) -> int:
        return int(range_boundaries(self.address)[1] or 0)

    @property
    def column(self) -> int:
        return int(range_boundaries(self.address)[0] or 0)

    @property
    def comment(self) -> Comment | None:
        return Comment(self.worksheet, self.address) if self._stored.comment else None

    @property
    def format_conditions(self) -> Conditions:
        return Conditions(self)

    @property
    def entire_row(self) -> Line:
        return Line(bool(self.worksheet.stored.row_dimensions[self.row].hidden))

    @property
    def entire_column(self) -> Line:
        return Line(False)

    @property
    def number_format(self) -> str:
        return self._format

    @number_format.setter
    def number_format(self, look: str) -> None:
        self._format = look

    @property
    def value(self) -> Any:
        return None

    @value.setter
    def value(self, lines: Sequence[Sequence[str]]) -> None:
        self.worksheet.parent.application.happened("SheetChange")
        for stored, texts in zip(self._stored, lines, strict=True):
            for cell, text in zip(stored, texts, strict=True):
                cell.value = text or None
                if self._format == "@" and text:
                    cell.data_type = "s"

    def clear_contents(self) -> None:
        for row in self.worksheet.stored.iter_rows(min_row=self.row):  # whole rows, to the last
            for cell in row:
                cell.value = None

    def add_comment(self, text: str) -> Comment:
        if self.worksheet.protect_drawing_objects or isinstance(self._stored, MergedCell) or self._stored.comment:
            raise refusal("AddComment 方法无效")
        ensure_short(text)
        self._stored.comment = Written(text, self.worksheet.parent.application.user_name)
        return Comment(self.worksheet, self.address)


def ensure_short(text: str) -> None:
    """Refuse a text that does not fit into what a note takes at once."""
    if len(text.encode("utf-16-le")) > 2 * LONGEST:
        raise refusal("文本太长")


class Look(Model):
    """A font."""

    def __init__(self) -> None:
        self.bold = False


class Line(Model):
    """Whole rows or columns."""

    def __init__(self, hidden: bool) -> None:
        self.hidden = hidden


class Comment(Model):
    """A note. Excel counts its letters in units of 16 bits."""

    def __init__(self, sheet: Sheet, cell: str) -> None:
        self.sheet, self.parent = sheet, Range(sheet, cell)
        self.shape = Shape(self)

    @property
    def whole(self) -> str:
        """The text that stands there."""
        return str(self.sheet.stored[self.parent.address].comment.text)

    @whole.setter
    def whole(self, text: str) -> None:
        self._may_change()
        cell = self.sheet.stored[self.parent.address]
        cell.comment = Written(text, cell.comment.author)

    def text(self, text: str | None = None, start: int = 1, overwrite: bool = True) -> str:
        if text is not None and overwrite:
            assert self.sheet.deletes_no_letters, "Excel would give all the user's text one font"
            self.whole = text
        elif text is not None:
            ensure_short(text)
            units = self.whole.encode("utf-16-le")
            before, behind = units[: 2 * (start - 1)], units[2 * (start - 1) :]
            self.whole = (before + text.encode("utf-16-le") + behind).decode("utf-16-le")
        return self.whole

    def delete(self) -> None:
        self._may_change()
        self.sheet.stored[self.parent.address].comment = None

    def _may_change(self) -> None:
        if self.sheet.protect_drawing_objects:
            raise refusal("工作表受保护")
