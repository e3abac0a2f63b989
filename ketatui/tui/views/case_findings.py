"""A saved case: its findings by pathway and by authority, as they stood."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.cases.saved_assessment import SavedFinding, SavedOpenRule, SavedPathway
from ketatui.consultation.words import fact_title
from ketatui.criteria.pack import Pack
from ketatui.reports.assessment_shown import Seen
from ketatui.reports.changes_since import Since
from ketatui.reports.words import coded, effect_words, rule_title
from ketatui.tui.views.explain import values_text
from ketatui.tui.views.lines import Line, Span, line, safe, sides, wrap
from ketatui.tui.views.pages import MARK, Row, Section, heading, remark, said
from ketatui.tui.views.verdicts import ROLE

_NO_REASONS = (
    "The history keeps day, criteria, headline and verdicts of an older revision, not its "
    "reasons. Again, today shows what the criteria at hand say of its answers."
)
_NOTHING = "The file holds no assessment. Again, today shows what the criteria at hand say."


def verdict_of(pack: Pack, code: str) -> Span:
    """Return symbol and word of a saved verdict; a code nobody knows stays as it is."""
    for known, words in pack.wording.verdicts.items():
        if known == code:
            return f"{words.symbol} {words.title}", ROLE[code]
    return safe(code) or "not recorded", "text"


def by_pathway(since: Since, seen: Seen, width: int) -> Section:
    """Return the findings of each pathway, then the rules that were open on it."""
    rows: list[Row] = []
    for pathway in seen.pathways:
        rows.append(_pathway_heading(since, pathway))
        if not pathway.reasons:
            rows.append(remark(f"reasons:{pathway.id}", _NO_REASONS, width))
            continue
        for finding in pathway.findings:
            key = f"finding:{pathway.id}:{finding.rule}"
            rows.append(finding_row(since, finding, key, width))
        for item in pathway.open:
            rows.append(open_row(since, item, f"open:{pathway.id}:{item.rule}", width))
        if not pathway.findings and not pathway.open:
            text = "No rule counted against this pathway."
            rows.append(remark(f"clear:{pathway.id}", text, width, role="good"))
    if not rows:
        rows = [remark("nothing", _NOTHING, width)]
    found = sum(len(pathway.findings) for pathway in seen.pathways)
    return Section("findings", "Findings", tuple(rows), (str(found) if found else "", "muted"))


def by_authority(since: Since, seen: Seen, width: int) -> Section:
    """Return the same findings by who says so; one that is the same on several pathways once."""
    pack = since.knowledge.pack
    where: dict[tuple[str, ...], list[str]] = {}
    found: dict[tuple[str, ...], SavedFinding] = {}
    for pathway in seen.pathways:
        for finding in pathway.findings:
            key = _as_stated(finding)
            found.setdefault(key, finding)
            where.setdefault(key, []).append(pathway.id)
    order = [str(code) for code in pack.wording.authorities]
    known = sorted(found, key=lambda key: order.index(key[0]) if key[0] in order else len(order))
    rows: list[Row] = []
    for place, key in enumerate(known):
        finding = found[key]
        if not place or key[0] != known[place - 1][0]:
            rows.append(heading(coded(pack.wording.authorities, key[0]) or "not recorded"))
        names = ", ".join(_short(pack, ident) for ident in where[key])
        if len(where[key]) == len(seen.pathways) > 1:
            names = "all pathways"
        ident = f"authority:{place}:{finding.rule}"
        rows.append(finding_row(since, finding, ident, width, right=names))
    if not rows:
        rows = [remark("no-authority", "No finding was recorded.", width)]
    return Section("authority", "By authority", tuple(rows))


def _as_stated(finding: SavedFinding) -> tuple[str, ...]:
    """Return what two findings share that are stated alike, the authority first."""
    facts = sorted(f"{ident}={value!r}" for ident, value in finding.facts.items())
    marks = f"{finding.overridden} {finding.local} {finding.not_excluded} {finding.confidence}"
    texts = (finding.rule, finding.effect, finding.because, finding.do, marks)
    return (finding.authority, *texts, *finding.sources, *facts)


def _short(pack: Pack, ident: str) -> str:
    return pack.pathways[ident].short if ident in pack.pathways else safe(ident)


def _pathway_heading(since: Since, pathway: SavedPathway) -> Row:
    text, role = verdict_of(since.knowledge.pack, pathway.verdict)
    name = safe(since.pathway_words(pathway.id))
    return Row("", (line((f"{name}  ", "strong"), (text, role)),))


def finding_row(since: Since, finding: SavedFinding, key: str, width: int, right: str = "") -> Row:
    """Return a finding that opens to reason, action, values, authority and sources."""
    pack = since.knowledge.pack
    symbol = effect_words(pack, finding.effect).partition(" ")[0]
    marks: list[Span] = []
    if finding.overridden:
        marks.append((" overridden", "caution"))
    if finding.local:
        marks.append((" local policy", "caution"))
    if not since.rule_is_known(finding.rule):
        marks.append((" not in today's criteria", "caution"))
    if right:
        marks.append((f" {right}", "muted"))
    head = sides(
        (
            (f"{safe(symbol)} ", ROLE.get(finding.effect, "text")),
            (safe(rule_title(pack, finding.rule)), "text"),
        ),
        marks,
        width - MARK,
    )
    return Row(key, (head,), tuple(finding_detail(since, finding, width)))


def finding_detail(since: Since, finding: SavedFinding, width: int) -> Iterator[Line]:
    """Yield everything the file holds of a finding, and what has become of its rule."""
    pack = since.knowledge.pack
    yield from said(finding.because, width)
    if finding.do:
        yield from said(finding.do, width, first="Do: ")
    if finding.overridden:
        text = "Overridden by the clinician: it counts as a caution. The summary gives the reason."
        yield from said(text, width, "caution")
    if finding.not_excluded:
        text = "Counts because it could not be excluded: what it asks is unknown."
        yield from said(text, width, "caution")
    yield from said(values_text(pack, finding.facts), width, first="Values read: ")
    if finding.medicines:
        yield from said(", ".join(finding.medicines), width, first="Medicines: ")
    effect = effect_words(pack, finding.effect)
    authority = coded(pack.wording.authorities, finding.authority) or "not recorded"
    confidence = finding.confidence or "not recorded"
    yield from said(f"{effect}; rule {finding.rule}", width, first="Effect: ")
    yield from said(f"{authority}, confidence {confidence}", width, first="Authority: ")
    for reference in finding.sources:
        yield from source_lines(since, reference, width)
    yield from _today(since, finding.rule, width)


def source_lines(since: Since, reference: str, width: int, lead: str = "") -> Iterator[Line]:
    """Yield a source: what it is, and where it can be read."""
    first = f"{lead}Source: "
    yield from said(since.source_words(reference), width, first=first)
    source = since.knowledge.pack.sources.get(reference.partition(" §")[0])
    if source is not None:
        seen = source.verified.replace("_", " ")
        text = f"{source.address} (seen as {seen})"
        yield from said(text, width, "muted", first=" " * len(first))


def _today(since: Since, rule: str, width: int) -> Iterator[Line]:
    text, differs = since.rule_words(rule)
    yield from said(text, width, "caution" if differs else "muted", first="The rule now: ")


def open_row(since: Since, item: SavedOpenRule, key: str, width: int) -> Row:
    """Return a rule that could not be decided, opening to what it waited for."""
    pack = since.knowledge.pack
    effect = effect_words(pack, item.effect)
    spare = ", optional" if item.optional else ""
    head = sides(
        (("? ", "info"), (safe(rule_title(pack, item.rule)), "text")),
        ((f" open, could be {effect}{spare}", "muted"),) if width >= 80 else ((" open", "info"),),
        width - MARK,
    )
    detail = [*said(f"{effect}{spare}; rule {item.rule}", width, first="Could become: ")]
    needed = [ident for ident in item.needs if ident not in item.unknown]
    for label, idents in (
        ("Needed: ", needed),
        ("Could not be established: ", item.unknown),
        ("Kept open by: ", item.blocked_by),
    ):
        if idents:
            detail += said(_titles(pack, idents), width, first=label)
    detail += _today(since, item.rule, width)
    return Row(key, (head,), tuple(detail))


def _titles(pack: Pack, idents: Sequence[str]) -> str:
    return "; ".join(fact_title(pack, ident) for ident in idents)


def contradictions(seen: Seen, width: int) -> Section:
    """Return the answers that could not all be right, and those that were not used."""
    rows = [
        Row(
            f"contradiction:{place}",
            tuple(wrap(text, width - MARK, indent=2, first=(("! ", "caution"),))),
        )
        for place, text in enumerate(item.because for item in seen.contradictions)
    ]
    count = (f"! {len(rows)}", "caution") if rows else ("", "muted")
    if not rows:
        text = "No answers contradicted each other."
        if not any(pathway.reasons for pathway in seen.pathways):
            text = "Not recorded with this revision."
        rows = [remark("no-contradiction", text, width)]
    return Section("contradictions", "Contradictions", tuple(rows), count)


_RESULTS: dict[str, Span] = {
    "met": ("✓ met", "good"),
    "not_met": ("✗ not met", "bad"),
    "unknown": ("? not settled", "info"),
}


def coverage(since: Since, seen: Seen, width: int) -> Section:
    """Return what the payer asked for; it never changed the clinical verdict."""
    pack = since.knowledge.pack
    found = seen.coverage
    if found is None or found.profile in ("", "none"):
        rows = [remark("no-payer", "No payer was chosen; coverage was not looked at.", width)]
        return Section("coverage", "Coverage", tuple(rows))
    payer = pack.payers.get(found.profile)
    title = payer.title if payer else f"{found.profile} (not in {since.now} any more)"
    outcome, tone = _RESULTS.get(found.verdict, (safe(found.verdict), "text"))
    head = Row(
        "payer",
        (line((f"{safe(title)}: ", "strong"), (outcome, tone)),),
        tuple(said(f"{payer.policy}. {payer.captured}", width, "muted") if payer else ())
        + tuple(said("It never changes the clinical verdict.", width, "muted")),
    )
    rows = [head]
    for place, item in enumerate(found.rules):
        text, role = _RESULTS.get(item.result, (safe(item.result), "text"))
        line_of = sides(((f"{text[:1]} ", role), (safe(item.title), "text")), (), width - MARK)
        detail = [*said(item.because, width)]
        detail += said(values_text(pack, item.facts), width, first="Values read: ")
        rows.append(Row(f"coverage:{place}", (line_of,), tuple(detail)))
    count = (outcome[:1], tone) if found.verdict in _RESULTS else ("", "muted")
    return Section("coverage", "Coverage", tuple(rows), count)
