"""Makes the rows of blocks that list units: 部门 above them, and the 科目 or projects of each below it."""

from __future__ import annotations

from dataclasses import dataclass, field

from xltool.drafting import words
from xltool.drafting.rows.fixed_rows import DEPARTMENT_ROW, fixed_row, named
from xltool.drafting.rows.lines import LabelledLine, is_total
from xltool.drafting.seen.page import Page
from xltool.drafting.spec import DraftBlock, DraftRow, Instance
from xltool.template.names import normal
from xltool.template.spec import CODE_LEVELS


def lists_only_units(block: DraftBlock) -> bool:
    """Whether a block tells units from everything else: by a column of codes, or because it has nothing else."""
    label = block.column("label")
    return label is not None and bool(words.UNITS_OWN_COLUMN.fullmatch(normal(label.headings[-1])))


def unit_rows(
    page: Page, block: DraftBlock, lines: list[LabelledLine], heads: words.Heads, units: set[str]
) -> list[DraftRow]:
    """部门, then each unit with its 科目 or projects; totals above or below them."""
    dimension = block.dimension or ("" if lists_only_units(block) else "project")
    found = _Rows(page, block, heads, units, DraftRow(each="unit"), DraftRow(each=dimension))
    for i, line in enumerate(lines):
        if line.code and dimension:
            found.take_code(line)
        elif is_total(line):
            (found.after if found.run.instances else found.before).append(fixed_row(line, heads))
        elif found.is_unit(lines, i):
            found.take_unit(line.row, line.text)
        elif found.current and dimension and not block.dimension:
            found.below.instances.append(Instance(line.row, found.current, line.text))
        else:
            found.take_other(line)
    if block.dimension:
        set_levels(found.below)
    elif dimension:
        set_items(page, block, found.below, lines)
    found.run.rows = [found.below] if dimension else []
    return named([*found.before, found.run, *found.after])


def set_items(page: Page, block: DraftBlock, projects: DraftRow, lines: list[LabelledLine]) -> None:
    """Lines set off below a project become its items; so will the blank lines that the formula of one adds up."""
    label = block.column("label")
    items = DraftRow(each="item")
    own: list[Instance] = []
    for instance in projects.instances:
        if own and label is not None and page.is_set_off(instance.line, label.at):
            items.instances.append(Instance(instance.line, own[-1].line, instance.member))
        else:
            own.append(instance)
    projects.instances = own
    items.optional = not items.instances
    projects.rows = [items] if items.instances or _add_up_blanks(page, block, projects, lines) else []


def _add_up_blanks(page: Page, block: DraftBlock, run: DraftRow, lines: list[LabelledLine]) -> bool:
    """Whether the formulas of a run add up lines that are still blank: something will stand below them."""
    labelled = {line.row for line in lines}
    for row in (instance.line for instance in run.instances):
        for column in block.amounts:
            terms = page.terms(row, column.at)
            if terms and all(cell.column == column.at and cell.row not in labelled for cell in terms):
                return True
    return False


@dataclass
class _Rows:
    """The rows made so far: the run of units, what is below each of them, and fixed rows before and after.

    `current` is the line of the unit that lines belong to, 0 above the first one.
    """

    page: Page
    block: DraftBlock
    heads: words.Heads
    units: set[str]
    run: DraftRow
    below: DraftRow
    before: list[DraftRow] = field(default_factory=list)
    after: list[DraftRow] = field(default_factory=list)
    current: int = 0

    def take_unit(self, line: int, name: str) -> None:
        """A unit whose line it is, or, as a negative number, whose first 科目 stands on it."""
        self.run.instances.append(Instance(line, member=name))
        self.units.add(normal(name))
        self.current = line

    def take_code(self, line: LabelledLine) -> None:
        """A 科目; the unit printed on the same line has no line of its own."""
        label = self.block.column("label")
        beside = self.page.sheet.label(line.row, label.at) if label is not None and self.block.column("code") else ""
        if beside:
            self.take_unit(-line.row, beside)
        if self.current:
            self.below.instances.append(Instance(line.row, self.current, line.code))

    def take_other(self, line: LabelledLine) -> None:
        """A name above the units: the first one is the whole department."""
        row = fixed_row(line, self.heads)
        row.id = row.id if self.before else DEPARTMENT_ROW
        self.before.append(row)

    def is_unit(self, lines: list[LabelledLine], i: int) -> bool:
        """Whether line `i` is a unit: the first one is the whole department if another name follows right below it,
        unless it says that it is the department's own office."""
        only_units = lists_only_units(self.block)
        if self.run.instances:
            return only_units or normal(lines[i].text) in self.units
        is_alone = i + 1 == len(lines) or bool(lines[i + 1].code)
        is_first = all(is_total(line) for line in lines[:i])
        has_projects = not self.block.dimension and not only_units
        is_own = bool(words.OWN_OFFICE.search(normal(lines[i].text)))
        return not is_first or is_alone or is_own or (has_projects and normal(lines[i + 1].text) not in self.units)


def set_levels(row: DraftRow) -> None:
    """The lengths of the codes found; a new workbook of a table without any has none either."""
    found = {len(instance.member) for instance in row.instances}
    row.levels = tuple(level for level in CODE_LEVELS[row.each] if level in found) or CODE_LEVELS[row.each]
    row.optional = not found
