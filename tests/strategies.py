"""Random cases: full and consistent, drawn from the pack's own questions, then thinned out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from hypothesis import assume
from hypothesis import strategies as st

from ketatui.cases.model import Answer, Case, Medication, Trial
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.models import Question
from ketatui.engine import Knowledge, assess, compile_pack, establish
from ketatui.engine.domains import questions_behind

ON = dt.date(2026, 11, 21)
ROWS = ("antidepressant_trials", "medications")
COMPLETE = "trials.rows_complete"
REVIEWED = "medications.reviewed"

# Numbers near which something happens; the rest of the range is drawn as well.
_EDGES: Mapping[str, tuple[int, ...]] = {
    "patient.age": (9, 10, 17, 18, 40, 60, 61, 64, 65),
    "patient.weight_kg": (44, 45, 80, 115, 116),
    "patient.height_cm": (150, 178),
    "vitals.systolic": (120, 140, 141, 159, 160, 179, 180),
    "vitals.diastolic": (70, 90, 91, 99, 100, 109, 110),
    "vitals.spo2": (92, 93, 98),
    "trials.reported_count": (0, 1, 2, 3),
}
_DRUGS = ("sertraline", "sertraline hcl", "venlafaxine", "bupropion", "novelazine")
_MEDICINES = (
    "lorazepam",
    "oxycodone",
    "methylphenidate",
    "phenelzine",
    "theophylline",
    "pseudoephedrine",
    "clarithromycin",
    "clopidogrel",
    "carbamazepine",
    "naltrexone",
    "levothyroxine",
    "lithium",
    "oxymetazoline",
)
_SAID = ("opioid", "sympathomimetic", "none_of_these")
"""What is said of a medicine that nobody knows."""


@cache
def shipped() -> Knowledge:
    """The compiled pack, for strategies, which cannot ask for fixtures."""
    return compile_pack(load_pack(default_folder({})))


TRIAL = st.builds(
    Trial,
    drug=st.sampled_from(_DRUGS),
    daily_dose_mg=st.sampled_from([Decimal(25), Decimal(300)]),
    weeks=st.sampled_from([Decimal(5), Decimal(6), Decimal(12)]),
    outcome=st.sampled_from(["no_response", "partial_response", "response", "not_tolerated"]),
    adherent=st.sampled_from([True, True, True, False]),
    current_episode=st.sampled_from([True, True, True, False]),
    dose_adequate=st.booleans(),
)
TRIALS = st.lists(TRIAL, max_size=4).map(tuple)
MEDICATIONS = st.builds(
    lambda names, said: (
        *(Medication(name=name) for name in names or ["sertraline"]),
        *(Medication(name="homemade tincture", classes=(code,)) for code in said),
    ),
    st.lists(st.sampled_from(_MEDICINES), max_size=3, unique=True),
    st.lists(st.sampled_from(_SAID), max_size=1),
)


@cache
def deciding() -> frozenset[str]:
    """The questions whose answers decide which others are asked."""
    return frozenset(questions_behind(shipped(), shipped().asked_when.values()))


def answers_to(question: Question) -> st.SearchStrategy[Answer]:
    """Draw a valid answer; "no" and "none" are the likelier where they are the clean answer."""
    match question.kind:
        case "bool":
            return st.booleans()
        case "choice":
            return st.sampled_from([option.code for option in question.options])
        case _:
            low = int(question.min or 0)
            high = int(question.max if question.max is not None else 27)
            edges = _EDGES.get(question.id, ())
            whole = st.sampled_from(edges) if edges else st.integers(low, high)
            return whole.map(Decimal) if question.kind == "decimal" else whole


def _draw_full(draw: st.DrawFn, mostly: Mapping[str, Answer]) -> Case:
    knowledge = shipped()
    answers: dict[str, Answer] = {}
    trials: tuple[Trial, ...] = ()
    clean = draw(st.integers(0, 3)) > 0
    asked = establish(knowledge, Case()).asked
    for ident in knowledge.order:
        if asked[ident] is False:
            continue
        question = knowledge.pack.questions[ident]
        if ident == "antidepressant_trials":
            trials = draw(TRIALS)
        elif ident in ROWS:
            continue
        elif clean and ident in mostly and draw(st.integers(0, 9)) > 0:
            answers[ident] = mostly[ident]
        else:
            answers[ident] = draw(answers_to(question))
        if ident in deciding():
            asked = establish(knowledge, Case(answers=answers)).asked
    return Case(answers=answers, trials=trials, medications=draw(MEDICATIONS))


@st.composite
def full_cases(draw: st.DrawFn, mostly: Mapping[str, Answer]) -> Case:
    """Draw a case with every question that is asked answered, and no contradiction.

    Args:
        draw: Hypothesis's.
        mostly: Answers of a clean case; most cases keep most of them, or everything would be
            contraindicated and nothing learned.
    """
    case = _draw_full(draw, mostly)
    if int(case.answers["vitals.diastolic"]) >= int(case.answers["vitals.systolic"]):
        case = changed(case, {"vitals.systolic": 124, "vitals.diastolic": 78})
    if case.answers.get("patient.pregnant") is not None:
        pregnant = case.answers["patient.pregnant"] is True
        case = changed(case, {"labs.pregnancy_test": "positive" if pregnant else "negative"})
        if not pregnant and draw(st.booleans()):
            case = changed(case, {"labs.pregnancy_test": "not_done"})
    reported = case.answers.get("trials.reported_count")
    if reported is not None:
        counted = establish(shipped(), case).trials.certain
        complete = case.answers[COMPLETE] is True
        count = counted if complete else max(counted, int(reported))
        case = changed(case, {"trials.reported_count": count})
        # Beside a complete history nobody reports a count; without one it is all there is.
        if complete and draw(st.booleans()):
            case = without(case, ["trials.reported_count"])
    assume(not assess(shipped(), case, ON, with_changes=False).contradictions)
    return case


def changed(case: Case, answers: Mapping[str, Answer]) -> Case:
    """Return the case with answers added or replaced."""
    return case.replaced(answers={**case.answers, **answers})


def without(case: Case, idents: list[str] | set[str]) -> Case:
    """Return the case without some answers.

    Rows of trials stand while the history is marked complete, and medicines while the list is
    marked reviewed: such a mark says that the table is answered.
    """
    answers = {ident: value for ident, value in case.answers.items() if ident not in idents}
    update: dict[str, object] = {"answers": answers}
    if "antidepressant_trials" in idents and COMPLETE not in answers:
        update["trials"] = ()
    if "medications" in idents and REVIEWED not in answers:
        update["medications"] = ()
    return case.replaced(**update)


@dataclass(frozen=True)
class Thinned:
    """A full case, a part of it, and a part of that part."""

    full: Case
    more: Case
    less: Case


@st.composite
def thinned(draw: st.DrawFn, mostly: Mapping[str, Answer], *, unfinished: bool = True) -> Thinned:
    """Draw a full consistent case and two nested parts of it."""
    full = draw(full_cases(mostly))
    idents = sorted({*full.answers, *ROWS})
    count = draw(st.sampled_from([0, 1, 2, 4, 8, 30]))
    first = draw(st.sets(st.sampled_from(idents), max_size=count))
    second = draw(st.sets(st.sampled_from(idents), min_size=1, max_size=max(1, count)))
    more = without(full, first)
    if unfinished and more.trials and draw(st.integers(0, 2)) == 0:
        field = draw(st.sampled_from(["weeks", "outcome", "adherent", "current_episode"]))
        row = more.trials[0].replaced(**{field: None})
        begun = more.replaced(trials=(row, *more.trials[1:]))
        # An unfinished row in a history that is marked complete contradicts it: whatever was
        # reported before the mark then counts no longer, and no order holds among such cases.
        if not assess(shipped(), begun, ON, with_changes=False).contradictions:
            more = begun
    return Thinned(full, more, without(more, second))
