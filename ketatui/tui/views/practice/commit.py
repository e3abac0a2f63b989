"""What a trainee commits to, as a form: a verdict and reasons a pathway, a choice, a plan."""

from __future__ import annotations

from ketatui.practice.models import NONE
from ketatui.practice.reasons import MOST_NAMED, Reason, plans_for
from ketatui.practice.run import PracticeRun
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span
from ketatui.tui.views.verdicts import ROLE

COMMIT = "commit"
_ASKED = "How does this pathway stand for this patient today?"
_ASKED_OF_VISIT = "What do the criteria say here?"


def commit_items(run: PracticeRun) -> list[FormItem]:
    """Return the form; keys are ``verdict:…``, ``reason:…:…``, ``choice``, ``plan``, ``commit``."""
    pack = run.knowledge.pack
    items: list[FormItem] = []
    for ident, pathway in pack.pathways.items():
        items.append(FormItem(f"head:{ident}", pathway.title, "heading"))
        items.append(_verdict(run, ident))
        items += [_reason(run, ident, reason) for reason in run.offered[ident]]
    items.append(FormItem("head:plan", "What now", "heading"))
    items += [_choice(run)] if run.case.key.best else []
    items.append(_plan(run))
    missing = run.missing()
    if missing:
        said = f"Still needed: {'; '.join(missing)}."
        items.append(FormItem("missing", said, "info", ("", "muted")))
    items.append(
        FormItem(
            COMMIT,
            "Commit and see the debrief" if run.last else "Commit and continue to the next stage",
            "action",
            answer=("Enter", "key") if not missing else ("", "text"),
            detail=(("After this nothing can be changed.", "muted"),),
        )
    )
    return items


def _verdict(run: PracticeRun, ident: str) -> FormItem:
    words = run.knowledge.pack.wording.verdicts
    given = run.judgment.verdicts.get(ident)
    answer: Span = ("·", "muted")
    if given is not None:
        answer = (f"{words[given].symbol} {words[given].title}", ROLE[given])
    return FormItem(
        key=f"verdict:{ident}",
        label="Verdict",
        kind="choice",
        answer=answer,
        options=tuple((code, f"{word.symbol} {word.title}") for code, word in words.items()),
        chosen=given,
        detail=((_ASKED if run.part.stage is None else _ASKED_OF_VISIT, "strong"),),
    )


def _reason(run: PracticeRun, ident: str, reason: Reason) -> FormItem:
    named = reason.rule in run.judgment.reasons.get(ident, ())
    count = len(run.judgment.reasons.get(ident, ()))
    return FormItem(
        key=f"reason:{ident}:{reason.rule}",
        label=f"  {reason.title}",
        kind="tick",
        answer=("named", "strong") if named else ("", "text"),
        mark=("●", "info") if named else (" ", "text"),
        detail=(
            (
                f"Does this set the verdict? y names it, n takes it back "
                f"({count} of at most {MOST_NAMED}).",
                "muted",
            ),
        ),
    )


def _choice(run: PracticeRun) -> FormItem:
    pathways = run.knowledge.pack.pathways
    chosen = run.judgment.choice
    title = pathways[chosen].title if chosen in pathways else "none of them"
    return FormItem(
        key="choice",
        label="Pathway to proceed with",
        kind="choice",
        answer=(title, "strong") if chosen else ("·", "muted"),
        options=(
            (NONE, "None of them"),
            *((ident, pathway.title) for ident, pathway in pathways.items()),
        ),
        first=0,
        chosen=chosen or None,
        detail=(("Which pathway would you proceed with, if any?", "strong"),),
    )


def _plan(run: PracticeRun) -> FormItem:
    plans = plans_for(run.case)
    number = next((n for n, p in enumerate(plans, start=1) if p.id == run.judgment.plan), None)
    return FormItem(
        key="plan",
        label="Plan",
        kind="choice",
        answer=("·", "muted") if number is None else (f"plan {number}", "strong"),
        options=tuple((plan.id, plan.text) for plan in plans),
        chosen=run.judgment.plan or None,
        detail=(("What would you do?", "strong"),),
    )
