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
from benchmarks.judge.cases import Case, Judged, judged
from benchmarks.judge.honest import Honest, honest
from benchmarks.judge.making import slips
from benchmarks.judge.tally import Share, mean

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
    with ProcessPoolExecutor(chosen.processes) as pool:
        told = [one for one in pool.map(judged, cases, chunksize=_CHUNK) if one is not None]
        unharmed = list(pool.map(honest, *zip(*budgets, strict=True), chunksize=_CHUNK)) if budgets else []
    console = Console(width=None if sys.stdout.isatty() else 200)
    if told:
        _print_singles(console, [one for one in told if one.case.mistakes == 1])
        _print_several(console, [one for one in told if one.case.mistakes > 1])
    if unharmed:
        _print_honest(console, unharmed)
    if chosen.misses:
        for text in _misses(told):
            console.print(text, markup=False, highlight=False)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks.judge", description="How mistakes in budgets are told.")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS)
    parser.add_argument("--sources", nargs="+", choices=SOURCES, default=SOURCES[:2])
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES)
    parser.add_argument("--slips", nargs="*", choices=list(slips()), default=list(slips()))
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
    table = Table("", "cases", "all named", "innocent accused", "others caused", "wrong", title="several at once")
    for (mistakes, mode), group in _grouped(told, lambda one: (one.case.mistakes, one.case.kind.mode)).items():
        outcomes = [one.outcome for one in group]
        shares = (Share.of(o.is_all_named for o in outcomes), Share.of(o.is_wrong for o in outcomes))
        means = (mean(o.innocent for o in outcomes), mean(o.others for o in outcomes))
        table.add_row(f"{mistakes}, {mode}", str(len(group)), str(shares[0]), *means, str(shares[1]))
    console.print(table)


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


def _misses(told: list[Judged]) -> Iterator[str]:
    """Every single mistake that is not told first, rightly and alone, with what is said of it."""
    for case, changed, outcome in told:
        if case.mistakes == 1 and not (
            outcome.is_first and outcome.is_right and not outcome.others and not outcome.is_wrong
        ):
            flags = [name for name in ("is_noticed", "is_first", "is_right") if not getattr(outcome, name)]
            flags += [f"others={outcome.others}"] * bool(outcome.others) + ["WRONG"] * outcome.is_wrong
            yield f"{case}: {'; '.join(changed)}  [{' '.join(flags)}]"
            for finding in outcome.findings:
                cell = finding.cell.in_book if finding.cell is not None else "-"
                yield f"    {finding.severity.value} {finding.rule} {cell} {str(finding.statement)[:150]!r}"
                for explanation in finding.explanations:
                    yield (
                        "        "
                        + ", ".join(
                            f"{c.cell.in_book if c.cell else '-'} {c.found} -> {c.proposed}"
                            for c in explanation.culprits
                        )
                        + f" {explanation.slip}"
                    )


if __name__ == "__main__":
    main()
