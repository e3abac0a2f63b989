"""Explain a decision of a visit: every finding with its rule, values, action and source."""

from __future__ import annotations

from ketatui.consultation.treatment import Treatment
from ketatui.course.grouping import decided_at
from ketatui.engine import Finding
from ketatui.reports.visit_summary import title_of, value_of
from ketatui.tui.views.explain import (
    by_authority_of,
    by_effect_of,
    change_lines,
    clear_lines,
    finding_lines,
    open_lines,
)
from ketatui.tui.views.lines import Line, Span, clickable, line, rule, wrap
from ketatui.tui.views.verdicts import reach, verdict_span, verdict_symbol


def decision_tabs(treatment: Treatment, current: str) -> Line:
    """Return the decisions as tabs, the current one set off."""
    parts: list[str | Span | tuple[str, str, str]] = []
    told = decided_at(treatment.pack, treatment.the_visit(), treatment.explained.decisions)
    for number, decision in enumerate(told, start=1):
        here = decision.id == current
        symbol, role = verdict_symbol(treatment.criteria, decision.verdict)
        short = treatment.pack.decisions[decision.id].short
        parts += [
            ("▸" if here else " ", "key"),
            (f"{number} ", "key", decision.id),
            (symbol, role, decision.id),
            (f" {short}", "strong" if here else "muted", decision.id),
            "   ",
        ]
    return clickable(*parts)


def explain_decision(
    treatment: Treatment, current: str, width: int, *, by_authority: bool
) -> list[Line]:
    """Explain one decision of a visit.

    Args:
        treatment: The visit.
        current: The decision's id.
        width: Cells available.
        by_authority: Group findings by who says so instead of by effect.
    """
    pack, found = treatment.criteria, treatment.explained
    decision = found.decision(current)
    lines = [decision_tabs(treatment, current), rule(width)]
    title = treatment.pack.decisions[current].title
    lines.append(line((f"{title}  ", "strong"), verdict_span(pack, decision.verdict)))
    lines += wrap(pack.wording.verdicts[decision.verdict].meaning, width, role="muted")
    if spans := reach(pack, decision):
        lines.append(Line(spans))
    groups = by_authority_of(pack, decision) if by_authority else by_effect_of(pack, decision)
    for head, role, findings in groups:
        lines += [Line(), line((head, role))]
        for finding in findings:
            lines += finding_lines(pack, finding, width, _read(treatment, finding))
    if not decision.findings:
        lines += [Line(), line(("No rule counts against it.", "good"))]
    lines += open_lines(pack, decision, width)
    lines += change_lines(pack, decision, width)
    judged = treatment.knowledge.pathways[treatment.the_course().pathway]
    lines += clear_lines(judged, decision, width)
    for item in found.contradictions:
        lines += wrap(item.because, width, role="caution", indent=4, first=(("  ! ", "caution"),))
    said = (
        f"Criteria {found.pack_id} {found.pack_version}, {found.pack_digest[:19]}…, "
        f"assessed for {found.on}. The clinician decides."
    )
    return [*lines, Line(), rule(width), *wrap(said, width, role="muted")]


def _read(treatment: Treatment, finding: Finding) -> str:
    known = treatment.knowledge
    return "; ".join(
        f"{title_of(known, ident)} = {value_of(known, ident, value)}"
        for ident, value in finding.facts.items()
    )
