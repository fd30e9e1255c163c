"""U02: what is told of 内部往来: taken out, because both sides agree, or left in the figures, because they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from xltool.checking.problems import Kind, problem
from xltool.equations.references import places_at
from xltool.layout.layout import Layout
from xltool.merge.findings import kinds
from xltool.merge.transfers.eliminated import Eliminated, Sums, TransferPair
from xltool.merge.transfers.internal import Said, agrees
from xltool.merge.transfers.words import shares, yuan
from xltool.model import CellRef, Finding, Severity, Statement


def transfer_findings(eliminated: Eliminated, layout: Layout) -> Iterator[Finding]:
    """All that is to be said, each at the cell of the 汇总 (`layout`) in which the kind of 往来 begins."""
    at = {one.name: _first_cell(one.name, layout) for one in layout.template.merging.eliminations}
    pairs = eliminated.pairs
    open_kinds = set()
    for pair in pairs or ():
        if pair.problem:
            open_kinds.add(pair.elimination)
            yield _at(at.get(pair.elimination), kinds.NOT_CONFIRMED, _not_confirmed(pair))
    confirmed = [pair for pair in pairs or () if not pair.problem]
    if confirmed:
        total = yuan(sum((pair.transfer.amount for pair in confirmed), Decimal(0)))
        says = "往来清单里 {what} 笔两方对符，共 {found}，已经抵销。"
        yield problem(kinds.CONFIRMED, Statement(says, str(len(confirmed)), total))
    taken = eliminated.taken_of if pairs is not None else {}
    for sums in eliminated.sums:
        found = _of_sums(sums) if pairs is None else _left(sums, sums.elimination in open_kinds)
        if found is not None:
            yield found._replace(cell=at[sums.elimination], notes=_notes(sums, taken))


def _first_cell(name: str, layout: Layout) -> CellRef | None:
    elimination = next(one for one in layout.template.merging.eliminations if one.name == name)
    place = next((place for reference in elimination.income for place in places_at(reference, layout)), None)
    return layout.cell(place) if place is not None else None


def _at(cell: CellRef | None, kind: Kind, statement: Statement) -> Finding:
    return problem(kind, statement, cell=cell)


def _not_confirmed(pair: TransferPair) -> Statement:
    transfer = pair.transfer
    what = f"{transfer.payer}付{transfer.receiver} {yuan(transfer.amount)}（{transfer.place}）"
    return Statement("{what}未对符：{basis}。没有抵销。", what, basis=pair.problem)


def _of_sums(sums: Sums) -> Finding | None:
    """Without a list of transfers."""
    received, paid = sums.left
    if sums.paid is None:
        says = "{what}：各单位共收到 {found}；本格式不单列付出的数，无从核对，没有抵销。"
        return problem(kinds.NOT_PRINTED, Statement(says, _what(sums), yuan(received)))
    if not received and not paid:
        return None
    if sums.is_taken:
        says = "{what}：各单位收到的合计 {found}，与付出的合计一致，已作为内部往来抵销。"
        return problem(kinds.SUMS_TAKEN, Statement(says, _what(sums), yuan(received)))
    return _differs(sums, "没有抵销，仍在汇总数里。")


def _left(sums: Sums, is_told: bool) -> Finding | None:
    """What a list of transfers leaves over; no more than a remark where a transfer that was not confirmed is told."""
    received, paid = sums.left
    everything = (*sums.received, *(sums.paid or ()))
    if all(agrees(amount, everything) for amount in (received, paid)):
        return None
    if sums.paid is None:
        return _of_sums(sums)
    finding = _differs(sums, "不在对符的往来里，仍在汇总数里。")
    return _remark(finding) if is_told or not sums.difference else finding


def _differs(sums: Sums, end: str) -> Finding:
    received, paid = sums.left
    difference = sums.difference
    off = f"{'多' if difference > 0 else '少'} {yuan(abs(difference))}" if difference else "两者一致"
    says = "{what}：各单位收到的合计 {found}，付出的合计 {expected}，{off}。" + end
    statement = Statement(says, _what(sums), yuan(received), yuan(paid), off=off)
    return problem(kinds.SUMS_DIFFER, statement)._replace(difference=difference)


def _remark(finding: Finding) -> Finding:
    return finding._replace(severity=Severity.REMARK, verdict=Severity.REMARK.verdict)


def _what(sums: Sums) -> str:
    return f"{sums.elimination}（{'/'.join(sums.member)}）" if sums.member else sums.elimination


def _notes(sums: Sums, taken: Mapping[Said, Decimal]) -> tuple[str, ...]:
    """Which units and cells the sums are of, without what was taken out of them."""
    sides = ("收到", sums.received), ("付出", sums.paid or ())
    left = [(word, list(_left_of(said, taken))) for word, said in sides]
    return tuple(f"{word}：{shares(said)}" for word, said in left if said)


def _left_of(said: Sequence[Said], taken: Mapping[Said, Decimal]) -> Iterator[Said]:
    for one in said:
        amount = one.line.amount - taken.get(one, Decimal(0))
        if not agrees(amount, [one]):
            yield one._replace(line=one.line._replace(amount=amount))
