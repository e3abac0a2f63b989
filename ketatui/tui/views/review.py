"""The review of a saved case as a form: what was decided, what was said of it, what one says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.cases.model import Case, Meaning, Review, Signature
from ketatui.cases.saved_assessment import SavedAssessment
from ketatui.consultation.review_words import (
    fit_of,
    fit_text,
    review_text,
    signature_text,
    subject_text,
)
from ketatui.consultation.reviewing import MEANINGS, Reviewer, Step, can, found_rules, said_of
from ketatui.consultation.words import value_text
from ketatui.criteria.pack import Pack
from ketatui.structs import Frozen
from ketatui.tui.views.decide import STANDING_TEXT
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span, safe

_NOT_REVIEWED = {
    True: "This is a practice case: it is not reviewed or signed.",
    False: "This is a draft: it is not reviewed or signed before something is decided.",
}
_VIEWS = (("agree", "I agree with it"), ("disagree", "I disagree with it"))
_MEANS: Mapping[Meaning, str] = {
    "reviewed": "reviewed: I have looked at this revision",
    "co-signed": "co-signed: I answer for it together with who decided",
    "amended": "amended: I answer for what was amended",
}
_MARKS: Mapping[str, Span] = {
    "comment": ("·", "muted"),
    "agree": ("✓", "good"),
    "disagree": ("✗", "bad"),
}


class Written(Frozen, frozen=True):
    """What a reviewer has entered so far.

    Attributes:
        on: What the comment is on.
        comment: The comment.
        view: On the decision; empty for none.
        reason: Why that view.
        meaning: Of the signature; empty for none.
        request: Whether others are asked for a review.
        name: Who reviews.
        role: Their role.
    """

    on: str = "case"
    comment: str = ""
    view: Literal["", "agree", "disagree"] = ""
    reason: str = ""
    meaning: Literal["", "reviewed", "co-signed", "amended"] = ""
    request: bool = False
    name: str = ""
    role: str = ""

    @property
    def who(self) -> Reviewer:
        """Who reviews."""
        return Reviewer(self.name, self.role)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What saving it does, in order."""
        found: list[Step] = []
        if self.comment:
            found.append(Step("comment", self.comment, self.on))
        if self.view:
            found.append(Step(self.view, self.reason))
        if self.meaning:
            found.append(Step(self.meaning))
        if self.request:
            found.append(Step("request"))
        return tuple(found)

    @property
    def is_empty(self) -> bool:
        """Whether leaving it loses nothing."""
        return not self.steps and not self.reason


def review_items(
    pack: Pack,
    reading: CaseReading,
    written: Written,
    problems: Sequence[str],
    notice: Span | None,
) -> list[FormItem]:
    """Return the review as form items.

    Args:
        pack: The criteria, for words.
        reading: The case as it stands.
        written: What was entered so far.
        problems: Why the case does not verify; nothing can be added to it then.
        notice: Something to say at the top.
    """
    case = reading.case
    items = [
        FormItem(f"integrity:{place}", text, "info", ("", "problem"))
        for place, text in enumerate(integrity_lines(reading))
    ]
    items.append(FormItem("head", "What was decided", "heading"))
    if notice is not None:
        items.append(FormItem("notice", notice[0], "info", ("", notice[1])))
    items += [_decision(pack, reading), FormItem("said", "Reviews and signatures", "heading")]
    items += [_review(pack, reading, item) for item in case.reviews]
    signed = enumerate(case.signatures, start=1)
    items += [_signature(reading, item, number) for number, item in signed]
    if not case.reviews and not case.signatures:
        items.append(FormItem("none", "None yet.", "info", ("", "muted")))
    items.append(FormItem("own", "Your review", "heading"))
    if problems:
        said = f"Nothing can be added: {problems[0]}"
        return [*items, FormItem("broken", said, "info", ("", "problem"))]
    if not can(case, "comment"):
        said = _NOT_REVIEWED[case.practice]
        return [*items, FormItem("closed", said, "info", ("", "info"))]
    return [*items, *_own(pack, case, written)]


def _decision(pack: Pack, reading: CaseReading) -> FormItem:
    case = reading.case
    decision = case.decision
    known = pack.pathways.get(decision.pathway or "")
    title = known.title if known else "none of the pathways"
    standing = STANDING_TEXT.get(decision.standing or "", ("", "muted"))
    detail: list[Span] = [(f"Why: {decision.reason or 'no reason given'}", "strong")]
    when = f", {_moment(decision.at)}" if decision.at else ""
    detail.append((f"By {decision.by or 'not recorded'}{when}", "muted"))
    for item in decision.overrides:
        title_of = pack.rules[item.rule].title if item.rule in pack.rules else item.rule
        detail.append((f"Overridden: {title_of}, by {item.by}: {item.reason}", "caution"))
    detail += _assessed(pack, case, reading.saved)
    revision = case.revisions[-1].number if case.revisions else 0
    state = case.state.replace("_", " ")
    detail.append((f"State: {state}; revision {revision}. Enter comments on it.", "muted"))
    word = standing[0].partition(":")[0]
    return FormItem(
        "decision",
        title if decision.pathway else "nothing decided",
        "action",
        answer=(word, standing[1]),
        detail=tuple(detail),
        opens=True,
    )


def _assessed(pack: Pack, case: Case, saved: SavedAssessment) -> Iterator[Span]:
    if saved.headline:
        yield f"{saved.headline} (assessed for {saved.on or '?'})", "text"
    decided = saved.pathway(case.decision.pathway) if case.decision.pathway else None
    effects = {str(code): item for code, item in pack.wording.effects.items()}
    for finding in decided.findings if decided else ():
        title = pack.rules[finding.rule].title if finding.rule in pack.rules else finding.rule
        word = effects.get(finding.effect)
        symbol = f"{word.symbol} {word.title}: " if word else ""
        yield f"{symbol}{title}: {finding.because}", "text"


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _fit(reading: CaseReading, item: Review | Signature) -> Span:
    match fit_of(reading, item):
        case "current":
            return f"current: revision {item.revision}", "text"
        case "old":
            return f"old: revision {item.revision}", "caution"
        case "altered":
            return f"ALTERED since: revision {item.revision}", "bad"
        case _:
            return f"✗ not of revision {item.revision}", "bad"


def _review(pack: Pack, reading: CaseReading, item: Review) -> FormItem:
    moment = f"{_moment(item.at)}; {fit_text(reading, item)}. Enter comments on the same."
    return FormItem(
        f"review:{item.id}",
        review_text(pack, item),
        "action",
        answer=_fit(reading, item),
        mark=_MARKS[item.kind],
        detail=((item.text, "strong"), (moment, "muted")),
        opens=True,
    )


def _signature(reading: CaseReading, item: Signature, number: int) -> FormItem:
    return FormItem(
        f"signature:{number}",
        f"Signed as {signature_text(item)}",
        "action",
        answer=_fit(reading, item),
        mark=("•", "info"),
        detail=((f"{_moment(item.at)}; {fit_text(reading, item)}", "muted"),),
        opens=True,
    )


def _own(pack: Pack, case: Case, written: Written) -> Iterator[FormItem]:
    yield FormItem(
        "about",
        "The comment is on",
        "action",
        answer=(subject_text(pack, written.on), "strong"),
        detail=(("Enter or / finds an answer or a finding.", "muted"),),
        opens=True,
    )
    yield _text("comment", "Comment", written.comment, "Enter or o writes it. No names.")
    how = "Do you agree with it? Either way a reason is asked for."
    yield _picked("view", "The decision", written.view, _VIEWS, how)
    if written.view or written.reason:
        yield _text("reason", "Reason", written.reason, f"Why you {written.view}. Enter writes it.")
    means = tuple((item, _MEANS[item]) for item in MEANINGS if can(case, item))
    yield _picked("sign", "Sign as", written.meaning, means, "What does your signature mean?")
    if can(case, "request"):
        yield FormItem(
            "request",
            "Ask others for a review",
            "tick",
            answer=("yes" if written.request else "no", "strong" if written.request else "muted"),
            detail=(("The case then awaits review; the home screen counts it.", "muted"),),
        )
    typed = "Recorded as typed: nothing proves it. Enter changes it."
    yield _short("name", "Your name or initials", written.name, typed)
    yield _short("role", "Your role", written.role, typed)
    yield FormItem("save", "Save the review", "action", answer=("s", "key"))


def _picked(
    key: str, label: str, code: str, options: tuple[tuple[str, str], ...], how: str
) -> FormItem:
    return FormItem(
        key,
        label,
        "choice",
        answer=(code or "·", "strong" if code else "muted"),
        options=options,
        chosen=code or None,
        detail=((how, "strong"),),
    )


def _short(key: str, label: str, text: str, how: str) -> FormItem:
    return FormItem(
        key,
        label,
        "action",
        answer=(safe(text) or "·", "strong" if text else "muted"),
        detail=((how, "muted"),),
        opens=True,
    )


def _text(key: str, label: str, text: str, how: str) -> FormItem:
    """Return a text that may not fit its line: opened, all of it is shown."""
    item = _short(key, label, text, how)
    return item.replaced(detail=((text, "strong"), *item.detail)) if text else item


def confirmation(pack: Pack, case: Case, written: Written) -> str:
    """Say what saving will record, for the question whether it should."""
    said = "; ".join(
        f"commented on {subject_text(pack, step.on)}" if step.act == "comment" else said_of(step)
        for step in written.steps
    )
    name, role = written.name.strip(), written.role.strip()
    return (
        f"Kept permanently, of revision {case.revisions[-1].number}, as {name} ({role}): {said}. "
        "s again saves it."
    )


def subject_items(pack: Pack, case: Case, text: str) -> list[FormItem]:
    """Return what a comment can be on, as far as it contains what was typed.

    Args:
        pack: The criteria, for words.
        case: The case; its findings are those it was saved with.
        text: What is looked for; empty for everything.
    """
    words = text.casefold().split()
    items = [FormItem("head", "What is the comment on? Enter picks, / finds", "heading")]
    for on, label, answer in _subjects(pack, case):
        where = f"{label} {answer} {on}".casefold()
        if all(word in where for word in words):
            items.append(
                FormItem(f"on:{on}", label, "action", answer=(answer, "muted"), opens=True)
            )
    if len(items) == 1:
        items.append(FormItem("none", "Nothing of the case has that in it.", "info"))
    return items


def _subjects(pack: Pack, case: Case) -> Iterator[tuple[str, str, str]]:
    yield "case", "The case", ""
    yield "decision", "The decision", ""
    for pathway, rules in found_rules(case).items():
        known = pack.pathways.get(pathway)
        for rule in rules:
            title = pack.rules[rule].title if rule in pack.rules else rule
            if known is not None:
                yield f"finding:{pathway}/{rule}", f"Finding: {title}", known.title
    for ident, question in pack.questions.items():
        value = case.answers.get(ident)
        said = value_text(pack, ident, value) if value is not None else "·"
        said = "unknown" if ident in case.unknown else said
        yield f"answer:{ident}", f"Answer: {question.label}", said
