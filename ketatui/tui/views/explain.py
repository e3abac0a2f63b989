"""Explain: every finding of a pathway with its rule, values, action, authority and source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import get_args

from ketatui.consultation.words import fact_title, judged_name, value_text, why_not
from ketatui.cql import Value
from ketatui.criteria.models import Effect
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import TRIALS
from ketatui.engine import Assessment, Finding, Knowledge, OpenRule, PathwayAssessment
from ketatui.engine.assessment import WhatIf
from ketatui.engine.contradictions import HIDDEN
from ketatui.engine.fingerprints import roots_of
from ketatui.tui.views.lines import Line, Span, clickable, line, rule, safe, wrap
from ketatui.tui.views.verdicts import (
    ROLE,
    Judged,
    basis_text,
    effect_span,
    reach,
    verdict_span,
    verdict_symbol,
    waiting,
)

_NARROW = 90
"""Below so many cells the tabs have short titles."""


def tabs(pack: Pack, judged: Iterable[Judged], current: str, titles: Mapping[str, str]) -> Line:
    """Return pathways or decisions as tabs, the current one set off."""
    parts: list[str | Span | tuple[str, str, str]] = []
    for number, item in enumerate(judged, start=1):
        here = item.id == current
        symbol, role = verdict_symbol(pack, item.verdict)
        parts += [
            ("▸" if here else " ", "key"),
            (f"{number} ", "key", item.id),
            (symbol, role, item.id),
            (f" {titles[item.id]}", "strong" if here else "muted", item.id),
            "   ",
        ]
    return clickable(*parts)


def explain_lines(
    knowledge: Knowledge, assessment: Assessment, current: str, width: int, *, by_authority: bool
) -> list[Line]:
    """Explain one pathway's verdict.

    Args:
        knowledge: The compiled pack.
        assessment: The assessment, with what would lift each verdict.
        current: The pathway's id.
        width: Cells available.
        by_authority: Group findings by who says so instead of by effect.
    """
    pack = knowledge.pack
    pathway = assessment.pathway(current)
    narrow = width < _NARROW
    titles = {item.id: item.short if narrow else item.title for item in pack.pathways.values()}
    lines = [tabs(pack, assessment.pathways, current, titles), rule(width)]
    lines += verdict_lines(pack, assessment, pathway, width)
    # Before the reasons: as long as two answers contradict each other, neither can be relied on.
    lines += _contradictions(assessment, width)
    groups = by_authority_of(pack, pathway) if by_authority else by_effect_of(pack, pathway)
    for title, role, findings in groups:
        lines += [Line(), line((title, role))]
        for finding in findings:
            lines += finding_lines(pack, finding, width)
    if not pathway.findings:
        lines += [Line(), line(("No rule counts against this pathway.", "good"))]
    lines += open_lines(pack, pathway, width)
    lines += change_lines(pack, pathway, width)
    lines += _trials(knowledge, assessment, pathway, width)
    lines += support_lines(pack, pathway, width)
    lines += clear_lines(knowledge, pathway, width)
    lines += _not_used(assessment, width)
    lines += _coverage(pack, assessment, width)
    lines += _basis_of_all(pack, assessment, width)
    return lines


def verdict_lines(
    pack: Pack, assessment: Assessment, pathway: PathwayAssessment, width: int
) -> list[Line]:
    """Return the verdict on a pathway, what it means, and what it can still become."""
    place = f"ranked {pathway.rank} of {len(assessment.pathways)}"
    if pathway.verdict in ("contraindicated", "not_indicated"):
        place = ""
    basis = basis_text(pack, pathway)
    head = line(
        (f"{pack.pathways[pathway.id].title}  ", "strong"),
        verdict_span(pack, pathway.verdict),
        (f"   {basis}" if basis else "", "text"),
        (f"   {place}", "muted"),
    )
    if head.width > width:
        # The rank says least of all of it.
        head = Line(head.spans[:-1])
    lines = [head]
    meaning = pack.wording.verdicts[pathway.verdict].meaning
    lines += wrap(meaning, width, role="muted")
    spans = reach(pack, pathway)
    if spans:
        lines.append(Line(spans))
    return lines


Group = tuple[str, str, Sequence[Finding]]


def by_effect_of(pack: Pack, pathway: Judged) -> Iterable[Group]:
    """Group what applies by what it does: title, role and findings of each group."""
    for effect in get_args(Effect):
        found = [item for item in pathway.findings if item.effect == effect]
        if found:
            title, role = effect_span(pack, effect)
            yield title, role, found


def by_authority_of(pack: Pack, pathway: Judged) -> Iterable[Group]:
    """Group what applies by who says so: title, role and findings of each group."""
    for authority in pack.wording.authorities:
        found = [item for item in pathway.findings if item.authority == authority]
        if found:
            yield pack.wording.authorities[authority], "title", found


def finding_lines(pack: Pack, finding: Finding, width: int, read: str = "") -> list[Line]:
    """Return one finding, opened to rule, values, action and sources.

    Args:
        pack: The criteria.
        finding: The finding.
        width: Cells available.
        read: The values it read, where they are not to be said as those of a screening are.
    """
    symbol = pack.wording.effects[finding.effect].symbol
    lines = wrap(
        finding.title,
        width,
        role="strong",
        indent=4,
        first=((f"  {symbol} ", ROLE[finding.effect]),),
    )
    if finding.overridden:
        said = "OVERRIDDEN by the clinician; see the decision"
        lines += wrap(said, width, role="caution", indent=4)
    if finding.not_excluded:
        lines += wrap(
            "Counts because it could not be excluded: what it asks is unknown.",
            width,
            role="caution",
            indent=4,
        )
    lines += wrap(finding.because, width, indent=4)
    lines += wrap(f"Do: {finding.do}", width, indent=4)
    lines += wrap(
        f"Read: {read or values_text(pack, finding.facts)}", width, role="muted", indent=4
    )
    if finding.medicines:
        said = f"Medicines: {', '.join(finding.medicines)}"
        lines += wrap(said, width, role="muted", indent=4)
    authority = pack.wording.authorities[finding.authority]
    said = f"{authority}, confidence {finding.confidence}, rule {finding.rule}"
    if finding.local:
        title = pack.policy.title if pack.policy else ""
        lines.append(line("    ", (" local policy ", "local"), (f" {safe(title)}", "text")))
    lines += wrap(said, width, role="muted", indent=4)
    for reference in finding.sources:
        lines += wrap(
            pack.source_text(reference), width, role="muted", indent=6, first=(("    · ", "muted"),)
        )
    return lines


def values_text(pack: Pack, facts: Mapping[str, Value]) -> str:
    """Say the values a rule read."""
    if not facts:
        return "nothing; it always applies here"
    return "; ".join(
        f"{fact_title(pack, ident)} = {value_text(pack, ident, value)}"
        for ident, value in facts.items()
    )


def open_lines(pack: Pack, pathway: Judged, width: int) -> list[Line]:
    """Return the rules that are not decided, and what each waits for."""
    if not pathway.open:
        return []
    lines = [Line(), line((_still_open(pathway), "info"))]
    for item in pathway.open:
        word = pack.wording.effects[item.effect].title
        spare = ", optional" if item.optional else ""
        lines += wrap(
            f"{item.title}: could be “{word}”{spare}",
            width,
            indent=4,
            first=(("  ? ", "info"),),
        )
        lines += wrap(needs_text(pack, item), width, role="muted", indent=4)
    return lines


def _still_open(pathway: Judged) -> str:
    """Say how many rules are open, and how many questions of them count beside the verdict."""
    rules, asked = len(pathway.open), waiting(pathway)
    said = f"Still open: {rules} rule{'' if rules == 1 else 's'}"
    if not asked:
        return said
    return f"{said}; {asked} question{'' if asked == 1 else 's'} could change the verdict"


def needs_text(pack: Pack, item: OpenRule) -> str:
    """Say what an open rule waits for."""
    parts = []
    asked = [fact_title(pack, ident) for ident in item.needs if ident not in item.unknown]
    if asked:
        parts.append(f"needs {'; '.join(asked)}")
    if item.unknown:
        titles = "; ".join(fact_title(pack, ident) for ident in item.unknown)
        parts.append(f"could not be established: {titles}")
    if item.blocked_by:
        titles = "; ".join(fact_title(pack, ident) for ident in item.blocked_by)
        parts.append(f"waits for: {titles}")
    return " · ".join(parts) or "waits for nothing that is asked now"


def change_lines(pack: Pack, pathway: Judged, width: int) -> list[Line]:
    """Return what would lift the verdict."""
    if not pathway.changes:
        return []
    lines = [Line(), line(("What would lift the verdict", "title"))]
    for change in pathway.changes:
        symbol, role = verdict_symbol(pack, change.then)
        word = pack.wording.verdicts[change.then].title
        lines += wrap(
            f"{change_text(pack, change)}: then at best “{word}”",
            width,
            indent=4,
            first=((f"  {symbol} ", role),),
        )
    return lines


def change_text(pack: Pack, change: WhatIf) -> str:
    """Say what would have to be otherwise: ``Systolic blood pressure 140 mmHg or less``."""
    parts = []
    for ident, value in zip(change.facts, change.values, strict=True):
        title = fact_title(pack, ident)
        if value is None:
            parts.append(f"{title}: without what is listed")
        elif ident in pack.questions and pack.questions[ident].kind in ("int", "decimal"):
            parts.append(f"{title}, for example {value_text(pack, ident, value)}")
        else:
            parts.append(f"{title}: {value_text(pack, ident, value)}")
    return " + ".join(parts)


def clear_lines(knowledge: Knowledge, pathway: Judged, width: int) -> list[Line]:
    """List the rules that were decided and do not apply: what "criteria met" rests on."""
    said = {item.rule for item in pathway.findings} | {item.rule for item in pathway.open}
    rules = knowledge.rules[pathway.id]
    clear = list(dict.fromkeys(rule.title for rule in rules if rule.rule not in said))
    if not clear:
        return []
    lines = [Line(), line((f"Checked, and does not apply ({len(clear)})", "title"))]
    return lines + wrap(" · ".join(clear), width, role="muted", indent=2)


def _trials(
    knowledge: Knowledge, assessment: Assessment, pathway: PathwayAssessment, width: int
) -> list[Line]:
    """Say of each trial why it does not count, where the verdict leans on them."""
    stated = {item.rule for item in pathway.findings} | {item.rule for item in pathway.open}
    rules = roots_of(knowledge).rules
    leaning = any(TRIALS in rules[ident].questions for ident in stated & set(rules))
    judged = [item for item in assessment.trials.judgments if not item.counts]
    if not leaning or not judged or not assessment.trials.is_counted:
        return []
    lines = [Line(), line(("Trials that do not count, and why", "title"))]
    for item in judged:
        lines += wrap(f"{judged_name(item)}: {why_not(item)}", width, indent=4)
    return lines


def support_lines(pack: Pack, pathway: PathwayAssessment, width: int) -> list[Line]:
    """Return the evidence for a pathway: what it is graded, why, and by whom."""
    if pathway.support_row is None:
        return []
    row = pack.support[pathway.support_row]
    cell = row.on[pathway.id]
    lines = [Line(), line((f"Evidence: {row.title}, grade {cell.grade}", "title"))]
    lines += wrap(pack.wording.grades[cell.grade], width, role="muted", indent=2)
    lines += wrap(cell.reason, width, indent=2)
    if cell.against:
        lines += wrap(f"Against: {cell.against}", width, role="caution", indent=2)
    for reference in cell.sources:
        lines += wrap(
            pack.source_text(reference), width, role="muted", indent=4, first=(("  · ", "muted"),)
        )
    return lines


def _contradictions(assessment: Assessment, width: int) -> list[Line]:
    found = [item for item in assessment.contradictions if item.id != HIDDEN]
    if not found:
        return []
    lines = [Line(), line(("Answers that contradict each other", "caution"))]
    for item in found:
        lines += wrap(item.because, width, indent=4, first=(("  ! ", "caution"),))
    return lines


def _not_used(assessment: Assessment, width: int) -> list[Line]:
    found = [item for item in assessment.contradictions if item.id == HIDDEN]
    if not found:
        return []
    lines = [Line(), line(("Answers kept but not used", "muted"))]
    for item in found:
        lines += wrap(item.because, width, role="muted", indent=4, first=(("  · ", "muted"),))
    return lines


def _coverage(pack: Pack, assessment: Assessment, width: int) -> list[Line]:
    coverage = assessment.coverage
    payer = pack.payers.get(coverage.profile)
    if payer is None:
        return []
    words = {"met": "met", "not_met": "not met", "unknown": "not settled"}
    marks: dict[str, Span] = {
        "met": ("  ✓ ", "good"),
        "not_met": ("  ✗ ", "bad"),
        "unknown": ("  ? ", "info"),
    }
    lines = [Line(), line((f"Payer, {payer.title}: {words[coverage.verdict]}", "title"))]
    lines += wrap(
        f"{payer.policy}. {payer.captured}. It never changes the clinical verdict.",
        width,
        role="muted",
        indent=2,
    )
    for item in coverage.rules:
        lines += wrap(item.title, width, indent=4, first=(marks[item.result],))
        lines += wrap(item.because, width, role="muted", indent=4)
    return lines


def _basis_of_all(pack: Pack, assessment: Assessment, width: int) -> list[Line]:
    info = pack.info
    said = (
        f"Criteria {info.id} {info.version}, {assessment.pack_digest[:19]}…, "
        f"assessed for {assessment.on}. The clinician decides."
    )
    return [Line(), rule(width), *wrap(said, width, role="muted")]
