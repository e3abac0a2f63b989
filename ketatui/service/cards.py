"""Cards: what speaks against a pathway, what is missing, and where each comes from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ketatui.consultation.words import fact_title, value_text
from ketatui.criteria.pack import Pack
from ketatui.engine import Assessment, Finding, PathwayAssessment
from ketatui.engine.assessment import SEVERITY
from ketatui.records import Left, Proposal, Proposals
from ketatui.service.hooks import Card, CardSource, Indicator, Link
from ketatui.service.markdown import link, md, one_line
from ketatui.service.orders import Order
from ketatui.structs import Frozen

_CLINICIAN = "The clinician decides. What is listed comes from the record and is not confirmed."
_INDICATORS: dict[str, Indicator] = {"contraindicated": "critical", "fits": "info"}


class Ground(Frozen, frozen=True):
    """What all cards of a call stand on.

    Attributes:
        pack: The criteria.
        assessment: The record's patient, as far as the record goes.
        found: What the record proposes.
        gaps: What did not come of it.
        call: The id of the call, from which cards get theirs.
        app: Opens the app; None where it is not shown in a browser.
    """

    pack: Pack
    assessment: Assessment
    found: Proposals
    gaps: tuple[str, ...]
    call: str
    app: Link | None = None


def order_card(ground: Ground, order: Order) -> Card:
    """Say of an order of ketamine or esketamine what the criteria come to."""
    if order.concerns is None:
        return _unread_order(ground, order)
    name = f"{order.name}: "
    if not order.pathways:
        summary = f"{name}the criteria have no pathway for it given this way"
        detail = [_CLINICIAN, *_record_lines(ground)]
        return _card(ground, order.key, summary, detail, "warning")
    pathways = [ground.assessment.pathway(item) for item in order.pathways]
    worst = max(pathways, key=lambda item: SEVERITY[item.verdict])
    unsaid = "" if order.routed or len(pathways) == 1 else " (route not said)"
    summary = f"{_said(ground.pack, worst)}{unsaid}; {order.name}"
    return _pathway_card(ground, order.key, summary, pathways, _indicator(worst.verdict))


def patient_card(ground: Ground) -> Card:
    """Say of a patient what the criteria come to, whatever is ordered."""
    return _pathway_card(
        ground,
        "patient",
        f"Ketamine: {ground.assessment.headline}",
        ground.assessment.ranked,
        "info",
    )


def stopped_card(ground: Ground) -> Card:
    """Say why nothing can be said of a patient."""
    because = "; ".join(item.because for item in ground.found.not_used)
    summary = f"Ketamine criteria: not assessed; {because}"
    return _card(ground, "stopped", summary, [md(because)], "warning")


def _unread_order(ground: Ground, order: Order) -> Card:
    name = f"“{order.name}”" if order.name else "an order"
    summary = f"Whether {name} holds ketamine or esketamine is not known: {order.why}"
    detail = [
        f"{md(order.name) or md(order.key)}: {md(order.why)}. It was not assessed.",
        "If it holds ketamine or esketamine, look at the criteria.",
    ]
    return _card(ground, order.key, summary, detail, "info")


def _indicator(verdict: str) -> Indicator:
    return _INDICATORS.get(verdict, "warning")


def _said(pack: Pack, pathway: PathwayAssessment) -> str:
    verdict = pack.wording.verdicts[pathway.verdict].title
    missing = len(_missing([pathway]))
    more = f", {missing} answer{'s' * (missing != 1)} missing" if missing else ""
    return f"{pack.pathways[pathway.id].title}: {verdict}{more}"


def _pathway_card(
    ground: Ground,
    key: str,
    summary: str,
    pathways: Sequence[PathwayAssessment],
    indicator: Indicator,
) -> Card:
    lines = [_CLINICIAN]
    for pathway in pathways:
        lines += ["", f"**{md(_said(ground.pack, pathway))}**", *_against(ground.pack, pathway)]
    lines += ["", *_missing_lines(ground.pack, pathways), *_record_lines(ground)]
    addresses = _sources(ground.pack, pathways)
    return _card(ground, key, summary, lines, indicator, addresses)


def _against(pack: Pack, pathway: PathwayAssessment) -> Iterator[str]:
    found = [item for item in pathway.findings if SEVERITY[item.effect] > 0]
    if not found:
        yield "- Nothing that is known speaks against it."
    for item in found:
        yield f"- {_finding(pack, item)}"


def _finding(pack: Pack, item: Finding) -> str:
    effect, authority = pack.wording.effects[item.effect].title, pack.wording.authorities
    named = f" ({md(', '.join(item.medicines))})" if item.medicines else ""
    sources = ", ".join(_source(pack, ref) for ref in item.sources)
    return (
        f"**{md(effect)}**, {md(authority[item.authority])}: {md(item.because)}{named} "
        f"{md(item.do)} ({sources})"
    )


def _source(pack: Pack, ref: str) -> str:
    key, _, section = ref.partition(" §")
    source = pack.sources[key]
    return link(f"{source.title}{f', §{section}' if section else ''}", _address(source.address))


def _address(said: str) -> str:
    """Return an address that a link may have; a parenthesis would end it."""
    return said.replace("(", "%28").replace(")", "%29").replace(" ", "%20")


def _missing(pathways: Iterable[PathwayAssessment]) -> tuple[str, ...]:
    needs = (
        need
        for pathway in pathways
        for rule in pathway.open
        if rule.holds_up
        for need in (*rule.needs, *rule.blocked_by)
    )
    return tuple(dict.fromkeys(needs))


def _missing_lines(pack: Pack, pathways: Sequence[PathwayAssessment]) -> Iterator[str]:
    order = {ident: number for number, ident in enumerate(pack.questions)}
    missing = sorted(_missing(pathways), key=lambda ident: order.get(ident, len(order)))
    if not missing:
        return
    yield f"**Missing: {len(missing)}**"
    sections = {
        question.id: section.title
        for section in pack.sections
        for question in pack.by_section[section.id]
    }
    for section, idents in groupby(missing, key=lambda ident: sections.get(ident, "Other")):
        titles = "; ".join(md(fact_title(pack, ident)) for ident in idents)
        yield f"- {md(section)}: {titles}"
    yield ""


def _record_lines(ground: Ground) -> Iterator[str]:
    fresh = [item for item in ground.found.proposed if not (item.stale or item.old)]
    old = [item for item in ground.found.proposed if item.stale or item.old]
    for title, rows in (("From the record, not confirmed", fresh), ("Too old to count", old)):
        if rows:
            yield f"**{title}**"
            yield from (f"- {_proposal(ground.pack, item)}" for item in rows)
            yield ""
    asked = ground.found.left(to_ask=True)
    if asked:
        yield "**In the record, and to be asked about**"
        yield from (f"- {md(_left(item))}" for item in asked)
        yield ""
    if not fresh:
        yield "Nothing in the record answers a question of the criteria today."
        yield ""
    if ground.gaps:
        yield "**Not seen**"
        yield from (f"- {md(gap)}" for gap in ground.gaps)


def _left(item: Left) -> str:
    more = f" and {item.count - 1} more" if item.count > 1 else ""
    source = f" ({item.first}{more})" if item.names else ""
    return f"{item.title}{source}: {item.because}"


def _proposal(pack: Pack, item: Proposal) -> str:
    day = item.date[:10] if item.date else "undated"
    said = md(value_text(pack, item.question, item.value))
    return f"{md(pack.questions[item.question].label)}: {said} ({day}, {md(item.resource)})"


def _sources(pack: Pack, pathways: Iterable[PathwayAssessment]) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for pathway in pathways:
        for item in pathway.findings:
            for ref in item.sources if SEVERITY[item.effect] > 0 else ():
                source = pack.sources[ref.partition(" §")[0]]
                if source.address.startswith("https://"):
                    found.setdefault(source.title, source.address)
    return list(found.items())


def _card(
    ground: Ground,
    key: str,
    summary: str,
    lines: Iterable[str],
    indicator: Indicator,
    addresses: Iterable[tuple[str, str]] = (),
) -> Card:
    info = ground.pack.info
    links = [Link(label=label, url=url, type="absolute") for label, url in addresses]
    if ground.app is not None:
        links.insert(0, ground.app)
    return Card(
        uuid=str(uuid.uuid5(uuid.UUID(ground.call), key)),
        summary=one_line(summary),
        detail="\n".join(lines).strip(),
        indicator=indicator,
        source=CardSource(label=f"KetaTUI, criteria {info.id} {info.version}"),
        links=links,
    )
