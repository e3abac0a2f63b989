"""A saved case as it stood, read-only: summary first, then answers, reasons, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ketatui.cases.model import Case
from ketatui.consultation.words import fact_title, number_text, value_text
from ketatui.criteria.pack import Pack
from ketatui.tui.views.lines import Line, line, rule, safe, wrap
from ketatui.tui.views.verdicts import ROLE

_STANDING = {
    "within_criteria": ("within the criteria", "good"),
    "provisional": ("provisional: information was missing", "info"),
    "against_criteria": ("AGAINST the criteria", "bad"),
}


def case_lines(pack: Pack, case: Case, width: int) -> list[Line]:
    """Return a saved case as lines.

    Reasons are those saved with the case, in the words of the criteria of that day; nothing is
    assessed anew here.
    """
    lines = _decision(pack, case, width)
    saved: Mapping[str, Any] = case.assessment or {}
    for pathway in saved.get("pathways", ()):
        lines += _pathway(pack, pathway, width)
    lines += _answers(pack, case, width)
    lines += _tables(case, width)
    lines += _consent(pack, case, width)
    lines += _history(pack, case, width)
    return lines


def _decision(pack: Pack, case: Case, width: int) -> list[Line]:
    decision = case.decision
    lines = [line((safe(case.label) or case.id, "strong"))]
    if case.practice:
        lines.append(line(("PRACTICE, not a patient", "caution")))
    title = "nothing decided"
    if decision.pathway is not None:
        known = pack.pathways.get(decision.pathway)
        title = known.title if known else "none of the pathways"
    text, role = _STANDING.get(decision.standing or "", ("", "muted"))
    lines.append(line("Decision: ", (title, "strong"), (f"   {text}" if text else "", role)))
    if decision.reason:
        lines += wrap(f"Reason: {decision.reason}", width, indent=2)
    if decision.by:
        when = f", {decision.at.astimezone():%Y-%m-%d %H:%M}" if decision.at else ""
        lines += wrap(f"By {decision.by}{when}", width, role="muted", indent=2)
    for item in decision.overrides:
        lines += wrap(
            f"Overridden for {item.pathway}: {item.rule}, by {item.by}: {item.reason}",
            width,
            role="caution",
            indent=2,
        )
    saved: Mapping[str, Any] = case.assessment or {}
    if saved:
        info = saved.get("pack", {})
        said = (
            f"State {case.state}. Criteria {info.get('id', '')} {info.get('version', '')}, "
            f"{str(info.get('digest', ''))[:19]}…, assessed for {saved.get('on', '')}"
        )
        lines += wrap(said, width, role="muted")
        lines += wrap(str(saved.get("headline", "")), width, role="text")
    return lines


def _pathway(pack: Pack, pathway: Mapping[str, Any], width: int) -> list[Line]:
    ident = str(pathway.get("id", ""))
    known = pack.pathways.get(ident)
    verdict = str(pathway.get("verdict", ""))
    words = next((w for code, w in pack.wording.verdicts.items() if code == verdict), None)
    said = f"{words.symbol} {words.title}" if words else safe(verdict)
    lines = [
        Line(),
        rule(width),
        line(
            (f"{known.title if known else safe(ident)}  ", "strong"),
            (said, ROLE.get(verdict, "text")),
        ),
    ]
    for finding in pathway.get("findings", ()):
        effect = str(finding.get("effect", ""))
        over = "  (overridden)" if finding.get("overridden") else ""
        local = "  [local policy]" if finding.get("local_policy") else ""
        title = _rule_title(pack, str(finding.get("rule", "")))
        text = f"{title}: {finding.get('because', '')}{over}{local}"
        symbol = next((w.symbol for code, w in pack.wording.effects.items() if code == effect), "·")
        lines += wrap(text, width, indent=4, first=((f"  {symbol} ", ROLE.get(effect, "text")),))
        values = "; ".join(
            f"{fact_title(pack, key)} = {_said(pack, key, value)}"
            for key, value in dict(finding.get("facts", {})).items()
        )
        sources = " · ".join(pack.source_text(str(ref)) for ref in finding.get("sources", ()))
        lines += wrap(f"Do: {finding.get('do', '')}", width, role="muted", indent=4)
        lines += wrap(
            f"Read: {values}. {_authority(pack, str(finding.get('authority', '')))}, {sources}",
            width,
            role="muted",
            indent=4,
        )
    for item in pathway.get("open", ()):
        needs = ", ".join(fact_title(pack, str(ident)) for ident in item.get("needs", ()))
        text = f"{_rule_title(pack, str(item.get('rule', '')))} was open; needed {needs}"
        lines += wrap(text, width, indent=4, first=(("  ? ", "info"),))
    return lines


def _rule_title(pack: Pack, rule: str) -> str:
    return pack.rules[rule].title if rule in pack.rules else safe(rule)


def _changed(pack: Pack, what: str) -> str:
    """Say what a change was about, in the words of the questions where it is one."""
    ident = what.removeprefix("answers.")
    if ident in pack.questions:
        return pack.questions[ident].label
    for item in pack.consent.values():
        if f'"{item.id}"' in what:
            return f"Consent, {item.title}"
    return safe(what)


def _authority(pack: Pack, code: str) -> str:
    titles = {str(known): title for known, title in pack.wording.authorities.items()}
    return titles.get(code, safe(code))


def _said(pack: Pack, ident: str, value: object) -> str:
    if isinstance(value, list):
        return value_text(pack, ident, tuple(str(item) for item in value))
    if value is None or isinstance(value, bool | int | str):
        return value_text(pack, ident, value)
    return str(value)


def _answers(pack: Pack, case: Case, width: int) -> list[Line]:
    lines = [Line(), rule(width), line(("Answers", "title"))]
    for section in pack.sections:
        rows: list[Line] = []
        for question in pack.by_section[section.id]:
            value = case.answers.get(question.id)
            if question.id in case.unknown:
                said, role = "could not be established", "info"
            elif value is not None:
                said, role = value_text(pack, question.id, value), "strong"
            else:
                continue
            gap = " " * max(46 - len(question.label), 1)
            rows.append(line("  ", (question.label, "text"), gap, (said, role)))
            if note := case.notes.get(question.id):
                rows += wrap(f"* {note}", width, role="muted", indent=4)
        if rows:
            lines += [line((section.title, "muted")), *rows]
    return lines


def _tables(case: Case, width: int) -> list[Line]:
    lines: list[Line] = []
    if case.trials:
        lines += [Line(), line(("Antidepressant trials", "title"))]
    for trial in case.trials:
        dose = number_text(trial.daily_dose_mg) if trial.daily_dose_mg is not None else "?"
        weeks = number_text(trial.weeks) if trial.weeks is not None else "?"
        outcome = (trial.outcome or "?").replace("_", " ")
        lines += wrap(f"{trial.drug} {dose} mg, {weeks} weeks, {outcome}", width, indent=2)
    if case.medications:
        lines += [Line(), line(("Medicines", "title"))]
    for item in case.medications:
        lines += wrap(f"{item.name} {item.dose}".rstrip(), width, indent=2)
    return lines


def _consent(pack: Pack, case: Case, width: int) -> list[Line]:
    consent = case.consent
    if not consent.items and consent.outcome is None:
        return []
    ended = consent.outcome or "not ended"
    lines = [Line(), line((f"Consent: {ended}", "title"))]
    about = f"Present: {consent.present or '·'}   Interpreter: {consent.interpreter or '·'}"
    lines += wrap(about, width, role="muted", indent=2)
    for ident, mark in consent.items.items():
        title = pack.consent[ident].title if ident in pack.consent else ident
        when = f"{mark.discussed_at.astimezone():%Y-%m-%d %H:%M}"
        extra = f"; in the patient's words: “{mark.teach_back}”" if mark.teach_back else ""
        note = f"; {mark.note}" if mark.note else ""
        lines += wrap(f"{title}, {when}{extra}{note}", width, indent=4, first=(("  ✓ ", "good"),))
    return lines


def _history(pack: Pack, case: Case, width: int) -> list[Line]:
    revisions: Sequence[Any] = case.revisions
    if not revisions:
        return []
    lines = [Line(), line(("History", "title"))]
    for item in revisions:
        count = len(item.changes)
        changes = f", {count} change{'s' if count != 1 else ''}" if item.number > 1 else ""
        said = f"{item.number}. {item.at.astimezone():%Y-%m-%d %H:%M} {item.by} {item.why}{changes}"
        lines += wrap(said, width, role="muted", indent=2)
        for change in item.changes:
            if str(change.get("what", "")).startswith(("reviews", "signatures")):
                continue  # The line above says who said what.
            old, new = change.get("old", "nothing"), change.get("new", "nothing")
            what = _changed(pack, str(change.get("what", "")))
            lines += wrap(f"{what}: {old} → {new}", width, indent=5)
    return lines
