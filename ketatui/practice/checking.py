"""Whether a practice case holds: its key against the engine, and everything it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from ketatui.cases.errors import CaseError, Problem, nearest
from ketatui.cases.model import NOT_ESTABLISHED
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Assessment, Knowledge, PathwayAssessment, assess
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.decisive import FactRole, fact_roles
from ketatui.engine.facts import is_recorded
from ketatui.practice.authoring import authoring_of
from ketatui.practice.loading import PracticeCase
from ketatui.practice.lookalikes import look_alikes
from ketatui.practice.models import NONE, Topic
from ketatui.practice.stages import parts_of
from ketatui.practice.story_checks import contradictions, telling_titles, unfinished
from ketatui.structs import Frozen

Check = Callable[["Checked"], Iterator[Problem]]


class Checked(Frozen, frozen=True):
    """A practice case with what the engine says about its right answers."""

    case: PracticeCase
    knowledge: Knowledge
    assessment: Assessment
    roles: dict[str, FactRole]


def check_practice_case(
    case: PracticeCase, knowledge: Knowledge, topics: Mapping[str, Topic]
) -> list[Problem]:
    """Check a practice case that could be read.

    Args:
        case: The case.
        knowledge: The compiled pack.
        topics: The topics of the pack.

    Returns:
        Everything that does not hold, in the order of the file.
    """
    try:
        parts = parts_of(knowledge, case)
    except CaseError as error:
        return list(error.problems)
    found = [*_of_case(case, topics)]
    for part in parts:
        on = part.case.file.on
        assessment = assess(part.knowledge, part.case.right, on, with_changes=False)
        roles = fact_roles(part.knowledge, part.case.right, on)
        checked = Checked(part.case, part.knowledge, assessment, roles)
        checks: tuple[Check, ...] = (
            _names,
            _answers,
            _verdicts,
            _best,
            _reveals,
            _plans,
            _references,
            _told,
        )
        found += [problem for check in checks for problem in check(checked)]
        if part.stage is not None:
            own = part.case.file.replaced(story=part.stage.story, teaching=part.stage.teaching)
            found += _written(part.case.replaced(file=own))
            # The title of the whole is read before any stage.
            found += telling_titles(case, part.knowledge, assessment)
    # What a stage shares with the whole is found in each.
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.line or 0, problem.where))


def _of_case(case: PracticeCase, topics: Iterable[str]) -> Iterator[Problem]:
    if case.path.stem != case.id:
        message = f"the file is called {case.path.stem}.toml; allowed: {case.id}.toml"
        yield case.problem(case.id, message, "id")
    if case.file.topic not in topics:
        message = f"there is no such topic; allowed: {', '.join(topics)}"
        yield case.problem(case.file.topic, message, "topic")
    yield from _written(case)
    stages = case.file.stages
    for number, stage in enumerate(stages):
        if any(stage.id == other.id for other in stages[:number]):
            yield case.problem(stage.id, "stands twice in [[stages]]", "stages", number)
        if number and stage.day < stages[number - 1].day:
            message = (
                f"day {stage.day} stands after day {stages[number - 1].day}; allowed: in order"
            )
            yield case.problem(stage.id, message, "stages", number, "day")


def _names(checked: Checked) -> Iterator[Problem]:
    case = checked.case
    for table, idents in (
        ("reveal", [item.id for item in case.file.reveal]),
        ("plans", [item.id for item in case.file.plans]),
    ):
        for number, ident in enumerate(idents):
            if ident in idents[:number]:
                yield case.problem(ident, f"stands twice in [[{table}]]", table, number)


def _answers(checked: Checked) -> Iterator[Problem]:
    """Yield what is not answered and could still change a verdict."""
    waiting: dict[str, str] = {}
    right = checked.case.right
    unknown = set(right.unknown)
    if any(NOT_ESTABLISHED in row.classes for row in right.medications):
        # It was asked, as with a question marked unknown.
        unknown.add(MEDICATIONS)
    for pathway in checked.assessment.pathways:
        for rule in pathway.open:
            worse = SEVERITY[rule.effect] > SEVERITY[pathway.best]
            if rule.holds_up and (worse or pathway.verdict == "incomplete"):
                for ident in rule.needs:
                    if ident not in unknown:
                        waiting.setdefault(ident, rule.rule)
    for ident, waits in waiting.items():
        message = (
            f"has no answer and could still change a verdict (rule {waits}); answer it, or list "
            "it in unknown"
        )
        yield checked.case.problem(ident, message, "answers")
    for found in checked.assessment.contradictions:
        message = f"{', '.join(found.questions)} do not agree: {found.because}"
        yield checked.case.problem("answers", message, "answers")
    for name in checked.assessment.unrecognised:
        message = f"“{name}” is not known, so no rule reads it"
        yield checked.case.problem(MEDICATIONS, message, MEDICATIONS)


def _verdicts(checked: Checked) -> Iterator[Problem]:
    case, key = checked.case, checked.case.key
    pathways = {item.id: item for item in checked.assessment.pathways}
    for table in ("verdicts", "reasons"):
        for ident in getattr(key, table):
            if ident not in pathways:
                message = f"there is no such pathway or decision; allowed: {', '.join(pathways)}"
                yield case.problem(ident, message, "key", table, ident)
    for ident, pathway in pathways.items():
        if ident not in key.verdicts:
            yield case.problem(ident, "the key has no verdict for it", "key", "verdicts")
        elif key.verdicts[ident] != pathway.verdict:
            message = (
                f"the key says {key.verdicts[ident]}, the criteria say {pathway.verdict} "
                f"({_why(pathway)})"
            )
            yield case.problem(ident, message, "key", "verdicts", ident)
        said = {item.rule for item in pathway.findings}
        if pathway.verdict == "incomplete":
            said |= {item.rule for item in pathway.open}
        for reason in key.reasons.get(ident, ()):
            if reason not in said:
                holds = ", ".join(sorted(said)) or "nothing"
                message = f"{reason} does not hold for {ident}; what holds: {holds}"
                yield case.problem(ident, message, "key", "reasons", ident)


def _why(pathway: PathwayAssessment) -> str:
    worst = [item.rule for item in pathway.findings if item.effect != "note"]
    opened = [item.rule for item in pathway.open if item.holds_up]
    parts = [", ".join(worst[:3])] if worst else []
    parts += [f"open: {', '.join(opened[:3])}"] if opened else []
    return "; ".join(parts) or "no rule counts against it"


def _best(checked: Checked) -> Iterator[Problem]:
    case, best = checked.case, checked.case.key.best
    if not best:
        return
    first = checked.assessment.ranked[0]
    allowed = [first.id] if first.usable else [NONE]
    if first.verdict in ("incomplete", "unmet"):
        allowed = [NONE, first.id]
    if best not in allowed:
        message = (
            f"the best is said to be {best}, but {first.id} ranks first ({first.verdict}); "
            f"allowed: {', '.join(allowed)}"
        )
        yield case.problem("key best", message, "key", "best")


def _reveals(checked: Checked) -> Iterator[Problem]:
    case = checked.case
    questions = checked.knowledge.pack.questions
    for number, reveal in enumerate(case.file.reveal):
        for ident in reveal.facts:
            place = ("reveal", number, "facts")
            if ident not in questions:
                message = f"there is no question {ident!r}{nearest(ident, questions)}"
                yield case.problem(reveal.id, message, *place)
            elif checked.assessment.asked[ident] is False:
                message = f"{ident} is not asked in this case, so nobody can ask for it"
                yield case.problem(reveal.id, message, *place)
            elif not _stated(checked, ident):
                message = f"{ident} has no answer in this case"
                yield case.problem(reveal.id, message, *place)


def _stated(checked: Checked, ident: str) -> bool:
    """Tell whether a question has an answer; for a table "none" is one."""
    right = checked.case.right
    if ident in (TRIALS, MEDICATIONS) or ident in right.unknown:
        return True
    return is_recorded(right, ident)


def _plans(checked: Checked) -> Iterator[Problem]:
    case = checked.case
    if not any(plan.right for plan in case.file.plans):
        yield case.problem("plans", "no plan is right; one at least has to be", "plans")
    if all(plan.right for plan in case.file.plans):
        yield case.problem("plans", "every plan is right; there is nothing to choose", "plans")
    for number, plan in enumerate(case.file.plans):
        if plan.right and plan.harm is not None:
            message = "is called right and harmful; allowed: one of the two"
            yield case.problem(plan.id, message, "plans", number)


def _references(checked: Checked) -> Iterator[Problem]:
    case, pack = checked.case, checked.knowledge.pack
    for number, item in enumerate(case.file.teaching):
        for rule in item.rules:
            if rule not in pack.rules:
                message = f"there is no rule {rule!r}{nearest(rule, pack.rules)}"
                yield case.problem("teaching", message, "teaching", number, "rules")
        for reference in item.sources:
            source = reference.partition(" §")[0]
            if source not in pack.sources:
                message = f"there is no source {source!r}{nearest(source, pack.sources)}"
                yield case.problem("teaching", message, "teaching", number, "sources")


def _written(case: PracticeCase) -> Iterator[Problem]:
    """Look through every text of a case, or of a stage of one."""
    yield from unfinished(case, _said(case))
    for place, text in _said(case):
        # The day a law lapses may be taught; a day in a story is somebody's.
        for found in look_alikes(text, dates=place[0] != "teaching"):
            message = f"looks like {found}; a case for practice names nobody and no day"
            yield case.problem(str(place[0]), message, *place)
        unprintable = {char for char in text if not (char.isprintable() or char == "\n")}
        if unprintable:
            shown = ", ".join(ascii(char) for char in sorted(unprintable))
            yield case.problem(str(place[0]), f"holds control characters: {shown}", *place)


def _told(checked: Checked) -> Iterator[Problem]:
    yield from contradictions(authoring_of(checked.knowledge), checked.case)
    yield from telling_titles(checked.case, checked.knowledge, checked.assessment)


def _said(case: PracticeCase) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield every text of a case, and where it stands."""
    file = case.file
    yield ("title",), file.title
    for number, part in enumerate(file.story):
        yield ("story", number, "title"), part.title
        yield ("story", number, "text"), part.text
    for number, reveal in enumerate(file.reveal):
        yield ("reveal", number, "ask"), reveal.ask
        yield ("reveal", number, "text"), reveal.text
    for number, hint in enumerate(file.hint):
        yield ("hint", number, "text"), hint.text
    for number, plan in enumerate(file.plans):
        yield ("plans", number, "text"), plan.text
        yield ("plans", number, "harm"), plan.harm or ""
    for number, item in enumerate(file.teaching):
        yield ("teaching", number, "text"), item.text
    for number, trial in enumerate(case.right.trials):
        yield (TRIALS, number, "drug"), trial.drug
    for number, medicine in enumerate(case.right.medications):
        yield (MEDICATIONS, number, "name"), f"{medicine.name} {medicine.dose}"
    for ident, rows in case.right.tables.items():
        for number, row in enumerate(rows):
            for column, value in row.items():
                if isinstance(value, str):
                    yield ("tables", ident, number, column), value
