"""Finds the table in a sheet: its title, the line above the headings, its bands of headings and rows, its notes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from xltool.drafting import words
from xltool.drafting.seen.forms import FormField, FormLine, form_line, side_form
from xltool.drafting.seen.heading_tree import Leaf, leaves_at, leaves_beside
from xltool.drafting.seen.page import Page
from xltool.drafting.seen.tops import is_printed_again, placed, texts_of, top_of
from xltool.template.names import normal

_LONG_TEXT = 15
_LABEL_AND_ANSWER = 2
_WIDE = 3


@dataclass
class Grid:
    """Headings with rows below them; `side` is the text merged down the left of it, `helper` the sheet column beside
    the table that holds codes (0 if none)."""

    leaves: list[Leaf]
    first: int
    last: int
    side: str = ""
    is_numbered: bool = False
    helper: int = 0


@dataclass
class Form:
    """Labelled cells, line by line, as many on each; `side` is the text merged down the left of them."""

    lines: list[FormLine] = field(default_factory=list)
    side: str = ""

    @property
    def fields(self) -> list[FormField]:
        """All its fields."""
        return [field for line in self.lines for field in line.fields]

    @property
    def per_line(self) -> int:
        """How many fields stand on a line."""
        return max(len(line.fields) for line in self.lines)


Band = Grid | Form


@dataclass
class Found:
    """The table of one sheet; `header` are the texts at the left, centre and right above the headings.

    A form repeated for each project is one table: `each` says so, `members` are the projects, and `sheet` is the
    pattern of the sheets' names ("" for a table of one sheet). `skipped` are the rows that are none of all this.
    """

    page: Page
    title: str
    number: str
    header: tuple[str, str, str]
    bands: list[Band]
    notes: list[str]
    skipped: list[int] = field(default_factory=list)
    each: str = ""
    members: list[str] = field(default_factory=list)
    sheet: str = ""

    @property
    def forms(self) -> list[Form]:
        """The bands that are forms."""
        return [band for band in self.bands if isinstance(band, Form)]

    @property
    def grids(self) -> list[Grid]:
        """The bands that have headings."""
        return [band for band in self.bands if isinstance(band, Grid)]


def find_table(page: Page) -> Found | None:
    """The table of a sheet; None for a cover, a list of tables, or a sheet without headings."""
    if page.height == 0 or words.NOT_A_TABLE.fullmatch(normal(page.sheet.name)):
        return None
    top = top_of(page)
    if words.NOT_A_TABLE.fullmatch(normal(top.title)):
        return None
    left, right = _edges(page, top.first_row)
    bands, notes, skipped = _bands(page, top.first_row, left, right)
    if not _are_table(bands):  # the answers of a form that is still blank make whole columns blank
        right = page.last_column
        bands, notes, skipped = _bands(page, top.first_row, left, right)
    if not _are_table(bands):
        return None
    header = placed(top.header, left, right)
    return Found(page, top.title or page.sheet.name, top.number, header, bands, notes, skipped)


def _are_table(bands: list[Band]) -> bool:
    return any(isinstance(band, Grid) or len(band.lines) > 1 for band in bands)


def _edges(page: Page, first: int, start: int = 1) -> tuple[int, int]:
    """From column `start` on: the first column with anything in it from row `first` on, and the last one before a
    column without; (0, 0) if there is none."""
    used = [
        any(page.text(row, column) or page.rect(row, column).left < column for row in range(first, page.height + 1))
        for column in range(1, page.last_column + 1)
    ]
    if True not in used[start - 1 :]:
        return 0, 0
    left = used.index(True, start - 1) + 1
    right = left
    while right < page.last_column and used[right]:
        right += 1
    return left, right


def _bands(page: Page, first: int, left: int, right: int) -> tuple[list[Band], list[str], list[int]]:
    """The bands from row `first` on, the notes below them, and the rows that are neither."""
    bands: list[Band] = []
    skipped: list[int] = []
    row = first
    while row <= page.height:
        if bands and _is_note(page, row, left, right):
            return bands, list(_notes(page, row)), skipped
        form = bands[-1] if bands and isinstance(bands[-1], Form) else None
        grid = _grid(page, row, left, right, form)
        line = None if grid else form_line(page, row, left, right)
        beside = None if grid or line else side_form(page, row, left, right, form is not None)
        if grid:
            bands.append(grid)
            row = grid.last + 1
        elif beside:
            bands.append(Form(beside, page.text(row, left)))
            row = beside[-1].bottom + 1
        elif line:
            _add_line(bands, line)
            row = line.bottom + 1
        else:
            skipped += [row] if texts_of(page, row) else []
            row += 1
    return bands, [], skipped


def _add_line(bands: list[Band], line: FormLine) -> None:
    """Add the line to the form above it if that has as many fields on a line, else begin another form."""
    last = bands[-1] if bands else None
    if not isinstance(last, Form) or last.side or last.per_line != len(line.fields):
        last = Form()
        bands.append(last)
    last.lines.append(line)


def _is_note(page: Page, row: int, left: int, right: int) -> bool:
    """Whether a row below the table is a note: it says so, or it is a long text over the whole width with no figure
    further down."""
    texts = texts_of(page, row)
    if not texts:
        return False
    column, text = texts[0]
    if words.ends_table(text):
        return len(texts) == 1 or bool(words.SIGNATURES.search(normal(text)))
    rect = page.rect(row, column)
    is_whole_line = len(texts) == 1 and rect.left == left and rect.right >= right > left
    return is_whole_line and len(text) > _LONG_TEXT and not _has_figures(page, row)


def _has_figures(page: Page, first: int) -> bool:
    return any(
        page.is_number(row, column)
        for row in range(first, page.height + 1)
        for column in range(1, page.last_column + 1)
    )


def _notes(page: Page, first: int) -> Iterator[str]:
    for row in range(first, page.height + 1):
        texts = texts_of(page, row)
        if texts and not words.SIGNATURES.search(normal(texts[0][1])):
            yield texts[0][1]


def _grid(page: Page, row: int, left: int, right: int, form: Form | None) -> Grid | None:
    """The grid whose headings begin in `row`, with its rows; None if none does. `form` is the one right above."""
    side = _side(page, row, left, right)
    leaves = leaves_beside(page, row, left + 1, right) if side else leaves_at(page, row, left, right)
    if leaves is None or (not side and _is_filled_form(page, row, leaves, left, right, form)):
        return None
    leaves += _leaves_beyond(page, row, right)
    bottom = max(leaf.bottom for leaf in leaves)
    is_numbered = _is_numbering(page, bottom + 1, leaves)
    first = bottom + 1 + is_numbered
    last = first - 1
    for line in range(first, page.height + 1):
        is_same = _is_divided_alike(page, line, leaves) or is_printed_again(page, line, first)
        is_other = not side and not is_same and _begins_band(page, line, left, right)
        if _is_note(page, line, left, right) or is_other:
            break
        if side and page.rect(line, left)[:2] != (row, left):
            break
        last = line
    helper = _helper(page, row, bottom, right)
    return Grid(leaves, first, last, side, is_numbered, helper)


def _leaves_beyond(page: Page, row: int, right: int) -> list[Leaf]:
    """The headings of blocks that stand beside this one behind a blank column."""
    leaves: list[Leaf] = []
    left, right = _edges(page, row, right + 1)
    while left:
        leaves += leaves_at(page, row, left, right) or []
        left, right = _edges(page, row, right + 1)
    return leaves


def _side(page: Page, row: int, left: int, right: int) -> str:
    """The text merged down the left of a band that begins in `row`: it reaches below the headings beside it."""
    rect = page.rect(row, left)
    if rect.top != row or rect.bottom == row or rect.right > left or not page.text(row, left):
        return ""
    beside = leaves_beside(page, row, left + 1, right)
    if beside is None or rect.bottom <= max(leaf.bottom for leaf in beside):
        return ""
    return page.text(row, left)


def _begins_band(page: Page, row: int, left: int, right: int) -> bool:
    """Whether another band begins below a grid: a side heading, or a form's line over the whole width."""
    line = form_line(page, row, left, right)
    has_side = bool(_side(page, row, left, right)) or side_form(page, row, left, right) is not None
    return has_side or (line is not None and line.is_wide)


def _is_filled_form(page: Page, row: int, leaves: list[Leaf], left: int, right: int, form: Form | None) -> bool:
    """Whether a row with a text in every cell is a filled form's line.

    It is one label with a wide answer, it goes on with a form, or headings of several rows begin right below.
    """
    if max(leaf.bottom for leaf in leaves) > row:
        return False
    if len(leaves) == _LABEL_AND_ANSWER and leaves[1].right - leaves[1].left + 1 >= _WIDE:
        return True
    if len(leaves) > _LABEL_AND_ANSWER and len(leaves) % 2 == 0 and _goes_on(page, row, leaves, form):
        return True
    below = leaves_at(page, row + 1, left, right)
    has_levels = below is not None and any(len(leaf.path) > 1 for leaf in below)
    is_list = _is_divided_alike(page, row + 1, leaves)
    return has_levels or (not is_list and _begins_band(page, row + 1, left, right))


def _goes_on(page: Page, row: int, leaves: list[Leaf], form: Form | None) -> bool:
    """Whether a line of texts is one of several lines of a form: by its words, or as the last of lines
    that are divided alike."""
    answers = [(leaf.left, leaf.right) for leaf in leaves[1::2]]
    is_below = form is not None and answers == [(one.answer.left, one.answer.right) for one in form.lines[-1].fields]
    is_last = not _is_divided_alike(page, row + 1, leaves)
    if _are_form_labels(page, row, leaves[::2]) and not any(_are_form_labels(page, row, [a]) for a in leaves[1::2]):
        return is_below or is_last or _are_form_labels(page, row + 1, leaves[::2])
    return is_below and is_last


def _are_form_labels(page: Page, row: int, leaves: list[Leaf]) -> bool:
    return all(words.FORM_LABEL.search(normal(page.text(row, leaf.left))) for leaf in leaves)


def _is_divided_alike(page: Page, row: int, leaves: list[Leaf]) -> bool:
    """Whether a row has one cell below each heading."""
    cells = [page.rect(row, leaf.left) for leaf in leaves]
    return [(cell.left, cell.right) for cell in cells] == [(leaf.left, leaf.right) for leaf in leaves]


def _is_numbering(page: Page, row: int, leaves: list[Leaf]) -> bool:
    """Whether a row numbers the columns: 栏次, or 1, 2, 3 …"""
    if normal(page.text(row, leaves[0].left)) == "栏次":
        return True
    numbers = [int(text) for leaf in leaves if (text := normal(page.text(row, leaf.left))[:9]).isdecimal()]
    return len(numbers) >= max(2, len(leaves) - 3) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _helper(page: Page, top: int, bottom: int, right: int) -> int:
    """The sheet column with the codes beside the table, as in the workbooks that we write."""
    for column in range(right + 2, page.last_column + 1):
        if any(normal(page.text(row, column)) == "科目编码" for row in range(top, bottom + 1)):
            return column
    return 0
