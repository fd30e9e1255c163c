"""Tells of cells that stand beside each other, and are not the same, what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from xltool.equations.rounding.intervals import half_up
from xltool.merge.compare.comparison import Difference
from xltool.merge.compare.pairing import LinePair, has_text, words
from xltool.merge.compare.sides import ComparedSide
from xltool.merge.compare.subjects import Subjects
from xltool.template.names import compact
from xltool.template.spec import CODE_LEVELS

_DECIMALS = 2
"""Of amounts that are shown in a unit which is not that of their table."""


class Differences:
    """Tells of pairs what has changed."""

    def __init__(self, old: ComparedSide, new: ComparedSide, codes: Subjects) -> None:
        self._old, self._new, self._codes = old, new, codes

    def of(self, pair: LinePair) -> Difference:
        """One pair whose cells are not the same."""
        side, cell = (self._new, pair.new) if pair.new.places else (self._old, pair.old)
        table, row, column = words(side, cell)
        prints_same = self._prints_same(pair)
        return Difference(
            table=table,
            row=row,
            column=column,
            kind="text" if has_text(pair) else pair.kind,
            old=pair.old.value,
            new=pair.new.value,
            old_cells=self._old.cells(pair.old.places),
            new_cells=self._new.cells(pair.new.places),
            decimals=self._decimals(pair),
            prints_same=prints_same,
            is_total=side.is_total(cell.places),
            note="；".join([*self._notes(pair), *(["印出来相同"] if prints_same else []), *self._moved(pair)]),
        )

    def _decimals(self, pair: LinePair) -> int:
        """Those of the new workbook, or of the old one, if their unit is the one that figures are shown in."""
        shown = self._new.book.outline.amount_unit
        side, cell = (self._new, pair.new) if pair.new.places else (self._old, pair.old)
        layout, place = side.book.layout, cell.places[0]
        is_other = pair.kind == "amount" and layout.amount_unit(place.block) != shown
        return _DECIMALS if is_other else layout.decimals(place)

    def _prints_same(self, pair: LinePair) -> bool:
        """Whether one figure is beside one other that is printed alike, as finely as the coarser of the two."""
        old, new = pair.old, pair.new
        if len(old.places) != 1 or len(new.places) != 1:
            return False
        if not (isinstance(old.value, Decimal) and isinstance(new.value, Decimal)):
            return False
        step = max(self._old.step(old.places[0]), self._new.step(new.places[0]))
        is_near = abs(new.value - old.value) < step
        return is_near and half_up(Fraction(old.value), step) == half_up(Fraction(new.value), step)

    def _notes(self, pair: LinePair) -> Iterator[str]:
        """What is special about how a pair came about."""
        if not pair.old.places or not pair.new.places:
            yield "新增的行" if pair.new.places else "去掉的行"
            return
        (_, row, column), (_, row_now, column_now) = words(self._old, pair.old), words(self._new, pair.new)
        if compact(row) != compact(row_now):
            yield f"原为：{row}"
        if compact(column) != compact(column_now):
            yield f"原栏：{column}"

    def _moved(self, pair: LinePair) -> Iterator[str]:
        """The changes of 科目 that a pair is about, or because of which its rows do not hold the same."""
        for side, cell in ((self._old, pair.old), (self._new, pair.new)):
            for place in cell.places[:1]:
                row = side.row_at(place)
                if row.definition is None or row.definition.each not in CODE_LEVELS:
                    continue
                group = self._codes.group(side.is_new, row.code)
                yield from dict.fromkeys(map(str, self._codes.changes.get(group, ())))
                for change in self._codes.leaving(row.code) if pair.old.places and pair.new.places else ():
                    yield f"口径有变：{change}"
                return
