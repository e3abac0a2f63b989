"""``ketatui criteria check``: everything that is wrong with a pack, with file and line."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from ketatui.commands.inputs import Unusable, full, problem_lines, say_errors
from ketatui.course.going_home import check_going_home
from ketatui.course.knowledge import compile_course, read_by_calculations
from ketatui.course.reachability import check_visit_rules
from ketatui.course.worksheet import check_worksheet
from ketatui.criteria.checking import check_pack, ordered
from ketatui.criteria.course import has_course
from ketatui.criteria.course_checking import check_course_pack
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.criteria.palette import check_palette
from ketatui.criteria.patient_page import check_patient_page
from ketatui.criteria.problems import PackError, Problem
from ketatui.criteria.records import check_records
from ketatui.criteria.site import check_site
from ketatui.engine import compile_pack
from ketatui.engine.compiling import calculated
from ketatui.engine.reachability import check_reachability
from ketatui.printable import printable
from ketatui.privacy.checking import check_identifiers


def run(args: argparse.Namespace) -> int:
    """Check; print the problems, or one line saying that there are none.

    Returns:
        0 without problems, 1 with.

    Raises:
        Unusable: There is no such folder.
    """
    folder = args.folder or args.criteria or default_folder()
    if not folder.is_dir():
        what = "not a folder" if folder.exists() else "no such folder"
        raise Unusable(f"{folder}: {what}; criteria check takes the folder of a pack")
    if args.policy is not None and not args.policy.is_file():
        raise Unusable(f"{args.policy}: no such policy file")
    pack, problems, warnings = _found(folder, args.policy, args.on or dt.date.today())
    say_errors(f"warning: {line}" for line in problem_lines(warnings, folder, args.policy))
    for line in problem_lines(ordered(problems), folder, args.policy):
        print(printable(line))
    if problems or pack is None:
        return 1
    print(
        f"ok: {len(pack.questions)} questions, {len(pack.rules)} rules, "
        f"{len(pack.sources)} sources, {len(pack.pathways)} pathways, "
        f"{len(pack.payers)} payers ({pack.info.id} {pack.info.version})"
    )
    if has_course(pack):
        course = pack.course
        print(
            f"ok: {len(course.questions)} questions of a visit, {len(course.rules)} rules, "
            f"{len(course.instruments)} scales ({course.info.id} {course.info.version})"
        )
    return 0


def _found(
    folder: Path, policy: Path | None, on: dt.date
) -> tuple[Pack | None, list[Problem], list[Problem]]:
    try:
        pack = load_pack(folder, full(policy))
    except PackError as error:
        return None, list(error.problems), []
    leans_on = calculated(pack)
    found = check_pack(pack, on, reads=leans_on.reads, compares=leans_on.thresholds)
    problems = [*found.problems, *check_identifiers(pack), *check_records(pack)]
    problems += [*check_palette(pack), *check_patient_page(pack), *check_site(pack)]
    warnings = list(found.warnings)
    try:
        if has_course(pack):
            problems += check_course_pack(pack, read=read_by_calculations(pack.course))
        knowledge = compile_pack(pack)
        problems += check_reachability(knowledge)
        if has_course(pack):
            compiled = compile_course(knowledge)
            problems += check_visit_rules(compiled)
            problems += [*check_worksheet(compiled), *check_going_home(compiled)]
    except PackError as error:
        # A line of the names that is wrong has been told of by then, with its place.
        told = {(problem.where, problem.message) for problem in problems}
        problems += [one for one in error.problems if (one.where, one.message) not in told]
    return pack, problems, warnings
