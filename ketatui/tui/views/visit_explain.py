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
    tabs,
)
from ketatui.tui.views.lines import Line, line, rule, wrap
from ketatui.tui.views.verdicts import reach, verdict_span


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
    told = decided_at(treatment.pack, treatment.the_visit(), treatment.explained.decisions)
    shorts = {item.id: item.short for item in treatment.pack.decisions.values()}
    lines = [tabs(treatment.criteria, told, current, shorts), rule(width)]
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
