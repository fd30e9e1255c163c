"""A case is a sound input, the changes made to it by chance, and the command that is then given it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from random import Random

from tests.fuzz import starts
from tests.fuzz.package_mutations import PACKAGE_MUTATIONS
from tests.fuzz.text_mutations import TEXT_MUTATIONS
from tests.fuzz.xml_mutations import XML_MUTATIONS

_WORKBOOKS = {
    ("小工作簿", "check"): 40,
    ("标注过的", "check"): 8,
    ("标注过的", "clear"): 8,
    ("说明过的", "check"): 4,
    ("说明过的", "clear all"): 8,
    ("自评", "check"): 10,
    ("青龙", "check"): 3,
    ("深圳", "check"): 2,
    ("小工作簿", "read"): 6,
    ("小工作簿", "draft"): 4,
    ("小工作簿", "tables"): 3,
    ("小工作簿", "batch"): 4,
    ("手工", "import"): 3,
    ("厨房水槽", "mark"): 15,
    ("手工", "mark"): 12,
    ("手工批注", "mark"): 12,
    ("厨房水槽", "keep"): 6,
    ("手工", "keep"): 8,
}
_TEXTS = {
    ("数据表", "fill"): 8,
    ("科目表", "import"): 4,
    ("问题清单", "accepted"): 4,
    ("template", "lint"): 2,
    ("rules", "lint"): 3,
    ("01-收支总表", "lint"): 2,
    ("02-支出总表", "lint"): 2,
}
_BY_NAME = {
    **{f"package {mutation.__name__}": mutation for mutation in PACKAGE_MUTATIONS},
    **{f"xml {mutation.__name__}": mutation for mutation in XML_MUTATIONS},
}
_TEXT_BY_NAME = {f"text {mutation.__name__}": mutation for mutation in TEXT_MUTATIONS}
_COMMANDS = {**_WORKBOOKS, **_TEXTS}
_XML_SHARE = 0.7


@dataclass(frozen=True)
class Case:
    """`steps` are the changes in their order, each with the seed of what it leaves to chance."""

    start: str
    command: str
    steps: tuple[tuple[str, int], ...]

    @classmethod
    def drawn(cls, seed: int, number: int) -> Case:
        """The case of that number among those of a seed."""
        chance = Random(f"{seed}-{number}")
        (start, command), *_ = chance.choices(list(_COMMANDS), weights=list(_COMMANDS.values()))
        count = chance.choice((1, 1, 1, 2, 2, 3, 6))
        return cls(
            start, command, tuple((_drawn_kind(chance, command, start), chance.getrandbits(32)) for _ in range(count))
        )

    @property
    def is_text(self) -> bool:
        return (self.start, self.command) in _TEXTS

    @cached_property
    def content(self) -> bytes:
        """The damaged file."""
        if self.is_text:
            text = starts.text(self.start)
            for kind, seed in self.steps:
                text = _TEXT_BY_NAME[kind](text, Random(seed))
            return text
        package = starts.package(self.start)
        for kind, seed in self.steps:
            if package.entries:
                _BY_NAME[kind](package, Random(seed))
        return package.packed()

    def without(self, number: int) -> Case:
        """The same with one change less."""
        return replace(self, steps=self.steps[:number] + self.steps[number + 1 :])


def _drawn_kind(chance: Random, command: str, start: str) -> str:
    if (start, command) in _TEXTS:
        return chance.choice(list(_TEXT_BY_NAME))
    kinds = XML_MUTATIONS if chance.random() < _XML_SHARE else PACKAGE_MUTATIONS
    room = "xml" if kinds is XML_MUTATIONS else "package"
    return f"{room} {chance.choice(kinds).__name__}"
