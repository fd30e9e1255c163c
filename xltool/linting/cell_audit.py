"""The audit of a new workbook's cells: those that no equation checks, and those that no equation tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xltool.equations.instances import all_equations, formulas
from xltool.layout.plan import plan
from xltool.linting.advice import Advice
from xltool.linting.algebra.coverage import alike, uncovered
from xltool.linting.algebra.vectors import Expansion, typed_cells
from xltool.linting.outlines import usual_outline
from xltool.linting.words import alike_in_words, by_table, cells_in_words
from xltool.model import Severity
from xltool.template.spec import Template

ONE_SIDED = "只有“不大于、不小于”的规则核对的格子（只查得出一个方向的错）"
UNCOVERED = "没有等式核对的格子（填错了查不出来；能与别处核对的，请在 rules.toml 里加规则）"
ALIKE = "等式分不开的格子（同组的数互换、填错行或填错栏，查不出来）"


def cell_advice(template: Template, files: Mapping[str, str]) -> Iterator[Advice]:
    """Wrong figures that the template's equations can't notice; `files` has the file of every table."""
    layout = plan(template, usual_outline(template))
    live = formulas(layout)
    expansion = Expansion(live)
    typed = typed_cells(layout, live)
    equations = all_equations(layout)
    rows = [expansion.residual(equation) for equation in equations]
    unchecked = set(uncovered(typed, rows))
    one_sided = set(uncovered(typed, [row for e, row in zip(equations, rows, strict=True) if not e.is_inequality]))
    for topic, cells in ((UNCOVERED, unchecked), (ONE_SIDED, one_sided - unchecked)):
        for table, places in by_table(cells, layout).items():
            yield Advice(Severity.WARNING, f"{files[table]}：{cells_in_words(places, layout)}", topic)
    for table, text in alike_in_words(alike(typed, rows), layout):
        yield Advice(Severity.REMARK, f"{files[table]}：{text}", ALIKE)
