"""A saved case: what was answered, tried, taken and talked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from ketatui.cases.model import Case, ConsentMark, Trial
from ketatui.consultation.medicine_words import classes_said, said_of
from ketatui.consultation.words import (
    UNANSWERED,
    answer_text,
    discussed_text,
    not_in_criteria,
    trial_name,
)
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import (
    ADEQUATE_WEEKS,
    FAILED_COUNT,
    MEDICATIONS,
    MEDICATIONS_REVIEWED,
)
from ketatui.criteria.wording import number_text
from ketatui.engine import Facts
from ketatui.engine.trials import PARTS, TrialJudgment
from ketatui.reports.assessment_shown import Seen
from ketatui.reports.changes_since import Since
from ketatui.reports.from_records import from_records
from ketatui.reports.given import consented_to, other_days
from ketatui.reports.record import NOT_IN_CRITERIA, trial_text
from ketatui.reports.words import rule_title, yes_or_no
from ketatui.tui.views.case_findings import source_lines
from ketatui.tui.views.lines import EMPTY, WIDEST, Line, Span, line, safe, sides, wrap
from ketatui.tui.views.pages import MARK, Row, Section, heading, pair, remark, said
from ketatui.tui.views.table_pages import PART_TEXT, judged_text
from ketatui.tui.views.trials_chart import NARROWEST, trial_chart, trial_words


def answers(since: Since, case: Case, seen: Seen, facts: Facts, width: int) -> Section:
    """Return the answers by section of the consultation, each opening to question and use.

    Args:
        since: For what has become of the rules that read them.
        case: The case.
        seen: The assessment it was saved with.
        facts: What the criteria at hand make of the answers.
        width: Cells available.
    """
    pack = since.knowledge.pack
    rows: list[Row] = []
    count = 0
    left: list[str] = []
    days = {item.question: item.day for item in other_days(pack, case)}
    for section in pack.sections:
        own = []
        for question in pack.by_section[section.id]:
            text = answer_text(pack, question, case)
            if text != UNANSWERED:
                own.append(_answer(since, case, seen, facts, question, days, width))
            elif facts.asked.get(question.id) is not False:
                left.append(question.label)
        if own:
            rows += [heading(section.title), *own]
            count += len(own)
    others = not_in_criteria(pack, case)
    if others:
        rows.append(heading(NOT_IN_CRITERIA))
        rows += [pair(f"other:{name}", name, text, width) for name, text in others]
        count += len(others)
    if left:
        detail = said("; ".join(left), width)
        rows += [
            heading("Not answered"),
            pair("unanswered", "Asked, and left open", str(len(left)), width, detail=detail),
        ]
    if not rows:
        rows = [remark("no-answers", "No question was answered.", width)]
    return Section("answers", "Answers", tuple(rows), (str(count) if count else "", "muted"))


def _answer(
    since: Since,
    case: Case,
    seen: Seen,
    facts: Facts,
    question: Question,
    days: Mapping[str, dt.date],
    width: int,
) -> Row:
    pack = since.knowledge.pack
    ident = question.id
    text, role = answer_text(pack, question, case), "strong"
    detail = [*said(f"“{question.text}”", width), *said(question.help, width, "muted")]
    if ident in case.unknown:
        text, role = "unknown: could not be established", "info"
    if ident in days:
        text += f", of {days[ident]}"
    if ident in facts.hidden:
        text, role = f"{text} (kept, not used)", "muted"
        detail += said("It is not asked in this case, so no rule reads it.", width, "caution")
    detail += _items(pack, case, question, width)
    for item in from_records(pack, case):
        if item.question == ident:
            detail += said(item.text, width, first="Proposed: ")
    if note := case.notes.get(ident):
        text += "  *"
        detail += said(note, width, "strong", first="Note: ")
    read = "; ".join(dict.fromkeys(_read_by(since, seen, ident)))
    detail += said(read or "no finding that was saved", width, first="Read by: ")
    for reference in question.sources:
        detail += source_lines(since, reference, width)
    return pair(f"answer:{ident}", question.label, text, width, role=role, detail=detail)


def _read_by(since: Since, seen: Seen, ident: str) -> Iterator[str]:
    """Name the saved findings and open rules that an answer stands behind."""
    pack = since.knowledge.pack
    for pathway in seen.pathways:
        for finding in pathway.findings:
            if ident in finding.facts or since.reads(finding.rule, ident):
                yield f"{rule_title(pack, finding.rule)} [{finding.rule}]"
        for item in pathway.open:
            if ident in (*item.needs, *item.blocked_by):
                yield f"{rule_title(pack, item.rule)} [{item.rule}], open"


def _items(pack: Pack, case: Case, question: Question, width: int) -> Iterator[Line]:
    scores = case.scale_items.get(question.id, {})
    instrument = pack.instruments.get(question.instrument or "")
    for item in instrument.items if instrument else ():
        if item.id in scores:
            option = item.options[scores[item.id]]
            yield from said(f"{item.text}: {scores[item.id]}, {option}", width, first="  ")


def trials(since: Since, case: Case, seen: Seen, facts: Facts, width: int) -> Section:
    """Return the antidepressant trials each opening to its parts."""
    if not case.trials:
        rows = [remark("no-trials", "No trial was recorded.", width)]
        return Section("trials", "Trials", tuple(rows))
    rows = list(_counted(since, seen, facts, width))
    known = facts.trials.judgments if facts.trials.is_counted else ()
    judgments = known or (None,) * len(case.trials)
    for place, (trial, judged) in enumerate(zip(case.trials, judgments, strict=True)):
        rows.append(_trial(since, place, trial, judged, width))
    if known and width - MARK >= NARROWEST:
        needed = since.knowledge.pack.threshold_values[ADEQUATE_WEEKS]
        chart = trial_chart(case.trials, known, needed, min(width, WIDEST))
        rows.append(Row("", (EMPTY, *chart)))
    return Section("trials", "Trials", tuple(rows), (str(len(case.trials)), "muted"))


def _counted(since: Since, seen: Seen, facts: Facts, width: int) -> Iterator[Row]:
    then = seen.derived.get("failed_trials")
    now = facts.values.get(FAILED_COUNT)
    text = "not recorded" if then is None else str(then)
    if "failed_trials" in seen.derived and then is None:
        text = "not settled"
    label = "Failed adequate trials, as saved"
    if FAILED_COUNT not in facts.values:
        if "failed_trials" in seen.derived:
            yield pair("trials", label, text, width, role="strong")
        return
    today = "not settled" if now is None else str(now)
    weeks = number_text(since.knowledge.pack.threshold_values[ADEQUATE_WEEKS])
    detail = said(
        f"By {since.now} they come to {today}: at least {weeks} weeks at the minimum dose or "
        "more, taken as prescribed, in this episode, and not a response. The bars below are "
        "drawn by these minimum doses.",
        width,
    )
    differs = "failed_trials" in seen.derived and then != now
    if differs:
        text += f" (today {today})"
    role = "caution" if differs else "strong"
    yield pair("trials", label, text, width, role=role, detail=detail)


def _trial(
    since: Since,
    place: int,
    trial: Trial,
    judged: TrialJudgment | None,
    width: int,
) -> Row:
    pack = since.knowledge.pack
    detail = [*said(trial_text(pack, trial), width)]
    if judged is None:
        text = "No criteria at hand judge this trial: it is kept and not used."
        return Row(
            f"trial:{place}",
            (line((safe(trial_name(trial)), "muted")),),
            tuple(detail + said(text, width)),
        )
    minimum = judged.minimum_mg
    dose = "no minimum dose is tabled" if minimum is None else f"from {number_text(minimum)} mg"
    for part in PARTS:
        holds = judged.parts[part]
        mark: Span = ("✓ ", "good") if holds else ("✗ ", "caution")
        if holds is None:
            mark = ("? ", "info")
        what = f"{_PARTS[part]} ({dose} a day)" if part == "dose" else _PARTS[part]
        text = what if holds is not False else f"{what}: {PART_TEXT[part]}"
        detail.append(line(mark, (text, "text")))
    words, role = trial_words(trial, judged), "good" if judged.counts else "muted"
    verdict, tone = judged_text(judged)
    head = [line((words, role), ("  ", "text"), (verdict, tone))]
    if head[0].width > width - MARK:
        head = [*wrap(words, width - MARK, role=role)]
        head += wrap(verdict, width - MARK, role=tone, indent=2)
    return Row(f"trial:{place}", tuple(head), tuple(detail))


_PARTS = {
    "kind": "An antidepressant",
    "current_episode": "In this episode",
    "adherent": "Taken as prescribed",
    "outcome": "Failed",
    "dose": "Dose",
    "weeks": "Weeks",
}


def medicines(since: Since, case: Case, seen: Seen, width: int) -> Section:
    """Return the medicines with the classes rules know them by."""
    pack = since.knowledge.pack
    rows = []
    for place, item in enumerate(case.medications):
        known = since.knowledge.medicines.recognize(item.name).known
        value, role = said_of(since.knowledge, item), "text" if known else "caution"
        detail = said(f"As {since.now} knows it.", width, "muted")
        if item.classes:
            own = classes_said(pack, item)
            detail = said(f"The clinician says what it is: {own}.", width, "muted")
        if item.name in seen.unrecognised:
            detail += said("It was not settled when the case was saved.", width, "caution")
        for found in from_records(pack, case):
            if found.question == MEDICATIONS and found.value == item.name:
                detail += said(found.source, width, first="Proposed: ")
        name = f"{item.name}, {item.dose}" if item.dose else item.name
        rows.append(pair(f"medicine:{place}", name, value, width, role=role, detail=detail))
    count = (str(len(rows)) if rows else "", "muted")
    if not rows:
        reviewed = case.answers.get(MEDICATIONS_REVIEWED) is True
        text = "None, and the list was reviewed." if reviewed else "None was recorded."
        rows = [remark("no-medicines", text, width)]
    return Section("medicines", "Medicines", tuple(rows), count)


def consent(pack: Pack, case: Case, width: int) -> Section:
    """Return the consent conversation, each item opening to its words."""
    found = case.consent
    if not found.items and found.outcome is None:
        rows = [remark("no-consent", "No consent conversation was recorded.", width)]
        return Section("consent", "Consent", tuple(rows))
    ended = f", {found.ended_at.astimezone():%Y-%m-%d %H:%M}" if found.ended_at else ""
    copy = "not recorded" if found.copy_given is None else yes_or_no(found.copy_given)
    about = consented_to(pack, case) or "not recorded"
    rows = [
        pair("outcome", "Outcome", f"{found.outcome or 'no outcome recorded'}{ended}", width),
        pair("given-to", "Given to", about, width, role="text"),
        pair("present", "Present", found.present or "not recorded", width, role="text"),
        pair("interpreter", "Interpreter", found.interpreter or "not recorded", width, role="text"),
        pair("copy", "Copy given", copy, width, role="text"),
    ]
    if found.items:
        rows.append(heading("Discussed"))
    rows += [_consent_item(pack, ident, mark, width) for ident, mark in found.items.items()]
    count = (str(len(found.items)) if found.items else "", "muted")
    return Section("consent", "Consent", tuple(rows), count)


def _consent_item(pack: Pack, ident: str, mark: ConsentMark, width: int) -> Row:
    item = pack.consent.get(ident)
    when = f"{mark.discussed_at.astimezone():%Y-%m-%d %H:%M}"
    detail: list[Line] = []
    if item is None:
        detail += said("The criteria at hand have no such item any more.", width, "caution")
    else:
        detail += said(f"“{item.text}”", width, "muted", first="In today's words: ")
    if mark.teach_back:
        detail += said(f"“{mark.teach_back}”", width, "strong", first="In the patient's words: ")
    if mark.note:
        detail += said(mark.note, width, "strong", first="Note: ")
    star = " *" if mark.teach_back or mark.note else ""
    title = item.title if item else safe(ident)
    left: tuple[Span, ...] = (("✓ ", "good"), (title, "text"), (star, "key"))
    head = sides(left, ((when, "muted"),), width - MARK)
    return Row(f"consent:{ident}", (head,), tuple(detail))


def consent_words(pack: Pack, case: Case) -> str:
    """Say how the consent conversation ended, in a line."""
    found = case.consent
    items = f", {discussed_text(pack, case)}" if found.items else ""
    if found.outcome is None:
        return f"no outcome recorded{items}" if items else "not recorded"
    when = f", {found.ended_at.astimezone():%Y-%m-%d %H:%M}" if found.ended_at else ""
    return f"{found.outcome}{when}{items}"
