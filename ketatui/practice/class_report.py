"""A class's attempts: scored again from their answers, each counted once, first tries by item.

A file is believed for what was answered, judged and taken; never for what that is worth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Literal

from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case
from ketatui.engine import Knowledge
from ketatui.practice.attempts import (
    Attempt,
    done_of,
    list_files,
    load_attempt,
    scoring_of,
    seal_of,
)
from ketatui.practice.class_models import Assignment
from ketatui.practice.finding import Truth
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.scoring import Appraisal
from ketatui.practice.stages import Part, parts_of
from ketatui.practice.whole import Appraisals, appraise_run
from ketatui.structs import Frozen

State = Literal["ok", "altered", "another version", "copy", "case not there"]
"""Holds as it was written; says something its answers do not come to, or was changed since; made
under another case, criteria or scoring, and scored under today's; the same run once more; of a
case that is not there, so that nothing can be scored."""


class Scored(Frozen, frozen=True):
    """One attempt, scored again.

    Attributes:
        file: Its file, from the folder of the report.
        trainee: Who took it, or a code.
        attempt: What the file says.
        state: What it is.
        why: What is wrong with it, in words.
        found: What it is worth by its answers; None where the case is not there.
        first: It is the trainee's first at this case that counts.
        against: What it breaks of the assignment.
    """

    file: str
    trainee: str
    attempt: Attempt
    state: State
    why: str
    found: Appraisals | None
    first: bool = False
    against: str = ""

    @property
    def percent(self) -> int | None:
        """The score by the answers, in percent."""
        if self.found is None or self.found.most <= 0:
            return None
        share = max(Decimal(0), min(self.found.points / self.found.most, Decimal(1)))
        return round(share * 100)

    @property
    def counts(self) -> bool:
        """Whether it enters the sums: a first try that nobody altered."""
        return self.first and self.state in ("ok", "another version") and self.found is not None


class ClassReport(Frozen, frozen=True):
    """The attempts of a folder.

    Attributes:
        attempts: Every attempt that could be read, in order of time.
        unreadable: A line for each file that could not be read.
        missing: For an assignment: trainee and case of which there is no attempt.
    """

    attempts: tuple[Scored, ...]
    unreadable: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]


def class_report(
    knowledge: Knowledge,
    library: PracticeLibrary,
    folder: Path,
    *,
    anonymous: bool = False,
) -> ClassReport:
    """Read and score the attempts of a folder and the folders within it.

    Args:
        knowledge: The compiled pack.
        library: The practice cases, a teacher's own among them. Where it has an assignment, only
            the cases of that are looked at.
        folder: The folder.
        anonymous: Codes in place of names and of folders.

    Raises:
        CaseError: The folder cannot be read.
    """
    scorer, assignment = _Scorer(knowledge, library), library.assignment
    found: list[Scored] = []
    unreadable: list[str] = []
    for path in list_files(folder, deep=True):
        try:
            case, attempt = load_attempt(path, knowledge.pack)
        except CaseError as error:
            unreadable.append(str(error).splitlines()[0])
            continue
        if assignment is None or attempt.case in assignment.cases:
            found.append(scorer.scored(path, folder, case, attempt))
    found.sort(key=lambda item: (item.attempt.ended_at, item.file))
    marked = list(_tries(_once(found), assignment))
    missing = _missing(marked, assignment)
    if anonymous:
        codes = codes_of(item.trainee for item in marked)
        marked = [
            item.replaced(trainee=codes[item.trainee], file=f"file {number}")
            for number, item in enumerate(marked, start=1)
        ]
        missing = [(codes[who], case) for who, case in missing]
    return ClassReport(tuple(marked), tuple(unreadable), tuple(missing))


class _Scorer:
    """Scores attempts; what a case comes to is worked out once."""

    def __init__(self, knowledge: Knowledge, library: PracticeLibrary) -> None:
        self.knowledge = knowledge
        self.library = library
        self._known: dict[str, tuple[tuple[Part, ...], list[Truth]]] = {}

    def scored(self, path: Path, root: Path, mine: Case, attempt: Attempt) -> Scored:
        file = path.relative_to(root)
        who = attempt.by or (file.parent.as_posix() if file.parent.name else "(nobody named)")
        case = self.library.cases.get(attempt.case)
        if case is None:
            why = f"the practice case {attempt.case} is not there"
            return Scored(file.as_posix(), who, attempt, "case not there", why, None)
        try:
            found = self._appraise(case, mine, attempt)
        except CaseError as error:
            # A stage of it is faulty: nothing can be scored.
            why = str(error).splitlines()[0]
            return Scored(file.as_posix(), who, attempt, "case not there", why, None)
        state, why = self._state(path, case, attempt, found)
        return Scored(file.as_posix(), who, attempt, state, why, found)

    def _appraise(self, case: PracticeCase, mine: Case, attempt: Attempt) -> Appraisals:
        if case.id not in self._known:
            parts = parts_of(self.knowledge, case)
            self._known[case.id] = parts, [part.truth() for part in parts]
        parts, truths = self._known[case.id]
        return appraise_run(self.library.rubric, parts, done_of(parts, mine, attempt), truths)

    def _state(
        self, path: Path, case: PracticeCase, attempt: Attempt, found: Appraisals
    ) -> tuple[State, str]:
        if attempt.seal and attempt.seal != seal_of(path):
            return "altered", "the file was changed after it was written"
        other = [
            what
            for what, then, now in (
                ("case", attempt.case_digest, case.digest),
                ("criteria", attempt.pack_digest, self.knowledge.pack.digest),
                ("scoring", attempt.scoring, scoring_of(self.library.rubric)),
            )
            if then != now
        ]
        if other:
            return "another version", f"another {' and '.join(other)} then; scored as they are now"
        if not attempt.seal:
            return "altered", "its seal was taken away"
        said = (attempt.points, attempt.most, attempt.harm)
        comes_to = (found.points, found.most, len(found.harm))
        if said != comes_to:
            answers = f"its answers come to {float(comes_to[0]):g} of {comes_to[1]}"
            return "altered", f"says {float(said[0]):g} of {said[1]} points; {answers}"
        return "ok", ""


def _once(found: Sequence[Scored]) -> Iterator[Scored]:
    """Mark the same run met once more: by its case and when it began and ended."""
    seen: dict[tuple[object, ...], str] = {}
    # A whole file goes before an altered copy of it.
    for item in sorted(found, key=lambda item: (item.state == "altered", item.file)):
        key = (item.attempt.case, item.attempt.began_at, item.attempt.ended_at)
        if key in seen:
            yield item.replaced(state="copy", why=f"the same run as {seen[key]}")
        else:
            seen[key] = item.file
            yield item


def _tries(found: Iterable[Scored], assignment: Assignment | None) -> Iterator[Scored]:
    """Number the tries of each trainee at each case, and mark the first."""
    numbers: dict[tuple[str, str], int] = {}
    for item in sorted(found, key=lambda item: (item.attempt.ended_at, item.file)):
        if item.state == "copy":
            yield item
            continue
        key = (item.trainee, item.attempt.case)
        number = numbers[key] = numbers.get(key, 0) + 1
        against = _against(assignment, item.attempt, number)
        yield item.replaced(first=number == 1, against=against)


def _against(assignment: Assignment | None, attempt: Attempt, number: int) -> str:
    if assignment is None:
        return ""
    return assignment.against(attempt.ended_at.date(), attempt.hints, number)


def _missing(found: Sequence[Scored], assignment: Assignment | None) -> list[tuple[str, str]]:
    if assignment is None:
        return []
    done = {(item.trainee, item.attempt.case) for item in found if item.state != "copy"}
    people = sorted({item.trainee for item in found})
    return [(who, case) for who in people for case in assignment.cases if (who, case) not in done]


def codes_of(names: Iterable[str]) -> dict[str, str]:
    """Return a code for each name, in an order that tells nothing about the names."""

    def drawn(name: str) -> str:
        return hashlib.sha256(f"code/{name}".encode()).hexdigest()

    ordered = sorted(set(names), key=drawn)
    return {name: f"T{number:02}" for number, name in enumerate(ordered, start=1)}


# --- sums -----------------------------------------------------------------------------------------


class Sum(Frozen, frozen=True):
    """One line of a summary.

    Attributes:
        what: The trainee, case, fact or rule.
        tried: First tries in which it came up.
        right: Those in which it went well: harmless and at least four fifths of the points, the
            fact found, the rule named.
        mean: The mean score in percent, where there is one.
        harm: First tries with harm.
        wrong: For a rule: how often it was named where it does not apply.
    """

    what: str
    tried: int
    right: int
    mean: int | None = None
    harm: int = 0
    wrong: int = 0


_WELL = 80


def by_trainee(report: ClassReport) -> list[Sum]:
    """Sum up first tries by trainee."""
    return _scores(report, lambda item: item.trainee)


def by_case(report: ClassReport) -> list[Sum]:
    """Sum up first tries by case: how hard it was, as counts."""
    return _scores(report, lambda item: item.attempt.case)


def _scores(report: ClassReport, key: Callable[[Scored], str]) -> list[Sum]:
    groups: dict[str, list[Scored]] = {}
    for item in report.attempts:
        if item.counts:
            groups.setdefault(key(item), []).append(item)
    sums = []
    for what, items in groups.items():
        percents = [item.percent or 0 for item in items]
        harmed = [bool(item.found and item.found.harm) for item in items]
        well = sum(p >= _WELL and not h for p, h in zip(percents, harmed, strict=True))
        mean = round(sum(percents) / len(percents))
        sums.append(Sum(what, len(items), well, mean, sum(harmed)))
    return sorted(sums, key=lambda item: (item.mean or 0, item.what))


def by_fact(report: ClassReport) -> list[Sum]:
    """Count for each fact that decides: how often it was found."""
    tried: dict[str, int] = {}
    right: dict[str, int] = {}
    for found in _counted(report):
        for ident, how in found.found.items():
            tried[ident] = tried.get(ident, 0) + 1
            right[ident] = right.get(ident, 0) + (how == "found")
    return _ordered(Sum(what, tried[what], right[what]) for what in tried)


def by_rule(report: ClassReport, rules: Mapping[str, object]) -> list[Sum]:
    """Count for each rule: how often it was named where it decides, and where it does not apply."""
    tried: dict[str, int] = {}
    right: dict[str, int] = {}
    wrong: dict[str, int] = {}
    for item in report.attempts:
        if not item.counts or item.found is None:
            continue
        attempt, parts = item.attempt, item.found.parts
        said = (attempt.reasons, *(stage.reasons for stage in attempt.stages))
        named = {rule for reasons in said for chosen in reasons.values() for rule in chosen}
        decide = {rule for part in parts for role in part.roles.values() for rule in role.rules}
        pathways = [pathway for part in parts for pathway in part.assessment.pathways]
        holding = {finding.rule for pathway in pathways for finding in pathway.findings}
        holding |= {opened.rule for pathway in pathways for opened in pathway.open}
        for rule in decide:
            tried[rule] = tried.get(rule, 0) + 1
            right[rule] = right.get(rule, 0) + (rule in named)
        for rule in named & rules.keys() - holding:
            wrong[rule] = wrong.get(rule, 0) + 1
    every = dict.fromkeys((*tried, *wrong))
    return _ordered(
        Sum(what, tried.get(what, 0), right.get(what, 0), wrong=wrong.get(what, 0))
        for what in every
    )


def _counted(report: ClassReport) -> Iterator[Appraisal]:
    for item in report.attempts:
        if item.counts and item.found is not None:
            yield from item.found.parts


def _ordered(sums: Iterable[Sum]) -> list[Sum]:
    """Put what went wrong most often first."""
    return sorted(sums, key=lambda item: (-(item.tried - item.right + item.wrong), item.what))
