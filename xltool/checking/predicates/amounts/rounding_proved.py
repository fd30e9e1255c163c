"""L01: whether rounding explains all that is left at once; proved when the equations have been evaluated."""

from __future__ import annotations

from xltool.checking.predicates.predicate import Predicate

rounding_proved = Predicate(
    words="单独看都在尾差之内的等式，合起来也要能用四舍五入解释：存在一组未取整的数，"
    "与印出的数各相差不超过半个末位，使这些等式同时成立。找不到这样一组数，就不符合，并列出互相矛盾的几条等式。",
    tolerance="印出的数最多差末位的一半；空白、0 和精确到分的数没有误差，同一个数列在两处的要相等。",
)
