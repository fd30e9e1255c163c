"""What a template is made of: tables, blocks, heading columns, rows and rules, as loaded from TOML.

Every text that is printed may hold the placeholders {department}, {year}, {last_year} and {amount_unit}.
A folder `workbook_templates/NAME/` holds `template.toml`, one file a table, `rules.toml` and `merge.toml`; what the
keys of these files mean is said here, field by field, under the same names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from xltool.expression import Comparison, Reference
from xltool.model import Path, Severity

CODE_LEVELS = {"function": (3, 5, 7), "economic": (3, 5)}
"""Lengths of the codes of each classified dimension, from the coarsest to the finest (类 款 项)."""

DIMENSION_NAMES = {
    "unit": "单位",
    "function": "功能科目",
    "economic": "经济科目",
    "project": "项目",
    "item": "品目",
    "indicator": "指标",
}
"""What rows can repeat over, and what users call it; an item may be a 子项目 too."""

DIMENSIONS = tuple(DIMENSION_NAMES)

YUAN = {"万元": 10_000, "元": 1}
"""How many 元 one amount unit is."""

FORM_COLUMN: Path = ("内容",)
"""The one column that the fields of a form are in."""

FIGURES = ("amount", "percent", "number")
"""The kinds of cells that hold a number: money, a share (0.9813, printed 98.13%), a count or measure without unit."""

_PLACEHOLDER = re.compile(r"\{(?:last_)?year\}(?:年度?)?|\{n\}、?|\{\w+\}")


class Part(NamedTuple):
    """One addend of a sum, with sign +1 or -1 (written "-id").

    For a column, `path` is the full path of the other column. For a row it is one name: a sibling's id, "rows" (the
    rows nested in this one) or a dimension (that dimension's top-level rows).
    """

    path: Path
    sign: int = 1


class SameAs(NamedTuple):
    """The lines of an older template that a line goes on from, as `xltool.template.same_as` reads them; () if none."""

    template: str
    lines: tuple[str, ...]


class Column(NamedTuple):
    """One leaf column; `path` is the ids from the top heading down to it.

    TOML: `id`, `under` (the headings above it, joined by "/"), `kind`, `sum`, `rule`, `text`, `note`, `width`, `span`,
    `negative`, `decimals` (if not those of the table), `parts`, `words`, `also`, `same_as`.

    kind:
      amount  an amount of money (the default)
      percent a share: the fact is 0.9813, the cell shows 98.13%
      number  a count or measure that has no unit of money, such as 数量
      text    free text that is part of the facts, such as 主要内容
      label   the row's own label: a fixed row's text, a unit, a project, or a 科目 name where no code column exists.
              Of several label columns the first has the labels of the outer rows, the next those of the rows in them
      code    the row's 科目编码; with `parts` (类, 款, 项) it fills so many columns, and is chosen beside the table
      name    the row's 科目名称; rows that are no 科目 show their label here if the block has no label column
      path    one level of an indicator's path (一级指标, 二级指标, 三级指标), in order
      serial  序号, counted by the writer
      fixed   the same `text` in every row (printed once, merged)
      field   the values of a form; each row says its kind
    words: true for a text column that holds words, never a number or a percentage alone (主要内容, but not 完成情况,
    which may be 100%): where one holds a number, the cells of its row may stand under the wrong headings.
    also: other spellings of its own heading; a workbook is searched for the printed one first.
    merge: how it merges in a 汇总, see `xltool.template.merge_ways`; amounts and counts are added up unless it says so.
    """

    path: Path
    kind: str = "amount"
    sum: tuple[Part, ...] = ()
    rule: str = "A04"
    text: str = ""
    note: str = ""
    width: float | None = None
    span: int = 1
    negative: bool = False
    decimals: int | None = None
    parts: tuple[str, ...] = ()
    words: bool = False
    also: tuple[str, ...] = ()
    merge: str = ""
    same_as: tuple[SameAs, ...] = ()

    @property
    def id(self) -> str:
        """The leaf's own name."""
        return self.path[-1]


class Row(NamedTuple):
    """One row, or a run of rows repeated over a dimension.

    TOML: `id`, `label` (the text printed; the id if absent), `sum`, `rule`, `rows` (rows below it, whose paths go
    through this one), `group`, `each`, `levels`, `ordinals`, `negative`, `optional`, `footer`, `indent`,
    `also`, `same_as`. A field of a form has `id`, `label`, `kind`, `decimals`, `choices`, `negative`, `also` and
    `same_as`.

    sum: a list of sibling ids (one may be "-id"), "rows" (the rows nested in it), or a dimension: the sum of that
    dimension's top-level rows nested in this row (单位 = Σ类) or, if it has none, beside it (合计 = Σ类, 部门 = Σ单位),
    in groups too.
    each: the dimension the row repeats over. A classified dimension (function, economic) prints the codes of `levels`,
    where each code is the sum of the codes right below it (rule A03). Rows of `each` have no id of their own: their
    path ends in the code or name of the member.
    ordinals: 一、二、… before the names of the top level.
    footer: true for rows that stand at the foot, on the same line in blocks side by side.
    optional: a new workbook has none of these rows unless they are chosen (政府性基金).
    negative: amounts below zero are legitimate here (结转, 增减变化).
    also: other spellings of its label; a workbook is searched for the printed one first.
    group: true for a row without a line of its own: its label stands in a column left of the rows in it.
    kind: what a field of a form holds: "text" (the default), one of FIGURES, or "member": the name of the project (or
    other member) that a form repeated by its table's `each` is about.
    choices: the texts that can be chosen for a field. merge: as for a column.
    """

    id: str = ""
    label: str = ""
    sum: tuple[Part, ...] = ()
    rule: str = ""
    rows: tuple[Row, ...] = ()
    each: str = ""
    levels: tuple[int, ...] = ()
    ordinals: bool = False
    footer: bool = False
    negative: bool = False
    optional: bool = False
    indent: int = 0
    group: bool = False
    kind: str = "text"
    decimals: int | None = None
    choices: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    merge: str = ""
    same_as: tuple[SameAs, ...] = ()


class Block(NamedTuple):
    """One rectangle of a table with its own row headings.

    TOML: `columns`, `rows`, `place` ("below" the block before it, the default, or "right" of it), `side` (a heading
    merged down the left of the block), or, instead of columns and rows, `fields`: a form's labelled cells, `per_line`
    of them on a line (2, or 1 where a field's `span` says that it is wide). A field is the row (id,) with the one
    column ("内容",); one with the label "" has no cell for its label and stands right below the field before it.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    place: str = "below"
    side: str = ""
    is_form: bool = False
    per_line: int = 2

    @property
    def amounts(self) -> tuple[int, ...]:
        """Indexes of the amount columns."""
        return tuple(i for i, column in enumerate(self.columns) if column.kind == "amount")


class Table(NamedTuple):
    """One sheet of a template.

    TOML: `id`, `title`, `number` (表1), `sheet` (the sheet's name; the id if absent), `header` (texts at the left,
    centre and right above the headings), `numbered_columns` (a 栏次 row), `decimals`, `amount_unit` (if not that of the
    other tables), `headings` (text printed for a heading whose id differs), `notes` (always printed), `empty_note`
    (printed when the table has no figure), `block`, `each`, `also` (other spellings of the title), `same_as`.

    each: "project" for a form of which there is one sheet a project. Its title, number and sheet name may hold {n} (the
    sheet's number among them) and {member} (the project); the rows of its blocks are nested in the project's, which is
    a group, so that the path of a fact begins with the project.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    sheet: str = ""
    header: tuple[str, ...] = ()
    numbered_columns: bool = False
    decimals: int = 2
    headings: Mapping[str, str] = MappingProxyType({})
    notes: tuple[str, ...] = ()
    empty_note: str = ""
    each: str = ""
    amount_unit: str = ""
    also: tuple[str, ...] = ()
    headings_also: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    same_as: tuple[SameAs, ...] = ()

    @property
    def name(self) -> str:
        """The title as messages give it: without the department and the year that many formats print before it."""
        return _PLACEHOLDER.sub("", self.title)

    def number_of(self, block: Block) -> int:
        """The index of one of the table's blocks among them; blocks that look alike are told apart."""
        return next(i for i, other in enumerate(self.blocks) if other is block)


class Slot(NamedTuple):
    """A column that a predicate looks at, or a field of a form by its id."""

    column: Path
    field: str = ""


class Rule(NamedTuple):
    """One line that a budget officer wrote.

    TOML: `id`, `name`, `each` (dimensions), `levels` (only codes of these lengths), `check` (an equation or
    inequality, see `xltool.expression`) or `predicate` (a named test, a file of `xltool.checking.predicates`), `link`
    (true: the left side's cell gets the right side of the equation as its live formula), `severity` ("error" or
    "warning"), `warning_if` (TABLE[ROW, COLUMN]: no more than a warning while a figure there is not 0), `hint` (what to
    look at), `pass` and `fail` (examples: table -> row path -> column path -> value; a row without cells is one that
    the workbook lacks). A rule of kind "structure" has neither check nor predicate: its equations follow from `sum` in
    rows and columns, which name it.

    What a predicate is told: `table`, `columns` (of that table, or fields of its form) and `against` (the figures of
    another place, written TABLE[ROW, COLUMN]).
    """

    id: str
    name: str
    hint: str
    check: str = ""
    comparison: Comparison | None = None
    predicate: str = ""
    table: str = ""
    columns: tuple[Slot, ...] = ()
    against: Reference | None = None
    each: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    link: bool = False
    severity: Severity = Severity.ERROR
    warning_if: Reference | None = None
    passing: tuple[Example, ...] = ()
    failing: tuple[Example, ...] = ()


Example = Mapping[str, Mapping[str, Mapping[str, Decimal | str]]]


class Elimination(NamedTuple):
    """One kind of 内部往来 that a 汇总 counts twice: what one unit receives, another one pays.

    TOML, in `[[eliminate]]`: `name`; `income` and `expenditure`, the cells of the receiver and of the payer (written
    TABLE[ROW, COLUMN], or a list where the same amount is typed in at several places: the first is what the unit says);
    a format that does not print what is paid has no `expenditure`, so that nothing can be eliminated. `pass` and `fail`
    are examples, as in rules: both sides agree, and without them every rule still holds; or they differ.
    """

    name: str
    income: tuple[Reference, ...] = ()
    expenditure: tuple[Reference, ...] = ()
    passing: tuple[Example, ...] = ()
    failing: tuple[Example, ...] = ()


class Merging(NamedTuple):
    """What 汇总 must know of a format (merge.toml, which a format without units does not need).

    TOML: `income` and `expenditure`, where 收入总计 and 支出总计 stand (TABLE[ROW, COLUMN]); `adjustment`, what the
    adjustment table is called where units have rows; `eliminate`, see Elimination.
    """

    income: Reference | None = None
    expenditure: Reference | None = None
    adjustment: str = "内部往来抵销"
    eliminations: tuple[Elimination, ...] = ()


class Template(NamedTuple):
    """One official format.

    TOML: `title`, `region`, `year`, `amount_unit` ("元" or "万元"), `decimals`, `zero` ("blank" or "zero": how a zero
    is printed), `source`, `tables` (file names without ".toml", in order), and `[outline]` with `department`, `unit`,
    `function`, `economic`, `project`, `indicator`: the rows of a new workbook when the user does not choose; `version`
    (1 if absent), to be counted up when rows or columns change after workbooks were handed out.
    """

    id: str
    title: str
    region: str
    year: int
    amount_unit: str
    zero: str
    source: str
    tables: Mapping[str, Table]
    rules: Mapping[str, Rule]
    department: str
    members: Mapping[str, tuple[str, ...]]
    merging: Merging = Merging()
    version: int = 1

    def uses(self, predicate: str) -> bool:
        """Whether one of the rules is this predicate."""
        return any(rule.predicate == predicate for rule in self.rules.values())
