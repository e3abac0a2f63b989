"""What one change would do: the answers of the focused question, and what lifts a verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.words import why_not
from ketatui.criteria.models import Question, Verdict
from ketatui.criteria.pack import Pack
from ketatui.criteria.wording import number_text
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.one_answer import Change, Outcome
from ketatui.tui.views.explain import change_text
from ketatui.tui.views.lines import EMPTY, Line, Span, fit, line, wrap
from ketatui.tui.views.verdicts import ROLE

_FEW = 3
"""Answers that are named one by one; more are "any other"."""
_NOTHING = "no verdict changes"


def change_lines(
    consultation: Consultation, question: Question | None, width: int, height: int
) -> list[Line]:
    """Return what one change would do, as far as there is room.

    Args:
        consultation: The consultation; not one in which nothing may be told.
        question: The focused question, if it is one.
        width: Cells available.
        height: Lines available.
    """
    told = outcome_lines(consultation, question, width) if question is not None else []
    lifting = lifting_lines(consultation, width)
    lines = [*told, EMPTY, *lifting] if told and lifting else [*told, *lifting]
    if len(lines) <= height:
        return lines
    return [*lines[: max(height - 1, 0)], line((" … e explains", "muted"))][:height]


def outcome_lines(consultation: Consultation, question: Question, width: int) -> list[Line]:
    """Return what each answer to a question would do.

    Args:
        consultation: The consultation; not one in which nothing may be told.
        question: The focused question.
        width: Cells available.
    """
    outcomes = consultation.outcomes(question.id)
    if not outcomes:
        return []
    lines = [line((" IF ANSWERED  ", "title"), (fit(question.label, width - 15), "muted"))]
    if all(not item.verdicts for item in outcomes):
        return [*lines, line((f" Whatever the answer: {_NOTHING}.", "muted"))]
    is_number = not any(item.values for item in outcomes)
    idle = [] if is_number else [item for item in outcomes if not item.verdicts]
    for outcome in outcomes:
        if outcome not in idle:
            lines += _outcome(consultation.pack, question, outcome, width)
    for outcome in idle:
        # Of the answer that stands everybody knows that it changes nothing.
        if not outcome.present or len(outcome.values) > 1:
            said = f"{answers_text(question, outcome)}: {_NOTHING}"
            lines += wrap(said, width, indent=1, role="muted")
    return lines


def _outcome(pack: Pack, question: Question, outcome: Outcome, width: int) -> Iterator[Line]:
    name: Span = (answers_text(question, outcome), "strong")
    now = " (now)" if outcome.present else ""
    effects = list(_effects(pack, outcome.verdicts)) or [((_NOTHING, "muted"),)]
    first, *rest = effects
    if len(name[0] + now) + 3 + sum(len(text) for text, _ in first) <= width:
        yield line(" ", name, (now, "muted"), "  ", *first)
    else:
        yield from wrap(name[0] + now, width, role="strong", indent=1)
        rest = effects
    for effect in rest:
        text = "".join(part for part, _ in effect[1:])
        yield from wrap(text, width, indent=5, first=(("   ", "text"), effect[0]))


def answers_text(question: Question, outcome: Outcome) -> str:
    """Say which answers an outcome is of: ``yes``, ``141 to 159``, ``Home``."""
    low, high, unit = outcome.least, outcome.most, f" {question.unit}" if question.unit else ""
    if not outcome.values:
        if low is None:
            return "any number" if high is None else f"{number_text(high)}{unit} or less"
        if high is None:
            return f"{number_text(low)}{unit} or more"
        between = number_text(low) if low == high else f"{number_text(low)} to {number_text(high)}"
        return f"{between}{unit}"
    names = {option.code: option.label for option in question.options}
    said = [
        ("yes" if value else "no") if isinstance(value, bool) else names.get(str(value), str(value))
        for value in outcome.values
    ]
    if len(said) > _FEW:
        return f"{', '.join(said[: _FEW - 1])} and {len(said) - _FEW + 1} more"
    return ", ".join(said)


def _effects(pack: Pack, verdicts: Sequence[Change]) -> Iterator[tuple[Span, ...]]:
    """Group the pathways by the verdict they would have, worst first."""
    words = pack.wording.verdicts
    grouped: dict[Verdict, list[str]] = {}
    for ident, verdict in sorted(verdicts, key=lambda item: -SEVERITY[item[1]]):
        grouped.setdefault(verdict, []).append(ident)
    for verdict, idents in grouped.items():
        word = words[verdict]
        names = pathways_text(pack, idents)
        yield (
            (f"{word.symbol} ", ROLE[verdict]),
            (word.title, ROLE[verdict]),
            (f": {names}", "text"),
        )


def pathways_text(pack: Pack, idents: Sequence[str]) -> str:
    """Name pathways; all of them by their number."""
    if len(idents) > 1 and len(idents) == len(pack.pathways):
        return f"all {len(idents)}"
    return ", ".join(pack.pathways[ident].short for ident in idents)


def lifting_lines(consultation: Consultation, width: int) -> list[Line]:
    """Return the smallest changes that lift the verdict of each pathway, trials among them.

    Args:
        consultation: The consultation; not one in which nothing may be told.
        width: Cells available.
    """
    found = consultation.explained
    held = [item for item in found.pathways if SEVERITY[item.verdict] > 0]
    waits = [item for item in held if item.verdict == "incomplete"]
    if not held or len(waits) == len(held):
        return []
    lines = [line((" WHAT WOULD IMPROVE IT", "title"))]
    grouped: dict[tuple[str, Verdict], list[str]] = {}
    for item in held:
        for change in item.changes:
            key = change_text(consultation.pack, change), change.then
            grouped.setdefault(key, []).append(item.id)
    for ident, lift in consultation.further_trials.items():
        more = "1 more trial that" if lift.count == 1 else f"{lift.count} more trials that each"
        grouped.setdefault((f"{more} failed at full dose and length", lift.then), []).append(ident)
    for (text, then), idents in grouped.items():
        word = consultation.pack.wording.verdicts[then]
        names = pathways_text(consultation.pack, idents)
        best = (fit(f"{word.symbol} {word.title}", width - len(names) - 4), ROLE[then])
        lines.append(line(" ", (names, "strong"), (" → ", "muted"), best))
        lines += wrap(text, width, indent=3)
    if consultation.further_trials:
        lines += _nearly(consultation, width)
    if len(lines) == 1:
        lines += wrap(
            "No change that can be made would improve a verdict.", width, indent=1, role="muted"
        )
    return lines


def _nearly(consultation: Consultation, width: int) -> Iterator[Line]:
    """Say of the trials that dose or weeks keep from counting by how much."""
    for judged in consultation.assessment.trials.judgments:
        if judged.nearly:
            said = f"{judged.drug}: {why_not(judged)}"
            yield from wrap(said, width, indent=3, role="muted")
