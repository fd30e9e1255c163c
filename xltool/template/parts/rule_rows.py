"""Writes out a rule that is said once for several rows: a raw rule for each of its `rows`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xltool.template.parts.section import Section

_WORD = re.compile(r"\{(\w+)\}")


def raw_rules(top: Section) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every raw rule of a file with its place in it; each {word} of one with `rows` is what the row says for it.

    Each row has an `id`, which is that of its rule, and the words. Mistakes are noted in `top`.
    """
    for number, item in enumerate(top.list("rule"), 1):
        place = f"rule[{number}]"
        if not isinstance(item, dict):
            top.problem(place, "应为 [[rule]] 形式的一项")
        elif "rows" not in item:
            yield place, item
        elif _are_rows(item["rows"]):
            rule = {key: value for key, value in item.items() if key != "rows"}
            said = {word for row in item["rows"] for word in row} - {"id"}
            for word in sorted(_words(rule) ^ said):
                what = "没有用到" if word in said else "每一行都要写明"
                top.problem(f"{place}.rows", f"{what}“{word}”")
            for row in item["rows"]:
                yield place, {**_written_out(rule, row), "id": row["id"]}
        else:
            top.problem(f"{place}.rows", '应为 { id = "编号", 词 = "文字" } 的列表，各项写明同样的词')


def _are_rows(rows: object) -> bool:
    return (
        isinstance(rows, list)
        and bool(rows)
        and all(isinstance(row, dict) and all(isinstance(text, str) for text in row.values()) for row in rows)
        and all("id" in row and row.keys() == rows[0].keys() for row in rows)
    )


def _words(value: object) -> set[str]:
    """The words in braces anywhere in a raw rule."""
    if isinstance(value, str):
        return set(_WORD.findall(value))
    inner = [*value.keys(), *value.values()] if isinstance(value, Mapping) else value if isinstance(value, list) else []
    return {word for part in inner for word in _words(part)}


def _written_out(value: Any, row: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _WORD.sub(lambda found: row.get(found[1], found[0]), value)
    if isinstance(value, dict):
        return {_written_out(key, row): _written_out(inner, row) for key, inner in value.items()}
    return [_written_out(inner, row) for inner in value] if isinstance(value, list) else value
