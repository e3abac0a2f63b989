"""Answers that cannot all be right: shown to the clinician, never resolved silently."""

from __future__ import annotations

from ketatui.close_names import close_names
from ketatui.criteria.vocabulary import TRIALS, TRIALS_COMPLETE, TRIALS_REPORTED
from ketatui.engine.assessment import ContradictionFound
from ketatui.engine.facts import Facts
from ketatui.engine.knowledge import Knowledge

HIDDEN = "answered-but-not-asked"
"""Id of the contradiction between a stored answer and a later one that hides its question."""
SAME_DRUG = "drug-resembles-a-known-one"
"""Id of the contradiction between a drug's unknown name and the known one it resembles."""
_RESEMBLES = 0.8
"""Similarity (0 to 1) from which two names are taken for one drug, misspelled."""
_APART = " + "
"""What parts the ingredients of a combination."""
COUNTS = "reported-and-counted-differ"
"""Id of the contradiction between the trials listed and the number reported."""


def find_contradictions(knowledge: Knowledge, facts: Facts) -> tuple[ContradictionFound, ...]:
    """Find contradictions: those the pack declares, hidden answers, and trial counts.

    Returns:
        All of them; declared ones first, in the pack's order.
    """
    found = [
        ContradictionFound(ident, condition.reads, knowledge.pack.contradictions[ident].because)
        for ident, condition in knowledge.contradictions.items()
        if condition.value(facts.values) is True
    ]
    questions = knowledge.pack.questions
    for ident in facts.hidden:
        reader = knowledge.asked_when[ident]
        because = questions[ident].asked_because or f"it is asked while {reader.text}"
        found.append(
            ContradictionFound(
                HIDDEN,
                (ident, *reader.reads),
                f"“{questions[ident].label}” has an answer that is kept but not used: {because}.",
            )
        )
    if facts.trials.is_counted:
        found.extend(_trial_counts(facts))
        found.extend(_same_drug_twice(knowledge, facts))
    return tuple(found)


def _same_drug_twice(knowledge: Knowledge, facts: Facts) -> list[ContradictionFound]:
    """Find rows whose drug is not known but resembles one that is: one drug counts once."""
    known = knowledge.medicines.antidepressants
    found: list[ContradictionFound] = []
    for item in facts.trials.judgments:
        if item.minimum_mg is None:
            words = item.drug.split()
            near = [word for word in words if word in known]
            near = near or close_names(item.drug, known, most=1, likeness=_RESEMBLES)
            if near:
                because = (
                    f"“{item.drug}” is a combination that holds {near[0]}. "
                    f"If it was a trial of {near[0]}, write it so: one drug counts once."
                    if _APART in item.drug
                    else f"“{item.drug}” is not a known name and resembles {near[0]}. "
                    "If it is the same drug, write it so: one drug counts once."
                )
                found.append(ContradictionFound(SAME_DRUG, (TRIALS,), because))
    return found


def _trial_counts(facts: Facts) -> list[ContradictionFound]:
    reported = facts.values.get(TRIALS_REPORTED)
    complete = facts.values.get(TRIALS_COMPLETE)
    counted = facts.trials
    rows = bool(counted.judgments)
    unfinished = sum(item.counts is None for item in counted.judgments)
    if complete and unfinished:
        lacking = "1 row lacks" if unfinished == 1 else f"{unfinished} rows lack"
        because = f"The table of trials is marked complete, but {lacking} an answer that decides."
    elif not isinstance(reported, int):
        return []
    elif counted.certain > reported:
        because = f"Reported failed trials: {reported}, but the table shows {counted.certain}."
    elif complete and rows and reported > counted.possible:
        because = (
            f"The table is marked as the whole history and shows {counted.possible} failed "
            f"adequate trials, but {reported} are reported. The table counts."
        )
    elif complete and not rows and reported > 0:
        because = (
            f"The table of trials is marked complete and is empty, but {reported} failed trials "
            "are reported. The reported number counts."
        )
    else:
        return []
    return [ContradictionFound(COUNTS, (TRIALS, TRIALS_REPORTED, TRIALS_COMPLETE), because)]
