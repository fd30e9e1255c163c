"""Tells a whole line that is wrong: where it is, how it looks to have come about, and what then agrees."""

from __future__ import annotations

from decimal import Decimal

from xltool.checking.check import Checked
from xltool.checking.problems import WRONG_LINE, problem
from xltool.checking.tell.related import MAX_RELATED, related_cells
from xltool.checking.tell.words import Words, quoted
from xltool.diagnose.lines.guess import Cause, Guess
from xltool.diagnose.lines.trial import Undone
from xltool.layout.block import BlockAt, Place
from xltool.model import Culprit, Explanation, Finding, Role, Statement, Value, column_letters

_UNITS = {True: ("元", "除以"), False: ("万元", "乘以")}


def told(checked: Checked, undone: Undone) -> Finding:
    """One finding at the first cell of the line, with what else does not hold because of it."""
    guess, words = undone.guess, checked.words
    first = _first(checked, guess)
    layout = checked.book.layout
    clears = f"{len(undone.cleared)} 处不符都对上"
    others = dict.fromkeys(place for outcome in undone.cleared for place in outcome.equation.places)
    others.pop(first, None)
    rules = "、".join(dict.fromkeys(outcome.equation.rule for outcome in undone.cleared))
    wrong = sorted({*guess.changes, *undone.found}) or [first]
    culprits = tuple(_culprit(checked, place, undone.values.get(place)) for place in wrong[:MAX_RELATED])
    finding = problem(WRONG_LINE, _statement(words, undone, clears), layout.key(first), layout.cell(first))
    return finding._replace(
        places=related_cells(checked.book, dict.fromkeys(others, Role.CONSEQUENCE)),
        notes=(f"由此引起的不符：{rules}。",),
        explanations=(Explanation(culprits, guess.cause.value),),
    )


def _cells(guess: Guess) -> list[Place]:
    return sorted({*guess.changes, *guess.unknown})


def _first(checked: Checked, guess: Guess) -> Place:
    """Where to look first: the first figure of the line; of a row that is not there the first figure of its table."""
    layout, cells = checked.book.layout, _cells(guess)
    if layout.cell(cells[0]) is None:
        of_block = sorted(place for place in checked.values if place.block == guess.block)
        return next((place for place in of_block if layout.kind(place) == "amount" and layout.cell(place)), cells[0])
    return next((cell for cell in cells if checked.values.get(cell)), cells[0])


def _culprit(checked: Checked, place: Place, right: Value) -> Culprit:
    layout = checked.book.layout
    return Culprit(layout.cell(place), layout.key(place), checked.values.get(place), right)


def _statement(words: Words, undone: Undone, clears: str) -> Statement:
    guess = undone.guess
    block = words.layout.blocks[guess.block]
    table = quoted(block.table.id)
    match guess.cause:
        case Cause.OTHER_UNIT:
            return _other_unit(words, guess, clears)
        case Cause.COLUMNS_SWAPPED:
            one, other = (_column(words, block, c) for c in guess.columns)
            says = "{what}像是填反了：两栏的数对调以后，{off}。"
            return Statement(says, f"表{table}的{one}和{other}", off=clears)
        case Cause.ROWS_SHIFTED:
            first, last = (block.rows[r].sheet_row for r in (guess.rows[0], guess.rows[-1]))
            where, back = ("低", "上移") if last > first else ("高", "下移")
            moved = f"第 {block.rows[guess.rows[1]].sheet_row} 行"
            moved += f"至第 {last} 行" if len(guess.rows) > 2 else ""
            says = f"{{what}}的数像是贴{where}了一行：{back}一行以后，{{off}}。{{basis}}"
            return Statement(says, f"表{table}{moved}", basis=_proposed(words, undone, guess.rows[-1]), off=clears)
        case Cause.ROW_LOST if not block.rows[guess.rows[0]].sheet_row:
            says = "{what}像是漏了{expected}：补上以后，{off}。{basis}"
            row, basis = block.rows[guess.rows[0]], _proposed(words, undone, guess.rows[0])
            return Statement(says, f"表{table}", expected=row.label, basis=basis, off=clears)
        case Cause.ROW_LOST:
            says = "{what}像是整行漏填了：补上以后，{off}。{basis}"
            what = f"表{table}第 {block.rows[guess.rows[0]].sheet_row} 行{quoted(_row(words, block, guess.rows[0]))}"
            return Statement(says, what, basis=_proposed(words, undone, guess.rows[0]), off=clears)
        case Cause.ROW_DOUBLED:
            wrong, right = (block.rows[r].sheet_row for r in guess.rows)
            what = f"表{table}第 {wrong} 行{quoted(_row(words, block, guess.rows[0]))}"
            says = "{what}的数与第 {found} 行完全相同，像是重复填了：改正以后，{off}。{basis}"
            return Statement(says, what, str(right), basis=_proposed(words, undone, guess.rows[0]), off=clears)
        case Cause.ROWS_OUT_OF_ORDER:
            rows = [block.rows[r].sheet_row for r in guess.rows]
            what = f"表{table}第 {min(rows)} 行至第 {max(rows)} 行的数"
            says = "{what}像是排过序，行名没有跟着动：各数放回自己的行以后，{off}。"
            return Statement(says, what, off=clears)
        case Cause.UNIT_LEFT_OUT:
            row = block.rows[guess.rows[0]]
            what = f"表{table}像是漏了{quoted(row.path[row.pattern.index('unit')])}的数"
            return Statement("{what}：补上以后，{off}。", what, off=clears)
        case Cause.OTHER_FIGURES:
            what = f"表{table}的数自己加得起来，但与其他表处处不同"
            return Statement("{what}，像是贴了别的年度或别的单位的表：换成本表的数以后，{off}。", what, off=clears)


def _other_unit(words: Words, guess: Guess, clears: str) -> Statement:
    block = words.layout.blocks[guess.block]
    what = f"表{quoted(block.table.id)}"
    if guess.rows:
        what += f"第 {block.rows[guess.rows[0]].sheet_row} 行{quoted(_row(words, block, guess.rows[0]))}"
    if guess.columns:
        what += _column(words, block, guess.columns[0])
    unit = words.layout.amount_unit(guess.block)
    typed, undo = _UNITS[guess.factor > 1]
    wrong = f"按{typed}填的，本表应为{unit}" if typed != unit else f"多{'乘' if guess.factor > 1 else '除'}了一次 10000"
    says = f"{{what}}的金额像是{wrong}：全部{undo} 10000 以后，{{off}}。"
    return Statement(says, what, off=clears)


def _column(words: Words, block: BlockAt, c: int) -> str:
    return f"{quoted(words.column(block.places[0][c]))}栏（{column_letters(block.columns[c].sheet_column)} 列）"


def _row(words: Words, block: BlockAt, r: int) -> str:
    return words.row(block.places[r][block.block.amounts[0]])


def _proposed(words: Words, undone: Undone, r: int) -> str:
    """What the cells of a row should hold, as far as the equations say so."""
    own = [place for place in sorted(undone.guess.unknown) if place.row == r and undone.values.get(place)]
    figures = [
        f"{words.heading(place)} {words.amount(value, place)}"
        for place in own
        if isinstance(value := undone.values[place], Decimal)
    ]
    row = words.layout.blocks[undone.guess.block].rows[r].sheet_row
    return f"{f'第 {row} 行' if row else '这一行'}应为：{'、'.join(figures)}。" if figures else ""
