"""The questions of a section as form items, and the sections as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from rich.cells import cell_len

from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.entry import with_units
from ketatui.consultation.numbers import range_text
from ketatui.consultation.words import UNANSWERED, UNKNOWN, answer_text, too_old_text
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import (
    FAILED_COUNT,
    MEDICATIONS,
    MEDICATIONS_REVIEWED,
    TRIALS,
    TRIALS_COMPLETE,
    TRIALS_REPORTED,
)
from ketatui.criteria.wording import number_text
from ketatui.engine import Assessment
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.contradictions import HIDDEN
from ketatui.engine.staleness import StaleAnswer, stale_words
from ketatui.tui.views.forms import FormItem, ItemKind
from ketatui.tui.views.lines import Line, Span, in_room, line, safe, sides

ITEM_KINDS: dict[str, ItemKind] = {
    "bool": "bool",
    "choice": "choice",
    "int": "number",
    "decimal": "number",
    "scale": "number",
    "rows": "action",
}
"""What each kind of question is in a form."""


def question_items(consultation: Consultation, section: str, *, why: bool) -> list[FormItem]:
    """Return the questions of a section that are asked now, as form items.

    Args:
        consultation: The consultation.
        section: The section's id.
        why: Whether the focused question also shows why it is asked, and its sources.
    """
    asked = consultation.asked(section)
    if not asked:
        return [FormItem("none", "Nothing in this section is asked here.", "info", ("", "muted"))]
    state = _State(
        consultation.pack,
        consultation.case,
        consultation.fresh,
        consultation.assessment,
        consultation.stale,
        counting_against(consultation),
    )
    told = {ident for found in state.assessment.contradictions for ident in found.questions}
    return [
        _question_item(state, question, why=why)
        if why or question.kind not in _PLAIN or question.id in told or question.id in state.stale
        else _plain_item(state, question)
        for question in asked
    ]


class _State(NamedTuple):
    """What the questions of a form are drawn from.

    Attributes:
        pack: The criteria.
        case: The case, with what is too old to count.
        fresh: The case as it counts today.
        assessment: Its assessment.
        stale: What is too old to count.
        hurting: The answers that count against something.
    """

    pack: Pack
    case: Case
    fresh: Case
    assessment: Assessment
    stale: Mapping[str, StaleAnswer]
    hurting: frozenset[str]


_PLAIN = ("bool", "choice")
"""Kinds of questions whose line hangs on little."""
_kept: dict[str, tuple[Question, tuple[object, ...], FormItem]] = {}
"""The lines of such questions as they were drawn last, each with all that it hangs on."""


def _plain_item(state: _State, question: Question) -> FormItem:
    """Return a question as a form item; the one of the key before if nothing of it is another."""
    ident = question.id
    hangs_on = (
        state.fresh.answers.get(ident),
        ident in state.fresh.unknown,
        ident in state.hurting,
        state.case.notes.get(ident),
        state.assessment.asked[ident],
    )
    known = _kept.get(ident)
    if known is not None and known[0] is question and known[1] == hangs_on:
        return known[2]
    item = _question_item(state, question, why=False)
    _kept[ident] = question, hangs_on, item
    return item


def _question_item(state: _State, question: Question, *, why: bool) -> FormItem:
    # What is too old is no answer: nobody is offered last week's blood pressure to confirm.
    pack, case, ident = state.pack, state.fresh, question.id
    hurts = ident in state.hurting
    text = answer_text(pack, question, case, state.assessment)
    stored = case.answers.get(ident)
    entry = (
        number_text(stored)
        if question.kind in ("int", "decimal", "scale")
        and not isinstance(stored, str | bool | None)
        else ""
    )
    too_old = state.stale.get(ident)
    return FormItem(
        key=ident,
        label=question.label,
        kind=ITEM_KINDS[question.kind],
        answer=_too_old(state, question, too_old) if too_old else answer_span(text, hurts=hurts),
        mark=_mark(state, ident),
        options=tuple([(option.code, option.label) for option in question.options]),
        chosen=stored if isinstance(stored, str) else None,
        detail=tuple(_detail(state, question, too_old, why=why)),
        can_be_unknown=True,
        entry=entry,
        opens=question.kind == "rows"
        or (question.kind == "scale" and bool(pack.instrument_of(question).items)),
    )


def _too_old(state: _State, question: Question, item: StaleAnswer) -> Span:
    answer = answer_text(state.pack, question, state.case)
    day = item.since
    # The short form leaves room for the label; the whole of it stands below when it is focused.
    year = "" if day.year == state.assessment.on.year else f" {day.year}"
    why = "not yet" if item.ahead else "too old"
    return f"{answer}, {day:%b} {day.day}{year}: {why}", "caution"


def answer_span(text: str, *, hurts: bool) -> Span:
    """Return an answer as it is shown; one that counts against something stands out."""
    if text == UNANSWERED:
        return text, "muted"
    if text == UNKNOWN:
        return text, "info"
    return text, "bad" if hurts else "strong"


def _mark(state: _State, ident: str) -> Span:
    if ident in state.hurting:
        return "!", "bad"
    if ident in state.case.notes:
        return "*", "key"
    if state.assessment.asked[ident] is None:
        # Whether it is asked at all depends on something not answered yet.
        return "?", "muted"
    return " ", "text"


def counting_against(consultation: Consultation) -> frozenset[str]:
    """Return the answers read by findings worse than a note.

    How strong the evidence for an indication is does not count against an answer. While
    practicing nothing is told of it.
    """
    if consultation.blind:
        return frozenset()
    rules = consultation.pack.rules
    # Pathways share most of their findings.
    findings = {
        id(finding.facts): finding
        for pathway in consultation.assessment.pathways
        for finding in pathway.findings
        if SEVERITY[finding.effect] >= SEVERITY["caution"]
    }
    return frozenset(
        ident
        for finding in findings.values()
        if not rules[finding.rule].support
        for ident, value in finding.facts.items()
        if value is not None and not ident.startswith("derived.")
    )


def _detail(
    state: _State, question: Question, too_old: StaleAnswer | None, *, why: bool
) -> list[Span]:
    case, pack, assessment = state.case, state.pack, state.assessment
    told: list[Span] = [(question.text, "strong")]
    if question.kind in ("int", "decimal", "scale"):
        allowed = range_text(*pack.limits_of(question), question.unit)
        stored = case.answers.get(question.id)
        said = f" · now {with_units(question, stored)}" if isinstance(stored, Decimal) else ""
        told.append((f"{allowed}{said}", "muted"))
    if question.kind == "rows":
        told.append(("Enter opens the table.", "key"))
    elif question.kind == "scale" and pack.instrument_of(question).items:
        told.append(("Enter: item by item · digits: a total", "key"))
    if too_old:
        said = too_old_text(pack, question, case, too_old)
        told.append((f"! {said} ({stale_words(too_old)})", "caution"))
    told.append((question.help, "muted"))
    if question.asked_because:
        maybe = "" if assessment.asked[question.id] else " (not settled yet)"
        told.append((f"{question.asked_because}{maybe}", "muted"))
    told += [
        (f"! {found.because}", "caution")
        for found in assessment.contradictions
        if question.id in found.questions
    ]
    if question.id == MEDICATIONS and assessment.unrecognised:
        names = ", ".join(assessment.unrecognised)
        told.append((f"! Not recognized, so what reads it stays open: {names}", "caution"))
    if note := case.notes.get(question.id):
        told.append((f"* {note}", "text"))
    if why:
        told.append((f"Why: {question.why}", "text"))
        told += [(f"· {pack.source_text(reference)}", "muted") for reference in question.sources]
    return told


_ROOM_FOR_HINT = 100
"""Cells from which all that a label must not hold is named in the title."""
_ROOM_FOR_NAME = 130
"""Cells from which there is room for the criteria beside who the case is about."""


def optional_questions(consultation: Consultation) -> frozenset[str]:
    """Return questions that need no answer any more: the other ways to a settled number."""
    # A list that is reviewed may be empty; until then it comes first.
    reviewed = consultation.status(MEDICATIONS_REVIEWED) != "open"
    medicines = frozenset({MEDICATIONS}) if reviewed else frozenset[str]()
    if consultation.blind:
        # That the number is settled would tell what the rows come to.
        done = consultation.status(TRIALS_COMPLETE) != "open"
        return medicines | {TRIALS_REPORTED, *((TRIALS,) if done else ())}
    if consultation.assessment.values.get(FAILED_COUNT) is None:
        return medicines
    return medicines | {TRIALS, TRIALS_REPORTED, TRIALS_COMPLETE}


def progress(consultation: Consultation, section: str) -> tuple[int, int]:
    """Count a section's answered questions and those asked."""
    asked = [question.id for question in consultation.asked(section)]
    return _counted(asked, consultation, optional_questions(consultation))


def _counted(
    asked: Sequence[str], consultation: Consultation, optional: frozenset[str]
) -> tuple[int, int]:
    statuses = consultation.statuses
    left = [ident for ident in asked if statuses.get(ident, "open") in ("open", "partial")]
    answered = len(asked) - len(left)
    return answered, answered + len([ident for ident in left if ident not in optional])


def section_lines(consultation: Consultation, current: str, width: int) -> list[Line]:
    """Return the list of sections: title, answered/asked, and a mark."""
    hurting, optional = counting_against(consultation), optional_questions(consultation)
    lines = []
    total_answered = total = 0
    pack, unknown = consultation.pack, consultation.assessment.unrecognised
    for section in pack.sections:
        shown = [question.id for question in consultation.asked(section.id)]
        answered, asked = _counted(shown, consultation, optional)
        total_answered += answered
        total += asked
        bad = not hurting.isdisjoint(shown)
        mark: Span = ("✓", "good") if answered == asked else (" ", "text")
        if bad:
            mark = ("!", "bad")
        elif unknown and section.id == pack.section_of[MEDICATIONS]:
            # A name that no rule can check leaves the section unsettled, whatever is ticked.
            mark = ("!", "caution")
        here = section.id == current
        lines.append(
            sides(
                (("▸ " if here else "  ", "key"), (section.short, "strong" if here else "text")),
                ((f"{answered}/{asked} ", "muted"), mark),
                width,
                target=section.id,
            )
        )
    lines.append(Line())
    lines.append(line((f"  {total_answered} of {total} answered", "muted")))
    for text, role in disagreements(consultation):
        lines.append(line((f"  {text}", role), target="contradictions"))
    return lines


def disagreements(consultation: Consultation) -> list[Span]:
    """Say how many answers contradict each other, and how many are kept but not used."""
    found = consultation.assessment.contradictions
    unused = sum(item.id == HIDDEN for item in found)
    real = len(found) - unused
    said: list[Span] = []
    if real:
        said.append((f"! {real} contradiction{'s' if real > 1 else ''}", "caution"))
    if unused:
        said.append((f"{unused} answer{'s' if unused > 1 else ''} not used", "muted"))
    return said


def breadcrumb(consultation: Consultation, current: str, width: int) -> Line:
    """Return the sections as one line: where one is, and how far."""
    sections = consultation.pack.sections
    place = next(index for index, section in enumerate(sections) if section.id == current)
    answered, asked = progress(consultation, current)
    warnings = disagreements(consultation)
    warning: Span = (f"{warnings[0][0]}  ", warnings[0][1]) if warnings else ("", "text")
    return sides(
        (
            (f" {place + 1}/{len(sections)} ", "muted"),
            (sections[place].title, "title"),
        ),
        (warning, (f"{answered}/{asked} answered  ", "muted"), ("g sections ", "key")),
        width,
        target="sections",
    )


def turnover_text(consultation: Consultation, before: Mapping[str, bool | None]) -> str:
    """Say which questions an answer has brought up or taken away, and why.

    Args:
        consultation: The consultation after the answer.
        before: What was asked before it.
    """
    after = consultation.assessment.asked
    if after == before:
        return ""
    questions = consultation.pack.questions
    came = [q for q in questions.values() if before[q.id] is False and after[q.id] is not False]
    went = [q for q in questions.values() if before[q.id] is not False and after[q.id] is False]
    parts = []
    for title, found in (("Now asked", came), ("No longer asked", went)):
        if found:
            more = f" and {len(found) - 1} more" if len(found) > 1 else ""
            because = f" ({found[0].asked_because})" if found[0].asked_because else ""
            parts.append(f"{title}: {found[0].label}{more}{because}")
    return " · ".join(parts)


_BLANKS = 4
"""Cells of the title before, between and behind its parts."""


def title_line(consultation: Consultation, kept: str, width: int) -> Line:
    """Return the title: what the case is called, whether it is kept, which criteria."""
    case: Case = consultation.case
    info = consultation.pack.info
    policy = consultation.pack.policy
    right: list[Span] = [(f"{kept}  ", "muted")]
    if policy is not None:
        right.append(("local policy  ", "local"))
    if width >= _ROOM_FOR_NAME:
        right.append((f"{info.id} {info.version} ", "muted"))
    practice: Span = ("PRACTICE  ", "caution") if case.practice else ("", "text")
    who = consultation.who
    begins = "KetaTUI  " if case.practice or not who else ""
    # The program's own name stands first wherever no person's does, and once.
    taken = sum(cell_len(text) for text, _ in (practice, *right)) + len(begins) + _BLANKS
    who, name = in_room(who, safe(case.label), width - taken)
    named: list[Span] = [(f"{who}  ", "title")] if who else []
    if name:
        named.append((name, "strong"))
    elif not who:
        begun = f"case {case.id}" if case.revisions else "new consultation"
        free = "no names or record numbers" if width >= _ROOM_FOR_HINT else "no names"
        named.append((f"{begun} (l labels it; {free})", "muted"))
    return sides(((f" {begins}", "title"), practice, *named), right, width)
