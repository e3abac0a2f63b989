"""``ketatui course compare``: two packs held against each other, and the visits under both."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ketatui.cases.errors import CaseError
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import (
    Unusable,
    case_name,
    course_of,
    folder_of,
    full,
    named_files,
    say_errors,
)
from ketatui.commands.many_cases import read_to_assess
from ketatui.commands.progress import Progress
from ketatui.course import CourseKnowledge, compile_course
from ketatui.course.comparison import visits_under_both
from ketatui.course.pack_changes import pack_changes
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import compile_pack
from ketatui.engine.difference import Difference
from ketatui.parallel import MANY, map_in_parallel
from ketatui.printable import printable
from ketatui.reports.course_comparison import (
    change_lines,
    comparison_data,
    comparison_lines,
    pack_name,
    packs_data,
)
from ketatui.reports.summary import WIDTH, plain, wrapped
from ketatui.structs import Frozen

_Side = tuple[Path, Path | None]
"""Folder of a pack, and a local policy."""
_Both = tuple[CourseKnowledge, CourseKnowledge, "Job"]


class Job(Frozen, frozen=True):
    """What is to be done with each file; another process can be told it.

    Attributes:
        before: The first pack.
        after: The second.
        on: The day.
        as_json: Whether the text wanted is JSON.
    """

    before: _Side
    after: _Side
    on: dt.date
    as_json: bool


class Outcome(Frozen, frozen=True):
    """What became of one file.

    Attributes:
        text: What to print of it; empty where nothing differs.
        judged: Visits that were judged under both.
        differ: Those of them that come out otherwise.
        rules: The rules behind that, of each such visit once.
        problems: Why the file cannot be used; empty for a case.
    """

    text: str = ""
    judged: int = 0
    differ: int = 0
    rules: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def run(args: argparse.Namespace) -> int:
    """Compare the packs, then the visits of the cases under both; nothing is written.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria or the arguments cannot be used.
        CaseError: A folder cannot be read.
    """
    other = args.with_criteria or args.with_policy
    if other is None:
        raise Unusable(
            "ketatui course compare: with what? --with-criteria DIR or --with-policy FILE"
        )
    first = course_of(args)
    there = argparse.Namespace(
        criteria=args.with_criteria or args.criteria, policy=args.with_policy
    )
    second = course_of(there)
    job = Job(_side(args), _side(there), args.on or dt.date.today(), args.json)
    _say_packs(first, second, as_json=args.json)
    paths = list(dict.fromkeys(_named(args, first)))
    return _say_cases(job, (first, second, job), paths)


def _side(args: argparse.Namespace) -> _Side:
    return (args.criteria or default_folder()).absolute(), full(args.policy)


def _named(args: argparse.Namespace, knowledge: CourseKnowledge) -> Iterator[Path]:
    store = CaseStore(folder_of(args), knowledge.screening.pack)
    return named_files(store, args.names)


def _say_packs(first: CourseKnowledge, second: CourseKnowledge, *, as_json: bool) -> None:
    changes = pack_changes(first, second)
    if as_json:
        print(json.dumps(packs_data(first, second, changes)))
        return
    lines = [
        *wrapped(f"From: {pack_name(first)}", "", "  "),
        *wrapped(f"To:   {pack_name(second)}", "", "  "),
        *change_lines(changes),
    ]
    print(plain(lines))


def _say_cases(job: Job, state: _Both, paths: Sequence[Path]) -> int:
    progress = Progress(len(paths))
    judged = differ = cases = unusable = 0
    rules: Counter[str] = Counter()
    for done, found in enumerate(_outcomes(job, state, paths), start=1):
        judged += found.judged
        differ += found.differ
        rules.update(found.rules)
        cases += bool(found.judged)
        unusable += bool(found.problems)
        if found.problems:
            progress.clear()
            say_errors(found.problems)
        elif found.text:
            progress.make_way()
            print(found.text if job.as_json else f"\n{found.text}")
        progress.say(done)
    progress.clear()
    if not job.as_json:
        of = "1 case" if cases == 1 else f"{cases} cases"
        said = "none differs" if not differ else f"{differ} differ{'s' if differ == 1 else ''}"
        visits = "1 visit" if judged == 1 else f"{judged} visits"
        print(f"\n{visits} of {of} judged under both: {said}")
        behind = ", ".join(f"{rule} {count}" for rule, count in rules.most_common())
        for line in wrapped(behind, "By rule: ", "  ") if behind else ():
            print(line)
    return 2 if unusable else 0


def _outcomes(job: Job, state: _Both, paths: Sequence[Path]) -> Iterator[Outcome]:
    if len(paths) <= MANY:
        for path in paths:
            yield _work(state, path)
    else:
        yield from map_in_parallel(_prepared, job, _work, paths)


def _prepared(job: Job) -> _Both:
    first, second = (
        compile_course(compile_pack(load_pack(*side))) for side in (job.before, job.after)
    )
    return first, second, job


def _work(state: _Both, path: Path) -> Outcome:
    before, after, job = state
    try:
        cases = tuple(read_to_assess(path, item.screening.pack).counted for item in (before, after))
    except CaseError as error:
        return Outcome(problems=tuple(str(error).splitlines()))
    visits = visits_under_both(before, after, (cases[0], cases[1]), job.on)
    differ = [item.difference for item in visits if not item.difference.same]
    found = Outcome("", len(visits), len(differ), tuple(_rules(differ)))
    if not differ:
        return found
    name = case_name(cases[0], str(path))
    if job.as_json:
        # ASCII only: no character of a file can then act on a terminal.
        return found.replaced(text=json.dumps(comparison_data(name, str(path), visits)))
    label = cases[0].label
    head = f"{name}  {label}" if label and label != name else name
    lines = [printable(head), *(f"  {it}" for it in comparison_lines(after, visits, WIDTH - 2))]
    return found.replaced(text=plain(lines))


def _rules(differ: Sequence[Difference]) -> Iterator[str]:
    """Name the rules behind each visit once, in whichever decision they are."""
    for found in differ:
        yield from dict.fromkeys(rule.rule for item in found.pathways for rule in item.rules)
