"""A07: totals that are blank although their parts are filled in; found while the equations are evaluated."""

from __future__ import annotations

from xltool.checking.predicates.predicate import Predicate

blank_total = Predicate(words="合计或小计单元格是空的，而它的分项里有数，就不符合。")
