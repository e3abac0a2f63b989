"""Compare: the pathways side by side, to be talked through with a patient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ketatui.criteria.models import RouteFact
from ketatui.criteria.pack import Pack
from ketatui.engine import Assessment, PathwayAssessment
from ketatui.structs import Frozen
from ketatui.tui.views.lines import Line, Span, line, pad, rule, wrap
from ketatui.tui.views.verdicts import ROLE, basis_text, finding_title, verdict_span

_LABEL = 14
_GAP = 2


class Assumed(Frozen, frozen=True):
    """Another site that is assumed for a pathway.

    Attributes:
        site: What it is called.
        assessment: What the criteria say then.
    """

    site: str
    assessment: Assessment


NOTHING_ASSUMED: Mapping[str, Assumed] = {}


def compare_lines(
    pack: Pack,
    assessment: Assessment,
    shown: Sequence[str],
    width: int,
    assumed: Mapping[str, Assumed] = NOTHING_ASSUMED,
) -> list[Line]:
    """Lay pathways out in columns.

    Args:
        pack: The criteria pack.
        assessment: The assessment.
        shown: Ids of the pathways to show, left to right.
        width: Cells available.
        assumed: The pathways for which another site is assumed than the case has.
    """
    column = (width - _LABEL) // len(shown) - _GAP
    chosen = [
        (assumed[ident].assessment if ident in assumed else assessment).pathway(ident)
        for ident in shown
    ]
    lines = [*_heads(pack, shown, column), rule(width)]
    if assumed:
        cells = [_site(assumed.get(ident), column) for ident in shown]
        lines += _row("Site", cells, column)
    lines += _row("Verdict", [_verdict(pack, item, column) for item in chosen], column)
    lines += _row(
        "Basis, grade",
        [wrap(basis_text(pack, item) or "not settled or none", column) for item in chosen],
        column,
    )
    lines += _row("Findings", [_findings(pack, item, column) for item in chosen], column)
    lines += _row("Still open", [_open(item, column) for item in chosen], column)
    lines.append(rule(width))
    lines += _row(
        "Product", [wrap(pack.pathways[item.id].product, column) for item in chosen], column
    )
    for fact in pack.pathways[shown[0]].facts:
        cells = [_fact(pack, item.id, fact.id, column) for item in chosen]
        lines += _row(fact.label, cells, column)
    lines.append(rule(width))
    lines += wrap(
        "Facts about the routes are for talking through; no rule reads them. "
        "“(low)” marks what no good source was found for.",
        width,
        role="muted",
    )
    return lines


def _site(assumed: Assumed | None, column: int) -> list[Line]:
    if assumed is None or not assumed.site:
        return wrap("as answered", column, role="muted")
    return wrap(f"! ASSUMED: {assumed.site}", column, role="caution")


def _heads(pack: Pack, shown: Sequence[str], column: int) -> list[Line]:
    """Return the heads of the columns; a click on one does what its number does."""
    numbers = {ident: number for number, ident in enumerate(pack.pathways, start=1)}
    heads = [
        [line((f"{numbers[ident]} ", "key"), (pack.pathways[ident].title, "title"))]
        for ident in shown
    ]
    first, *more = _row("", heads, column)
    ends = [_LABEL + place * (column + _GAP) for place in range(len(shown) + 1)]
    spots = tuple(zip(ends, ends[1:], (str(numbers[ident]) for ident in shown), strict=False))
    return [first.replaced(spots=spots), *more]


def _row(label: str, cells: Sequence[Sequence[Line]], column: int) -> list[Line]:
    labels = [item.text for item in wrap(label, _LABEL - 1)] if label else []
    height = max(len(labels), *(len(cell) for cell in cells))
    rows = []
    for index in range(height):
        title = labels[index] if index < len(labels) else ""
        spans: list[Span] = [(pad(title, _LABEL), "muted")]
        for cell in cells:
            shown = cell[index] if index < len(cell) else Line()
            spans += shown.spans
            spans.append((" " * (column + _GAP - shown.width), "text"))
        rows.append(Line(tuple(spans)))
    return [*rows, Line()]


def _verdict(pack: Pack, item: PathwayAssessment, column: int) -> list[Line]:
    text, role = verdict_span(pack, item.verdict)
    symbol, _, word = text.partition(" ")
    return wrap(word, column, role=role, indent=2, first=((f"{symbol} ", role),))


def _findings(pack: Pack, item: PathwayAssessment, column: int) -> list[Line]:
    lines: list[Line] = []
    for finding in item.findings:
        symbol = pack.wording.effects[finding.effect].symbol
        lines += wrap(
            finding_title(finding), column, indent=2, first=((f"{symbol} ", ROLE[finding.effect]),)
        )
    return lines or [line(("none", "muted"))]


def _open(item: PathwayAssessment, column: int) -> list[Line]:
    if not item.open:
        return [line(("nothing", "muted"))]
    count = len(item.open)
    return wrap(f"{count} rule{'' if count == 1 else 's'}", column, role="info")


def _fact(pack: Pack, pathway: str, ident: str, column: int) -> list[Line]:
    found: RouteFact | None = next(
        (fact for fact in pack.pathways[pathway].facts if fact.id == ident), None
    )
    if found is None:
        return [line(("·", "muted"))]
    low = " (low)" if found.confidence == "low" else ""
    return wrap(found.text + low, column, role="muted" if low else "text")
