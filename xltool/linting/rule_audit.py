"""The audit of a template's rules: links that can't be formulas, rules that contradict or repeat others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from xltool.equations.instances import all_equations, formulas
from xltool.layout.block import Place
from xltool.layout.equation import Equation
from xltool.layout.layout import Layout
from xltool.layout.plan import plan
from xltool.linting.advice import Advice
from xltool.linting.algebra.contradiction import Contradiction, OwnedVector, contradictions, with_slack
from xltool.linting.algebra.redundancy import redundant_rules
from xltool.linting.algebra.vectors import ONE, Expansion, Vector, is_whole
from xltool.linting.outlines import branching_outline, usual_outline
from xltool.linting.words import by_table, cell_in_words, cells_in_words
from xltool.model import Severity
from xltool.template.spec import Template

ONLY_ZERO = "只能填 0 的格子（几条规则合起来，只许它们是 0；应当能填数的，请看是不是有规则漏了它们）"
REDUNDANT = "能从别的规则推出的规则（不是错；留着，对不上时能指得更准）"


def circle_advice(template: Template) -> Iterator[Advice]:
    """Formulas that depend on themselves: Excel refuses to calculate them, and nothing else can be audited."""
    for outline in (usual_outline(template), branching_outline(template)):
        layout = plan(template, outline)
        live = formulas(layout)
        circle = _circle(live)
        if circle:
            used = {live[place].rule for place in circle}
            rules = "、".join(rule for rule in template.rules if rule in used)
            cells = " → ".join(cell_in_words(place, layout) for place in [*circle, circle[0]])
            text = f"公式加来加去又加到自己（{rules}）：{cells}。请去掉其中一条规则的 link，或改正 sum"
            yield Advice(Severity.ERROR, f"rules.toml：{text}")
            return


def _circle(live: Mapping[Place, Equation]) -> list[Place]:
    """Cells of which each formula uses the next, and the last one's the first; none if there is no circle."""
    waiting = dict(live)
    ready: Sequence[Place] = list(live)
    while ready:
        ready = [place for place, equation in waiting.items() if not any(t.place in waiting for t in equation.right)]
        for place in ready:
            del waiting[place]
    path: list[Place] = []
    for place in waiting:
        while place not in path:
            path.append(place)
            place = next(term.place for term in waiting[place].right if term.place in waiting)
        return path[path.index(place) :]
    return []


def link_advice(template: Template) -> Iterator[Advice]:
    """Rules marked `link` whose left side can't have the formula."""
    layout = plan(template, branching_outline(template))
    live = formulas(layout)
    targets: dict[str, list[tuple[Place, Equation]]] = {}
    for equation in all_equations(layout):
        if not equation.structural and equation.target is not None and equation.right:
            targets.setdefault(equation.rule, []).append((equation.target, equation))
    useless = {
        rule: cells[0][0]
        for rule, cells in targets.items()
        if not any(live.get(target) is equation for target, equation in cells)
    }
    for rule in template.rules.values():
        where = f"rules.toml：rule “{rule.id}”.link"
        if not rule.link or rule.comparison is None:
            continue
        (coefficient, reference), *more = rule.comparison.left
        if more or coefficient != 1 or reference.summed:
            yield Advice(Severity.ERROR, f"{where}：等号左边应正好是一格，才能用公式取右边的数")
        elif target := useless.get(rule.id):
            yield Advice(Severity.WARNING, f"{where}：{cell_in_words(target, layout)}已有别的公式，link 不起作用")


def rule_advice(template: Template, files: Mapping[str, str]) -> Iterator[Advice]:
    """Rules that leave no room for figures, and rules that say nothing new; `files` has the file of every table."""
    layout = plan(template, branching_outline(template))
    equations = [equation for equation in all_equations(layout) if is_whole(equation, layout)]
    sums: dict[Place, Equation] = {}
    for equation in equations:
        if equation.structural and equation.target is not None and equation.right:
            sums.setdefault(equation.target, equation)
    expansion = Expansion(sums)
    strict = [
        (_owner(equation), with_slack(row, equation.relation, number) if equation.is_inequality else row)
        for number, equation in enumerate(equations)
        if _is_strict(equation, template) and (row := expansion.residual(equation))
    ]
    never_negative = _never_negative(layout)
    totals = _loose_totals(equations, expansion, layout)
    for found in contradictions([*strict, *totals.values()], never_negative):
        is_mistake = bool(found.cells & totals.keys()) or _is_mistake(
            found, layout, equations, expansion, never_negative
        )
        yield _contradiction(found, is_mistake, layout, files)
    linear = [(_owner(e), expansion.residual(e)) for e in equations if not e.is_inequality]
    for rule, others in redundant_rules([(rule, row) for rule, row in linear if row or rule]):
        text = f"从 {'、'.join(others)} 和表里的合计推出" if others else "从表里的合计推出"
        yield Advice(Severity.REMARK, f"rules.toml：rule “{rule}”：{text}", REDUNDANT)


def _loose_totals(equations: Iterable[Equation], expansion: Expansion, layout: Layout) -> Mapping[Place, OwnedVector]:
    """The totals that rules speak of, as sums of their parts, where some parts may be negative and others may not.

    Such a total can be forced to 0 (收入总计, of which 上年结转 is a part) without any of its parts.
    """
    spoken_of = sorted({place for e in equations if not e.structural for _, place in (*e.left, *e.right)})
    found: dict[Place, OwnedVector] = {}
    for place in spoken_of:
        parts = expansion.of(place)
        kinds = {layout.may_be_negative(cell) for cell in parts}
        if place not in parts and len(kinds) > 1:
            whole: Vector = {place: 1}
            found[place] = ("", whole | {cell: -weight for cell, weight in parts.items()})
    return found


def _owner(equation: Equation) -> str:
    return "" if equation.structural else equation.rule


def _is_strict(equation: Equation, template: Template) -> bool:
    """Whether it is an error if it does not hold; what usually holds contradicts nothing."""
    rule = template.rules[equation.rule]
    return equation.structural or (rule.severity is Severity.ERROR and rule.warning_if is None)


def _never_negative(layout: Layout) -> set[Place]:
    if not layout.template.uses("not_negative"):
        return set()
    live = formulas(layout)
    return {
        place
        for block in layout.blocks
        for place in block.figures()
        if place not in live and not layout.may_be_negative(place)
    }


def _is_mistake(
    found: Contradiction,
    layout: Layout,
    equations: Iterable[Equation],
    expansion: Expansion,
    never_negative: Set[Place],
) -> bool:
    """Whether rules that force cells to 0 must be wrong.

    They are if they speak of such a cell or leave nothing for a whole column. Not if cells may be negative: 结转 and
    增减变化 are what is left over, 0 in most budgets, and rules pass over them. Nor if only a total speaks of a cell:
    its row may be out of use (人行科目), or not be meant for the column (30913 for 基本支出), or be forgotten.
    """

    def can_only_be_zero(place: Place) -> bool:
        cells = expansion.of(place).keys()
        return cells <= found.cells and bool(cells & never_negative)

    if ONE in found.cells or (not found.rules and found.cells & never_negative):
        return True
    mentioned = [e for e in equations if e.rule in found.rules]
    if any(can_only_be_zero(place) for e in mentioned for _, place in (*e.left, *e.right)):
        return True
    columns = {(place.block, place.column) for place in found.cells}
    return any(all(can_only_be_zero(line[column]) for line in layout.blocks[block].places) for block, column in columns)


def _contradiction(found: Contradiction, is_mistake: bool, layout: Layout, files: Mapping[str, str]) -> Advice:
    live = formulas(layout)
    cells = {place for place in found.cells if place not in live} or found.cells
    where = "；".join(
        f"{files[table]}：{cells_in_words(places, layout)}" for table, places in by_table(cells - {ONE}, layout).items()
    )
    rules = "、".join(found.rules)
    if not is_mistake:
        return Advice(Severity.WARNING, f"{where}（规则 {rules}）", ONLY_ZERO)
    if len(found.rules) > 1:
        subject = f"规则 {rules} 互相矛盾"
    else:
        subject = f"规则 {rules} 与表里的合计矛盾" if rules else "各表的 sum 互相矛盾"
    result = "没有数能符合" if ONE in found.cells else f"符合时这些格子只能是 0：{where}"
    return Advice(Severity.ERROR, f"rules.toml：{subject}，{result}")
