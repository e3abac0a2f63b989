"""Loading the pack, and one assessment of the example cases against plain Python."""

from __future__ import annotations

import tomllib
from itertools import cycle

from benchmarks.clock import in_turn
from benchmarks.material import DAY, examples, knowledge
from benchmarks.plain import plain
from benchmarks.table import Row
from benchmarks.terminal import ROOT
from ketatui.cases.model import Case
from ketatui.criteria.loading import load_pack
from ketatui.engine import Assessor, Knowledge, assess, compile_pack

ROUNDS = 40
_GROUP = "Engine"
_PLAIN = "the same rules as one plain Python function, verdicts only"


def comparable() -> list[Case]:
    """Return the examples without overrides, which plain Python knows nothing of."""
    cases = [case for _, case in examples()]
    return [case.replaced(decision=case.decision.replaced(overrides=())) for case in cases]


def check_plain(known: Knowledge, cases: list[Case]) -> None:
    """Make sure that plain Python comes to the engine's verdicts: else it measures nothing."""
    verdicts = plain(known, DAY)
    for case in cases:
        ours = {item.id: item.verdict for item in assess(known, case, DAY).pathways}
        assert verdicts(case) == ours, f"{case.id}: plain Python says {verdicts(case)}, not {ours}"


def measure() -> list[Row]:
    """Measure loading, compiling and assessing."""
    known = knowledge()
    pack, cases = known.pack, comparable()
    check_plain(known, cases)
    verdicts = plain(known, DAY)
    rows = []
    begun = [
        case.replaced(answers={name: case.answers[name] for name in sorted(case.answers)[::6]})
        for case in cases
    ]
    check_plain(known, begun)
    for name, what, changes, cases_of in (
        ("engine.key", "one assessment", False, cases),
        ("engine.full", "the same with what would lift each verdict", True, cases),
        ("engine.begun", "the same, a sixth of the answers given", True, begun),
    ):
        ours, theirs = [], []
        for case in cases_of:
            mine, plainly = in_turn(
                lambda case=case, changes=changes: assess(  # type: ignore[misc]
                    known, case, DAY, with_changes=changes
                ),
                lambda case=case: verdicts(case),  # type: ignore[misc]
                ROUNDS,
            )
            ours += mine
            theirs += plainly
        aim, most = (3.0, 0.4) if cases_of is begun else (10.0, 1.0)
        rows.append(Row(name, _GROUP, what, ours, _PLAIN, theirs, aim=aim, median_aim=most))
    rows.append(_another_answer(known, begun))
    texts = [path.read_text(encoding="utf-8") for path in sorted(pack.folder.rglob("*.toml"))]
    assert texts
    ours, theirs = in_turn(
        lambda: load_pack(ROOT / "criteria"),
        lambda: [tomllib.loads(text) for text in texts],
        10,
    )
    rows.append(
        Row("engine.load", _GROUP, "read and check the pack", ours, "tomllib of its files", theirs)
    )
    ours, _ = in_turn(lambda: compile_pack(pack), lambda: None, 10)
    rows.append(Row("engine.compile", _GROUP, "compile the pack's expressions", ours))
    return rows


def _another_answer(known: Knowledge, cases: list[Case]) -> Row:
    """Measure what an answer costs in a consultation, which remembers the assessment before it."""
    verdicts = plain(known, DAY)
    ours, theirs = [], []
    for case in cases:
        assessor = Assessor(known)
        # One answer after the other is taken away and given back: no two in a row are the same.
        without = [
            case.replaced(answers={key: case.answers[key] for key in case.answers if key != left})
            for left in case.answers
        ]
        states = cycle([state for one in without for state in (one, case)])
        mine, plainly = in_turn(
            lambda assessor=assessor, states=states: assessor.assess(  # type: ignore[misc]
                next(states), DAY
            ),
            lambda case=case: verdicts(case),  # type: ignore[misc]
            ROUNDS,
        )
        ours += mine
        theirs += plainly
    what = "the same after another answer, as at a key press"
    return Row("engine.step", _GROUP, what, ours, _PLAIN, theirs, aim=10, median_aim=1)
