"""No Python names what a pack says: its questions, rules, pathways, scales, thresholds and sources.

What the program gives a meaning of its own stands in the two modules of vocabulary, and the names
of calculations wherever they are used. Ids that are ordinary words as well (``gate``, ``other``,
``medications``) cannot be told from them here; those of decisions have a role in the pack instead.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ketatui.course import vocabulary as of_visits
from ketatui.course.calculations import COURSE, SCORE
from ketatui.course.sessions import SESSION
from ketatui.criteria import vocabulary as of_screening
from ketatui.criteria.loading import load_pack
from tests.test_house import MODULES, PACKAGE

OWN = {Path(of_screening.__file__), Path(of_visits.__file__)}
CALCULATED = {*COURSE, *SCORE, *SESSION}
ALLOWED = {
    "cohort/sources.py": {"patient.age"},  # An example in a message.
    "commands/cases_options.py": {"vitals.systolic"},  # Examples in the help.
    "commands/cohort_options.py": {"spravato"},  # Likewise.
    "commands/criteria_options.py": {"derived.trd", "patient.age"},  # Likewise.
    "contract/schemas.py": {"courses.visits"},  # The key of a case file.
    "course/sessions.py": {  # Thresholds that a calculation compares with; a pack has to say so.
        "leave_window",
        "pressure_at_40_from",
        "pressure_at_40_to",
    },
    "records/conditions.py": {"icd-10-cm"},  # The code system, not the source of that name.
}
WORD = re.compile(r"[a-z0-9][a-z0-9_.-]*[a-z0-9]")


def ids() -> set[str]:
    """The ids of the pack that are no ordinary words."""
    pack = load_pack()
    course = pack.course
    told_apart = [
        *pack.questions, *pack.rules, *pack.derived, *pack.contradictions, *pack.consent,
        *pack.thresholds, *pack.sources, *pack.support, *pack.payers, *pack.drug_classes,
        *course.questions, *course.rules, *course.derived, *course.tables, *course.thresholds,
        *(item.id for item in course.schedule.errands),
        *(item.id for item in course.schedule.watch),
        *(option.code for question in pack.questions.values() for option in question.options),
    ]  # fmt: skip
    names = {name for name in told_apart if re.search(r"[._-]", name)}
    short = {*pack.pathways, *pack.instruments, *course.instruments, *course.bases} - {"other"}
    return (names | short) - CALCULATED


def texts(path: Path) -> Iterator[tuple[ast.Constant, str]]:
    """The texts of a module but for its docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node, node.value


def test_no_module_names_what_a_pack_says() -> None:
    known, found, met = ids(), [], set()
    for path in MODULES:
        if path in OWN:
            continue
        module = path.relative_to(PACKAGE).as_posix()
        if known.isdisjoint(WORD.findall(path.read_text("utf-8"))):
            continue  # Nothing to tell from a docstring.
        for node, text in texts(path):
            for word in known.intersection(WORD.findall(text)):
                if word in ALLOWED.get(module, ()):
                    met.add((module, word))
                else:
                    found.append(f"{module}:{node.lineno}: {word}")
    assert found == [], "it belongs in the pack, or in a module of vocabulary with its meaning"
    assert met == {(module, word) for module, words in ALLOWED.items() for word in words}


def test_what_has_a_meaning_of_its_own_is_in_the_pack_that_ships() -> None:
    pack = load_pack()
    course = pack.course
    screening = {*pack.questions, *pack.derived, *pack.thresholds, of_screening.NO_PAYER}
    visits = {*course.questions, *course.derived, *course.tables}
    for module, known in ((of_screening, screening), (of_visits, visits)):
        named = {value for key, value in vars(module).items() if key.isupper() and key != "TABLES"}
        assert named <= known
