"""`make judge`: puts mistakes into budgets and measures how the check tells them.

    python -m benchmarks.judge                                   all kinds of mistakes, a few of each
    python -m benchmarks.judge --cases 24 --seed 7               24 cases a kind of mistake and budget, of seed 7
    python -m benchmarks.judge --slips digit stray --modes live --misses       and every case that was told wrong
    python -m benchmarks.judge --honest 1000 --cases 0           only false errors, in 1,000 budgets a format

Seeds below 100 are for development; figures that are quoted come from others.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from rich.console import Console
from rich.table import Table

from benchmarks.judge.budgets import FORMATS, MODES, SOURCES, Kind
from benchmarks.judge.cases import Case, Judged, Told, judged, told
from benchmarks.judge.honest import Honest, honest
from benchmarks.judge.lines import lines
from benchmarks.judge.making import slips
from benchmarks.judge.tally import Share, mean
from xltool.model import CellRef, Finding

AT_ONCE = (2, 3, 5)
"""So many mistakes in one budget, besides single ones."""

T = TypeVar("T")
K = TypeVar("K")

_CHUNK = 16


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what the command line asks for."""
    chosen = _parser().parse_args(arguments)
    kinds = [Kind(f, s, m) for f in chosen.formats for s in chosen.sources for m in chosen.modes]
    singles = [(kind, slip, 1) for kind in kinds for slip in chosen.slips]
    several = [(kind, "", mistakes) for kind in kinds for mistakes in chosen.at_once]
    cases = [Case(*case, chosen.seed, n) for case in singles for n in range(chosen.cases)]
    cases += [Case(*case, chosen.seed, n) for case in several for n in range(chosen.cases * 4)]
    budgets = [
        (Kind(f, "honest", m), f"{chosen.seed}.{n}")
        for f in chosen.formats
        for m in chosen.modes
        for n in range(chosen.honest)
    ]
    whole = [
        Case(kind, line, 1, chosen.seed, n) for kind in kinds for line in chosen.lines for n in range(chosen.cases)
    ]
    with ProcessPoolExecutor(chosen.processes) as pool:
        known = [one for one in pool.map(judged, cases, chunksize=_CHUNK) if one is not None]
        lost = list(pool.map(told, whole, chunksize=_CHUNK))
        unharmed = list(pool.map(honest, *zip(*budgets, strict=True), chunksize=_CHUNK)) if budgets else []
    console = Console(width=None if sys.stdout.isatty() else 200)
    if known:
        _print_singles(console, [one for one in known if one.case.mistakes == 1])
        _print_several(console, [one for one in known if one.case.mistakes > 1])
    if lost:
        _print_lines(console, lost)
    if unharmed:
        _print_honest(console, unharmed)
    if chosen.misses:
        for text in (*_misses(known), *_missed_lines(lost)):
            console.print(text, markup=False, highlight=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.judge", description="How mistakes in budgets are told.")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--sources", nargs="+", choices=SOURCES, default=SOURCES[:2])
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES)
    parser.add_argument("--slips", nargs="*", choices=list(slips()), default=list(slips()))
    parser.add_argument("--lines", nargs="*", choices=list(lines()), default=list(lines()))
    parser.add_argument("--at-once", nargs="*", type=int, default=AT_ONCE)
    parser.add_argument("--cases", type=int, default=4, help="of each kind of mistake in each kind of budget")
    parser.add_argument(
        "--honest", type=int, default=0, help="budgets of each format that are checked for false errors"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--misses", action="store_true", help="list every case that was told wrong")
    return parser


def _print_singles(console: Console, told: list[Judged]) -> None:
    for mode in MODES:
        own = [one for one in told if one.case.kind.mode == mode]
        by_slip = {slip.name: [one for one in own if one.case.slip == slip.id] for slip in slips().values()}
        by_budget = {" ".join(key): group for key, group in _grouped(own, lambda one: one.case.kind[:2]).items()}
        _print_shares(console, f"one mistake, {mode}", {**by_slip, **by_budget, "all": own})


def _print_shares(console: Console, title: str, rows: dict[str, list[Judged]]) -> None:
    names = ("", "cases", "noticed", "first at the cell", "right value", "others caused", "told as one", "wrong")
    table = Table(*names, title=title)
    for name, group in rows.items():
        if group:
            outcomes = [one.outcome for one in group]
            swaps = [one.outcome.is_one for one in group if slips()[one.case.slip].is_swap]
            shares = (
                Share.of(o.is_noticed for o in outcomes),
                Share.of(o.is_first for o in outcomes),
                Share.of(o.is_right for o in outcomes),
            )
            rest = (mean(o.others for o in outcomes), str(Share.of(swaps)), str(Share.of(o.is_wrong for o in outcomes)))
            table.add_row(name, str(len(group)), *map(str, shares), *rest)
    console.print(table)


def _print_several(console: Console, told: list[Judged]) -> None:
    names = ("", "cases", "all named", "or as possible", "innocent accused", "others caused", "wrong")
    table = Table(*names, title="several at once")
    for (mistakes, mode), group in _grouped(told, lambda one: (one.case.mistakes, one.case.kind.mode)).items():
        outcomes = [one.outcome for one in group]
        shares = (Share.of(o.is_all_named for o in outcomes), Share.of(o.is_all_possible for o in outcomes))
        means = (mean(o.innocent for o in outcomes), mean(o.others for o in outcomes))
        wrong = str(Share.of(o.is_wrong for o in outcomes))
        table.add_row(f"{mistakes}, {mode}", str(len(group)), *map(str, shares), *means, wrong)
    console.print(table)


def _print_lines(console: Console, told: list[Told]) -> None:
    names = ("", "cases", "cause told", "and at most 2 findings", "findings", "left out: not knowable")
    table = Table(*names, title="whole lines")
    for (line, mode), group in _grouped(told, lambda one: (one.case.slip, one.case.kind.mode)).items():
        known = [one for one in group if one.is_known]
        shares = (Share.of(one.has_cause for one in known), Share.of(one.is_told for one in known))
        dropped = sum(one.dropped for one in group)
        left_out = f"{dropped} of {dropped + len(known)} drawn ({lines()[line].known_by})"
        found = mean(len(one.findings) for one in known)
        table.add_row(f"{lines()[line].name}, {mode}", str(len(known)), *map(str, shares), found, left_out)
    console.print(table)
    console.print("What makes a line knowable (figures, moved, table) is said in benchmarks/judge/knowable.py.")


def _print_honest(console: Console, budgets: list[Honest]) -> None:
    table = Table("", "budgets", "with an error", "with a warning", "rules", title="honest budgets")
    for kind, group in _grouped(budgets, lambda one: one.kind).items():
        wrong, doubtful = Share.of(bool(one.errors) for one in group), Share.of(bool(one.warnings) for one in group)
        rules = sorted({*(rule for one in group for rule in (*one.errors, *one.warnings))})
        table.add_row(f"{kind.format} {kind.mode}", str(len(group)), str(wrong), str(doubtful), " ".join(rules))
    console.print(table)


def _grouped(items: Iterable[T], key: Callable[[T], K]) -> dict[K, list[T]]:
    found: dict[K, list[T]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _misses(known: list[Judged]) -> Iterator[str]:
    """Every single mistake that is not told first, rightly and alone, and all of several of which one is not named,
    with what is said of them."""
    for case, changed, outcome in known:
        asked = ("is_noticed", "is_first", "is_right") if case.mistakes == 1 else ("is_all_named", "is_all_possible")
        flags = [name for name in asked if not getattr(outcome, name)]
        flags += [f"others={outcome.others}"] * bool(outcome.others) + ["WRONG"] * outcome.is_wrong
        if flags:
            yield f"{case}: {'; '.join(changed)}  [{' '.join(flags)}]"
            yield from _said(outcome.findings)


def _missed_lines(lost: list[Told]) -> Iterator[str]:
    """Every whole line of which the cause is not told, with what is said of it."""
    for one in lost:
        if one.is_known and not one.is_told:
            yield f"{one.case}: {len(one.findings)} findings"
            yield from _said(one.findings)


def _said(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"    {finding.severity.value} {finding.rule} {_at(finding.cell)} {str(finding.statement)[:150]!r}"
        for culprits, slip in finding.explanations:
            yield f"        {', '.join(f'{_at(c.cell)} {c.found} -> {c.proposed}' for c in culprits)} {slip}"


def _at(cell: CellRef | None) -> str:
    return cell.in_book if cell is not None else "-"


if __name__ == "__main__":
    main()
