"""The debrief as a form: every line opens to the rule, the values it read, and its source."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.cases.model import Case
from ketatui.consultation.words import judged_name, why_not
from ketatui.criteria.vocabulary import TRIALS
from ketatui.engine import Finding, Knowledge, PathwayAssessment, establish
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.attempts import Attempt
from ketatui.practice.class_models import PeersOf
from ketatui.practice.debrief import Debrief, FactSeen, other_pathways, values_read
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.models import NONE, Plan
from ketatui.practice.peers import plan_said, verdicts_said
from ketatui.practice.reasons import plans_for
from ketatui.practice.scoring import Appraisal, Judgment, points_text
from ketatui.practice.whole import Appraisals, Done
from ketatui.structs import Frozen
from ketatui.tui.views.explain import needs_text, values_text
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span
from ketatui.tui.views.verdicts import ROLE

_RIGHT: Span = ("✓", "good")
_NEARLY: Span = ("≈", "caution")
_WRONG: Span = ("✗", "bad")
_NOT_WHOLE = {
    "partly": "Part of it: a row of the table, or some of the pathways it decides.",
    "unused": "You had it, and judged what it decides differently.",
}
_MARKS = {"found": _RIGHT, "partly": _NEARLY, "unused": _NEARLY, "missed": _WRONG}


class Told(Frozen, frozen=True):
    """Everything the debrief of a part is drawn from: of the screening, or of one stage."""

    knowledge: Knowledge
    library: PracticeLibrary
    case: PracticeCase
    done: Done
    found: Appraisal
    debrief: Debrief
    peers: PeersOf | None = None

    @property
    def mine(self) -> Case:
        """The trainee's answers."""
        return self.done.answers

    @property
    def judgment(self) -> Judgment:
        """What the trainee committed to."""
        return self.done.judgment

    def title(self, pathway: str) -> str:
        """Return a pathway's title."""
        known = self.knowledge.pack.pathways.get(pathway)
        return known.title if known else "none of them" if pathway == NONE else "nothing"


class WholeTold(Frozen, frozen=True):
    """A run, ready to be told: its parts, the attempt, and whether anything changed since."""

    parts: tuple[Told, ...]
    attempt: Attempt
    found: Appraisals
    changed: bool


def debrief_items(whole: WholeTold) -> list[FormItem]:
    """Return the debrief: score and harm, then part by part all there is to tell."""
    items = list(_score(whole))
    for number, told in enumerate(whole.parts, start=1):
        if len(whole.parts) == 1:
            items += _part(told)
            continue
        items.append(FormItem(f"stage:{number}", told.case.called or "The screening", "heading"))
        for item in _part(told):
            items.append(item.replaced(key=f"{number}:{item.key}"))
    return items


def _part(told: Told) -> list[FormItem]:
    """Return a part: verdicts, plan, facts, what was not asked, lines, teaching."""
    return [
        *_pathways(told),
        *_what_now(told),
        *_facts(told),
        *_lines(told),
        *_teaching(told),
    ]


def _info(key: str, text: str, role: str = "text") -> FormItem:
    return FormItem(key, text, "info", ("", role))


def _item(key: str, label: str, answer: Span, mark: Span, detail: list[Span]) -> FormItem:
    return FormItem(key, label, "action", answer=answer, mark=mark, detail=tuple(detail))


def score_text(told: WholeTold) -> str:
    """Return the score in words."""
    found, attempt = told.found, told.attempt
    points = points_text(found.points).removeprefix("+")
    return f"{points} of {found.most} points, {attempt.percent} %"


def _score(told: WholeTold) -> Iterator[FormItem]:
    attempt = told.attempt
    said = []
    if attempt.seconds is not None:
        said.append(f"{max(round(attempt.seconds / 60), 1)} min")
    if attempt.hints:
        said.append(f"{attempt.hints} hint{'s' if attempt.hints > 1 else ''}")
    count = sum(len(part.debrief.decisive) for part in told.parts)
    said.append("one fact decides this case" if count == 1 else f"{count} facts decide this case")
    role = "bad" if told.found.harm else "good" if attempt.percent >= 80 else "strong"
    about: list[Span] = [(" · ".join(said), "muted")]
    yield _item("score", "Score", (score_text(told), role), (" ", "text"), about)
    for number, line in enumerate(told.found.harm):
        yield _info(f"harm:{number}", f"✗ Harm: {line.said}", "bad")
    if told.changed:
        text = "! The case or the criteria have changed since; scored again as they are now."
        yield _info("changed", text, "caution")


# --- verdicts and reasons -----------------------------------------------------------------------


def _pathways(told: Told) -> Iterator[FormItem]:
    yield FormItem("head:verdicts", "Verdicts and reasons: yours, and the criteria's", "heading")
    for pathway in told.found.assessment.pathways:
        yield _pathway(told, pathway)


def _pathway(told: Told, pathway: PathwayAssessment) -> FormItem:
    words = told.knowledge.pack.wording.verdicts
    given = told.judgment.verdicts.get(pathway.id)
    mine = words[given].title if given else "no verdict"
    right = words[pathway.verdict]
    scored = (item for item in told.found.lines if item.kind == "verdict")
    nearly = any(item.points and item.about == pathway.id for item in scored)
    mark = _RIGHT if given == pathway.verdict else _NEARLY if nearly else _WRONG
    answer = f"{right.symbol} {right.title}"
    if given != pathway.verdict:
        answer = f"you: {mine}  →  {answer}"
    detail: list[Span] = [
        (f"You: {mine}. The criteria: {right.title}.", "strong"),
        *_others(told, pathway.id),
        *_reasons(told, pathway),
    ]
    key = f"verdict:{pathway.id}"
    return _item(key, told.title(pathway.id), (answer, ROLE[pathway.verdict]), mark, detail)


def _others(told: Told, pathway: str) -> Iterator[Span]:
    """Say what others committed to, where a teacher's folder tells."""
    words = told.knowledge.pack.wording.verdicts
    titles = {str(verdict): item.title for verdict, item in words.items()}
    said = verdicts_said(told.peers, pathway, titles) if told.peers is not None else ""
    if said:
        yield said, "info"


def _reasons(told: Told, pathway: PathwayAssessment) -> Iterator[Span]:
    named = told.judgment.reasons.get(pathway.id, ())
    decisive = setting_the_verdict(pathway)
    if not decisive:
        yield "No rule counts against it, so no reason is needed.", "good"
    opened = {item.rule: item for item in pathway.open}
    for rule in decisive:
        did = ("✓ You named it.", "good") if rule in named else ("✗ You did not name it.", "bad")
        finding = pathway.finding(rule)
        if finding is not None:
            yield finding.title, "strong"
            yield did
            yield from _finding(told, finding)
        elif rule in opened:
            yield f"{opened[rule].title}: open", "strong"
            yield did
            yield needs_text(told.knowledge.pack, opened[rule]), "muted"
    for rule in named:
        if rule not in decisive:
            yield from _beside(told, pathway, rule)


def _finding(told: Told, finding: Finding) -> Iterator[Span]:
    pack = told.knowledge.pack
    yield finding.because, "text"
    yield f"Do: {finding.do}", "text"
    yield f"Read: {values_text(pack, finding.facts)}", "muted"
    yield f"{pack.wording.authorities[finding.authority]}, rule {finding.rule}", "muted"
    for reference in finding.sources:
        yield f"· {pack.source_text(reference)}", "muted"


def _beside(told: Told, pathway: PathwayAssessment, rule: str) -> Iterator[Span]:
    """Say what became of a reason that was named and does not set the verdict."""
    pack = told.knowledge.pack
    finding = pathway.finding(rule)
    title = pack.rules[rule].title if rule in pack.rules else rule
    if finding is not None:
        yield f"≈ You named “{title}”: it applies, and something else sets the verdict.", "caution"
        yield from _finding(told, finding)
        return
    yield f"✗ You named “{title}”: it does not apply here.", "bad"
    values = values_read(told.knowledge, told.case.right, pathway.id, rule)
    yield f"Read: {values_text(pack, values)}", "muted"


# --- the choice and the plan --------------------------------------------------------------------


def _what_now(told: Told) -> Iterator[FormItem]:
    yield FormItem("head:plan", "What now", "heading")
    best, choice = told.case.key.best, told.judgment.choice
    if best:
        yield _choice(told, best, choice)
    for number, plan in enumerate(plans_for(told.case), start=1):
        yield _plan(told, number, plan)


def _choice(told: Told, best: str, choice: str) -> FormItem:
    answer: Span = (told.title(best), "good")
    if choice != best:
        answer = (f"you: {told.title(choice)}  →  {told.title(best)}", "bad")
    mark = _RIGHT if choice == best else _WRONG
    ranked = ", ".join(told.title(item.id) for item in told.found.assessment.ranked)
    detail: list[Span] = [(f"By the criteria they rank: {ranked}.", "text")]
    return _item("choice", "Pathway to proceed with", answer, mark, detail)


def _plan(told: Told, number: int, plan: Plan) -> FormItem:
    chosen = plan.id == told.judgment.plan
    how = "neither right nor harmful"
    if plan.right:
        how = "right"
    elif plan.harm is not None:
        how = "harmful"
    detail: list[Span] = [(plan.text, "text")]
    if plan.harm is not None:
        detail.append((plan.harm, "bad"))
    if told.peers is not None:
        detail.append((plan_said(told.peers, plan.id), "info"))
    label = f"Plan {number}{', yours' if chosen else ''}, {how}: {plan.text}"
    mark: Span = ("·", "muted")
    if chosen:
        mark = _RIGHT if plan.right else _WRONG if plan.harm is not None else _NEARLY
    # All of it is the label: a sentence beside an answer would leave the other answers no room.
    return _item(f"plan:{plan.id}", label, ("", "text"), mark, detail)


# --- facts --------------------------------------------------------------------------------------


def _facts(told: Told) -> Iterator[FormItem]:
    found = told.debrief
    if found.decisive:
        yield FormItem("head:facts", "Facts that decide this case", "heading")
    for seen in found.decisive:
        yield _fact(told, seen)
    for key, title, facts in (
        ("differ", "Other answers that differ", found.differing),
        ("open", "Left open, and could have changed a verdict", found.left_open),
    ):
        if facts:
            yield FormItem(f"head:{key}", title, "heading")
        for seen in facts:
            yield _fact(told, seen)
    if found.untold:
        yield FormItem("head:untold", "Told only when asked, and not asked for", "heading")
        for reveal in found.untold:
            mark: Span = ("·", "muted")
            yield _item(
                f"untold:{reveal.id}", reveal.ask, ("", "text"), mark, [(reveal.text, "text")]
            )
    if found.idle:
        labels = " · ".join(told.knowledge.pack.questions[ident].label for ident in found.idle)
        yield FormItem("head:idle", "Asked about, though no verdict hangs on it here", "heading")
        yield _info("idle", labels, "muted")


def _fact(told: Told, seen: FactSeen) -> FormItem:
    label = told.knowledge.pack.questions[seen.question].label
    mark = _MARKS[seen.found] if seen.found else ("≈", "muted")
    answer: Span = (seen.right, "good" if seen.found == "found" else "strong")
    if seen.mine != seen.right:
        answer = (f"you: {seen.mine}  →  {seen.right}", "bad" if seen.found == "missed" else "text")
    detail: list[Span] = [(f"You: {seen.mine}. The case: {seen.right}.", "strong")]
    if seen.found in _NOT_WHOLE:
        detail.append((_NOT_WHOLE[seen.found], "caution"))
    if seen.question == TRIALS:
        detail += _trials(told)
    detail += _why(told, seen)
    for reveal in seen.untold:
        detail.append((f"Not asked: “{reveal.ask}”. {reveal.text}", "caution"))
    return _item(f"fact:{seen.question}", label, answer, mark, detail)


def _trials(told: Told) -> Iterator[Span]:
    """Say of each trial, yours and the case's, that it counts, or why not."""
    for whose, case in (("You", told.mine), ("The case", told.case.right)):
        judged = establish(told.knowledge, case).trials.judgments
        if not judged:
            yield f"{whose}: no trial.", "muted"
        for trial in judged:
            counts = "counts" if trial.counts else f"does not count: {why_not(trial)}"
            yield f"{whose}: {judged_name(trial)} {counts}", "good" if trial.counts else "muted"


def _why(told: Told, seen: FactSeen) -> Iterator[Span]:
    """Say what a fact does in the case, with the rule, its values and its source."""
    role = seen.role
    pack = told.knowledge.pack
    if not role.matters:
        yield "Could not change any verdict here.", "muted"
        return
    if not role.decisive:
        yield f"Had to be ruled out for {_titles(told, role.rules_out)}.", "text"
        return
    assessment = told.found.assessment
    concerned = other_pathways(assessment, role)
    yield f"Decides for {_titles(told, concerned)}.", "text"
    if role.lifts:
        yield f"If it were different, better for {_titles(told, role.lifts)}.", "muted"
    if role.grounds:
        yield f"The indication rests on it: {_titles(told, role.grounds)}.", "muted"
    for rule in role.rules:
        pathway = next(ident for ident, rules in role.carries.items() if rule in rules)
        finding = assessment.pathway(pathway).finding(rule)
        if finding is not None:
            yield f"{finding.title} ({_titles(told, (pathway,))})", "strong"
            yield from _finding(told, finding)
    if not role.carries:
        for reference in pack.questions[seen.question].sources:
            yield f"· {pack.source_text(reference)}", "muted"


def _titles(told: Told, pathways: tuple[str, ...]) -> str:
    if len(pathways) == len(told.knowledge.pack.pathways):
        return "all pathways"
    return ", ".join(told.title(ident) for ident in pathways)


# --- the score line by line, and what to take away ----------------------------------------------


def _lines(told: Told) -> Iterator[FormItem]:
    reached = points_text(told.found.points).removeprefix("+")
    head = f"The score line by line: {reached} of {told.found.most} points"
    yield FormItem("head:lines", head, "heading")
    rubric = told.library.rubric
    for number, line in enumerate(told.found.lines):
        mark = _RIGHT if line.points > 0 else _WRONG if line.points < 0 else ("·", "muted")
        most = f" of {line.most}" if line.most else ""
        known = rubric.line(line.kind)
        each = rubric.points(line.kind, told.case.file.rubric)
        detail: list[Span] = [(line.said, "text"), (f"{known.text} Here: {each}.", "muted")]
        label = f"{points_text(line.points)}{most}  {known.title}: {line.said}"
        yield _item(f"line:{number}", label, ("", "text"), mark, detail)


def _teaching(told: Told) -> Iterator[FormItem]:
    pack = told.knowledge.pack
    yield FormItem("head:teaching", "To take away, and where to read it", "heading")
    for number, item in enumerate(told.case.file.teaching):
        detail: list[Span] = [(item.text, "text")]
        for rule in item.rules:
            detail.append((f"Rule {rule}: {pack.rules[rule].title}", "muted"))
        for reference in item.sources:
            source = pack.sources[reference.partition(" §")[0]]
            detail.append((f"· {pack.source_text(reference)}", "muted"))
            detail.append((f"  {source.address}", "muted"))
        yield _item(f"teach:{number}", item.text, ("", "text"), ("·", "key"), detail)
