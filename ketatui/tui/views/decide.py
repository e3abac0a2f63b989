"""The decision as a form, with what will be saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ketatui.cases.courses import VisitOverride
from ketatui.cases.model import Decision, Override
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.decision import decision_standing, what_is_missing
from ketatui.consultation.reach import overtaken, overtaken_text
from ketatui.criteria.models import SET_ASIDE
from ketatui.criteria.pack import Pack
from ketatui.criteria.who import working_label
from ketatui.engine import Assessment, Finding, PathwayAssessment
from ketatui.tui.views.consent import consent_reached, count_text
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span
from ketatui.tui.views.questions import disagreements
from ketatui.tui.views.verdicts import ROLE, basis_text, finding_title

NONE = "none"
NO_REASONS: Mapping[str, str] = {}
STANDING_TEXT = {
    "within_criteria": ("within the criteria", "good"),
    "provisional": ("provisional: information is still missing", "info"),
    "against_criteria": ("AGAINST the criteria: a reason is needed", "bad"),
}


def decide_items(
    consultation: Consultation, usual: str, reasons: Mapping[str, str] = NO_REASONS
) -> list[FormItem]:
    """Return the decision as form items: pathway, overrides, reason, and what will be saved.

    Args:
        consultation: The consultation.
        usual: Who usually decides on this machine; offered, never filled in.
        reasons: Reasons for overrides that wait for a name, by rule.
    """
    pack, case = consultation.pack, consultation.case
    assessment = consultation.assessment
    decision = case.decision
    items = [FormItem("head", "Decision", "heading"), _choice(pack, decision, assessment)]
    found = overtaken(consultation)
    if found is not None:
        said = f"! {overtaken_text(consultation, found)}: choose again, and say why again."
        items.insert(1, FormItem("overtaken", said, "info", ("", "problem")))
    if decision.pathway in pack.pathways:
        items += _overrides(consultation, str(decision.pathway), reasons)
    standing = decision_standing(assessment, decision)
    if standing is not None:
        text, role = STANDING_TEXT[standing]
        items.append(FormItem("standing", f"This decision is {text}.", "info", ("", role)))
    items += [
        *_who_and_why(decision, usual),
        FormItem("saving", "What will be saved", "heading"),
        *_summary(consultation),
        FormItem("save", "Save the case", "action", answer=("s", "key")),
    ]
    return items


def _choice(pack: Pack, decision: Decision, assessment: Assessment) -> FormItem:
    """Return the line that the pathway is chosen on."""
    return FormItem(
        "pathway",
        "Pathway",
        "choice",
        answer=(_title(pack, decision.pathway), "strong" if decision.pathway else "muted"),
        options=(
            (NONE, "None of these"),
            *((item.id, _option(pack, item)) for item in assessment.pathways),
        ),
        first=0,
        chosen=decision.pathway,
        detail=(("Which pathway, if any? The clinician decides.", "strong"),),
    )


def _who_and_why(decision: Decision, usual: str) -> Iterator[FormItem]:
    """Yield what is typed of a decision: its reason, and whose it is."""
    yield FormItem(
        "reason",
        "Reason",
        "text",
        answer=(decision.reason or "·", "strong" if decision.reason else "muted"),
        entry=decision.reason,
        detail=(("Why this, for whoever reads the case later. No names.", "muted"),),
    )
    offered = usual and not decision.by
    yield FormItem(
        "by",
        "Decided by (your name or initials)",
        "text",
        answer=(decision.by or "·", "strong" if decision.by else "muted"),
        entry=decision.by or usual,
        detail=((f"Enter twice takes “{usual}”.", "muted"),) if offered else (),
    )


def _until_named(consultation: Consultation) -> str:
    """Say what a case is called until somebody gives it a label."""
    called = working_label(consultation.pack, consultation.case.answers)
    return f"{called or '(none)'}; l on the questions changes it"


def _title(pack: Pack, pathway: str | None) -> str:
    if pathway is None:
        return "·"
    return pack.pathways[pathway].title if pathway in pack.pathways else "none"


def _option(pack: Pack, item: PathwayAssessment) -> str:
    words = pack.wording.verdicts[item.verdict]
    basis = basis_text(pack, item)
    return f"{pack.pathways[item.id].title}: {words.symbol} {words.title}  {basis}".rstrip()


def _overrides(
    consultation: Consultation, pathway: str, waiting: Mapping[str, str]
) -> list[FormItem]:
    pack = consultation.pack
    decision: Decision = consultation.case.decision
    reasons = {item.rule: item for item in decision.overrides if item.pathway == pathway}
    items = []
    for finding in consultation.assessment.pathway(pathway).findings:
        if finding.effect in SET_ASIDE:
            made, typed = reasons.get(finding.rule), waiting.get(finding.rule, "")
            items.append(override_item(pack, finding, f"override:{finding.rule}", made, typed))
        elif finding.effect != "note":
            label = f"{pack.wording.effects[finding.effect].symbol} {finding_title(finding)}"
            items.append(FormItem(f"fixed:{finding.rule}", label, "info", ("", "bad")))
    return items


def override_item(
    pack: Pack, finding: Finding, key: str, made: Override | VisitOverride | None, typed: str
) -> FormItem:
    """Return the line on which a finding is set aside with a reason.

    Args:
        pack: The criteria.
        finding: One whose effect is in `SET_ASIDE`.
        key: The line's key.
        made: The override, if there is one.
        typed: A reason that waits for a name.
    """
    detail: list[Span] = [(finding.because, "text"), (f"Do: {finding.do}", "text")]
    if made is not None:
        detail.append((f"Overridden by {made.by}: {made.reason}", "caution"))
        detail.append(("Backspace takes the override back.", "muted"))
    else:
        detail.append(("Enter, then a reason, overrides it; the override stays visible.", "muted"))
    return FormItem(
        key=key,
        label=f"{pack.wording.effects[finding.effect].symbol} {finding_title(finding)}",
        kind="text",
        answer=("overridden", "caution") if made else ("stands", "muted"),
        mark=(" ", ROLE[finding.effect]),
        detail=tuple(detail),
        entry=made.reason if made else typed,
    )


def _summary(consultation: Consultation) -> list[FormItem]:
    case = consultation.case
    assessment = consultation.assessment
    lines: list[Span] = [
        (f"Label: {case.label or _until_named(consultation)}", "text"),
        (assessment.headline, "text"),
        (
            f"Consent: {count_text(consultation)}",
            "text" if case.consent.outcome == "agreed" else "caution",
        ),
    ]
    if reached := consent_reached(consultation):
        lines.append((f"! {reached}; c opens it", "caution"))
    for text, role in disagreements(consultation):
        lines.append((f"{text}; e explains", role))
    opened = len({item.rule for pathway in assessment.pathways for item in pathway.open})
    if opened:
        are = "rule is" if opened == 1 else "rules are"
        lines.append((f"? {opened} {are} still open", "info"))
    lines += [(f"Needed first: {text}", "problem") for text in what_is_missing(consultation)]
    if case.decision.pathway is None:
        lines.append(("Without a decision it is saved as a draft.", "muted"))
    return [
        FormItem(f"summary{number}", text, "info", ("", role))
        for number, (text, role) in enumerate(lines)
    ]
