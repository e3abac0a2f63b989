"""The list of saved cases and drafts as lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len

from ketatui.cases.drafts import DraftEntry
from ketatui.cases.entries import Entry
from ketatui.cases.identifiers import begun_text
from ketatui.criteria.models import Verdict
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import DIAGNOSIS
from ketatui.criteria.who import working_label
from ketatui.tui.views.lines import Line, Span, fit, line, pad, safe
from ketatui.tui.views.verdicts import ROLE

if TYPE_CHECKING:
    from ketatui.cases.library import Query

_STATES = {
    "draft": "draft",
    "final": "final",
    "awaiting_review": "awaiting",
    "reviewed": "reviewed",
    "amended": "amended",
}

_ALTERED, _PART = "ALTERED", "Altered: "
"""How what is known of an altered case begins (`ketatui.cases.integrity`)."""

_HALF, _TIME, _FULL, _NINE, _ALL = 96, 104, 116, 150, 190
"""Cells from which verdicts, times, findings, diagnoses and everything have a column."""
_FLEXIBLE = "label"
_VERDICT, _LABEL, _SPARE = 16, 16, 4
"""Cells of a verdict: of “Criteria met, with cautions” the “met” is seen. Cells that a label keeps,
and how many of what is left beyond them go to the verdict."""
_TITLES = {
    "label": "Label",
    "who": "Who",
    "date": "Date",
    "diagnosis": "Diagnosis",
    "decision": "Decision",
    "verdict": "Verdict",
    "worst": "Worst finding",
    "overrides": "Ov",
    "criteria": "Criteria",
    "state": "State",
    "treatment": "Treatment",
    "reviewer": "Reviewer",
}
_SHORT = {"treatment": "Due"}
"""What stands over a column that is narrower than its title."""

WITH_PREVIEW = 160
"""Cells from which what is known of the focused case stands beside the list."""
_PREVIEW = 46


@lru_cache(maxsize=16)
def columns(width: int) -> tuple[tuple[str, int], ...]:
    """Return what there is room for, with the width of each; the label takes what is left."""
    fixed: list[tuple[str, int]] = [("who", 12 if width >= _HALF else 6)]
    fixed += [("date", 16 if width >= _TIME else 10)]
    if width >= _NINE:
        fixed += [("diagnosis", 12)]
    fixed += [("decision", 13 if width >= _HALF else 11)]
    if width >= _HALF:
        fixed += [("verdict", _VERDICT)]
    if width < _HALF or width >= _FULL:
        fixed += [("worst", 16)]
    if width >= _NINE:
        fixed += [("overrides", 5)]
    fixed += [("treatment", 12 if width >= _HALF else 7), ("state", 9 if width >= _HALF else 8)]
    if width >= _ALL:
        fixed += [("criteria", 12), ("reviewer", 12)]
    left = width - sum(size + 1 for _, size in fixed) - 2
    spare = min(max(left - _LABEL, 0), _SPARE) if width >= _HALF else 0
    sizes = [(name, size + spare if name == "verdict" else size) for name, size in fixed]
    return ((_FLEXIBLE, max(left - spare, 12)), *sizes)


def list_width(width: int) -> int:
    """Return how wide the list is on a screen: the rest is for the focused case."""
    return width - _PREVIEW - 1 if width >= WITH_PREVIEW else width


def head_line(width: int, query: Query) -> Line:
    """Return the heading: each column with the digit that sorts by it, and the present order."""
    spans: list[Span] = [("  ", "muted")]
    for digit, (name, size) in enumerate(columns(width), start=1):
        mark = ("▾" if query.falling else "▴") if name == query.sort else ""
        role = "strong" if mark else "muted"
        title = _TITLES[name] if len(_TITLES[name]) + 2 <= size else _SHORT.get(name, _TITLES[name])
        spans += [(pad(f"{digit} {title}{mark}", size), role), (" ", "muted")]
    return Line(tuple(spans), "columns")


def column_at(width: int, x: int) -> int | None:
    """Return the number of the column that stands at a cell; None beside them."""
    right = 2
    for digit, (_, size) in enumerate(columns(width), start=1):
        right += size + 1
        if 2 <= x < right:
            return digit
    return None


def draft_line(entry: DraftEntry, width: int, target: str | None = None) -> Line:
    """Return a draft that waits to be resumed."""
    label = safe(entry.called)
    known = dict(columns(width))
    when = f"{entry.last_at.astimezone():%Y-%m-%d %H:%M}"[: known["date"]]
    changes = "1 change" if entry.count == 1 else f"{entry.count} changes"
    state = "open elsewhere" if entry.in_use else f"draft, {changes}, not saved yet"
    if entry.problem:
        state = f"damaged: {safe(entry.problem)}"
    # Who it is about is all of its label until somebody gives it another one.
    begins = f"{pad(label, known[_FLEXIBLE])} {'':{known['who']}} {when} "
    return line(
        ("~ ", "caution"),
        (begins, "text"),
        (fit(state, max(width - cell_len(begins) - 2, 5)), "caution"),
        target=target,
    )


def matches(entry: DraftEntry, query: Query) -> bool:
    """Tell whether a draft belongs among the cases of a query."""
    if any(query.chosen.values()):
        return False
    words = f"{entry.called} {entry.case_id} draft".casefold().split()
    return all(any(word.startswith(part) for word in words) for part in query.words())


def case_line(pack: Pack, entry: Entry, width: int, on: dt.date, target: str | None = None) -> Line:
    """Return a saved case, or a file that cannot be read with its reason.

    Args:
        pack: For the words.
        entry: The case.
        width: Cells available.
        on: Today, by which something is overdue.
        target: What a click on the line stands for.
    """
    if entry.problem is not None:
        said = fit(safe(entry.problem), width - 2)
        return line(("✗ ", "problem"), (said, "problem"), target=target)
    date_room = dict(columns(width))["date"]
    values: dict[str, Span] = {
        "label": called(pack, entry),
        "who": (_who(pack, entry, dict(columns(width))["who"], width) or "·", "text"),
        "date": (f"{entry.when.astimezone():%Y-%m-%d %H:%M}"[:date_room], "muted"),
        "diagnosis": (_short_diagnosis(pack, entry.diagnosis, width), "text"),
        "decision": decision_span(pack, entry),
        "verdict": verdict_span_of(pack, entry),
        "worst": worst_span(pack, entry),
        "overrides": (str(len(entry.overrides)), "bad") if entry.overrides else ("·", "muted"),
        "criteria": (safe(entry.pack_version), "muted"),
        "state": (_STATES.get(entry.state, safe(entry.state)), "muted"),
        "treatment": _treatment(entry, on, dict(columns(width))["treatment"]),
        "reviewer": (safe(entry.reviewer), "muted"),
    }
    spans: list[Span] = [_mark(entry)]
    for name, size in columns(width):
        text, role = values[name]
        spans.append((f"{pad(text, size)} ", role))
    return Line(tuple(spans), target)


def called(pack: Pack, entry: Entry) -> Span:
    """Return what a case is called: its label, else what is known of it, else its id."""
    if entry.label:
        return safe(entry.label), "text"
    begun = begun_text(entry.id, entry.when.astimezone().date())
    return working_label(pack, entry.answers) or safe(begun), "muted"


def _who(pack: Pack, entry: Entry, room: int, width: int) -> str:
    """Return age, sex and what is to be treated, as far as there is room for it."""
    if width >= _HALF:
        return working_label(pack, entry.answers)
    known = age_and_sex(pack, entry)
    return known if len(known) <= room else known.split()[0]


def age_and_sex(pack: Pack, entry: Entry) -> str:
    """Return age and sex: ``58 F``; empty where neither is known."""
    known = {ident: value for ident, value in entry.answers.items() if ident != DIAGNOSIS}
    return working_label(pack, known)


def treatment_span(entry: Entry, on: dt.date) -> Span:
    """Return how treatment stands: overdue, the next day that is due, stopped, or none."""
    state, due = entry.treatment.state, entry.treatment.due
    if due and due[0].by < on:
        return "overdue", "bad"
    if state == "in_treatment":
        return (f"due {due[0].by:%m-%d}", "key") if due else ("ongoing", "text")
    return ("stopped", "muted") if state == "stopped" else ("·", "muted")


def _treatment(entry: Entry, on: dt.date, room: int) -> Span:
    """Return the same for a column: the day itself is not cut."""
    text, role = treatment_span(entry, on)
    return (text if len(text) <= room else text.removeprefix("due ")), role


def _mark(entry: Entry) -> Span:
    """Return what has to be known before anything else of a case."""
    if not entry.sound:
        return "x ", "problem"
    if entry.twin:
        return "= ", "problem"
    if entry.practice:
        return "P ", "caution"
    return {"differs": ("≠ ", "info"), "stale": ("≠ ", "muted")}.get(entry.again, ("  ", "text"))


def mark_words(entry: Entry) -> str:
    """Say in words what the mark before a case means; empty without one."""
    if entry.problem is not None:
        return entry.problem
    if not entry.sound:
        return " ".join(_where_first(entry.warnings))
    if entry.twin:
        return f"FORKED: the same id stands in {entry.twin}"
    if entry.practice:
        return "a practice case"
    return {
        "differs": "would come out different under today's criteria",
        "stale": "would come out different today, only because answers are too old to count",
    }.get(entry.again, "")


def _where_first(warnings: Sequence[str]) -> Sequence[str]:
    """Begin with the part that was altered: on a narrow terminal the rest is cut off."""
    what, *more = warnings
    if not more or not more[0].startswith(_PART) or not what.startswith(_ALTERED):
        return warnings
    where = more[0].removeprefix(_PART)
    rest = what.removeprefix(f"{_ALTERED} ")
    return (f"{_ALTERED}: {where}", f"{rest[:1].upper()}{rest[1:]}", *more[1:])


def _short_diagnosis(pack: Pack, code: str, width: int) -> str:
    """Return its name where that fits, else its code: MDD says more than the half of a name."""
    room = dict(columns(width)).get("diagnosis", 0)
    name = diagnosis_name(pack, code)
    return name if len(name) <= room else safe(code).replace("_", " ")


def diagnosis_name(pack: Pack, code: str) -> str:
    """Return what a diagnosis is called."""
    question = pack.questions.get(DIAGNOSIS)
    options = question.options if question else ()
    return next((option.label for option in options if option.code == code), safe(code))


def decision_span(pack: Pack, entry: Entry) -> Span:
    """Return what was decided."""
    if not entry.pathway:
        return "·", "muted"
    known = pack.pathways.get(entry.pathway)
    short = known.short if known else safe(entry.pathway)
    if entry.standing == "against_criteria":
        return f"{short} against!", "bad"
    if entry.standing == "provisional":
        return f"{short} provis.", "info"
    return short, "strong"


def worst_span(pack: Pack, entry: Entry) -> Span:
    """Return the worst finding of the decided pathway."""
    if not entry.worst_rule:
        return "·", "muted"
    rule = pack.rules.get(entry.worst_rule)
    effects = pack.wording.effects
    symbol = next(
        (words.symbol for code, words in effects.items() if code == entry.worst_effect), ""
    )
    title = rule.title if rule else safe(entry.worst_rule)
    return f"{symbol} {title}", ROLE.get(entry.worst_effect, "text")


def verdict_span_of(pack: Pack, entry: Entry) -> Span:
    """Return the verdict of the decided pathway, else of the best."""
    verdicts: dict[Verdict, object] = dict(pack.wording.verdicts)
    for code in verdicts:
        if code == entry.verdict:
            words = pack.wording.verdicts[code]
            return f"{words.symbol} {words.title}", ROLE[code]
    return "·", "muted"
