"""The rules as one plain function, which benchmarks measure against, equal the engine."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.engine import check_plain, comparable
from benchmarks.plain import plain
from ketatui.cases.model import Medication
from ketatui.engine import Knowledge, assess
from tests.effort import tries
from tests.engine.clean import CLEAN, ON
from tests.strategies import Thinned, shipped, thinned

MEDICINES = st.lists(
    st.sampled_from(["lorazepam", "sertraline 50 mg", "blue pills", "lithium"]), max_size=3
)


def test_plain_python_comes_to_the_verdicts_of_the_examples(knowledge: Knowledge) -> None:
    cases = comparable()
    assert cases
    check_plain(knowledge, cases)


@settings(max_examples=tries(30), deadline=None)
@given(drawn=thinned(CLEAN), names=MEDICINES)
def test_plain_python_comes_to_the_verdicts_of_any_case(drawn: Thinned, names: list[str]) -> None:
    case = drawn.less.replaced(medications=tuple(Medication(name=name) for name in names))
    found = {item.id: item.verdict for item in assess(shipped(), case, ON).pathways}
    assert PLAIN(case) == found


PLAIN = plain(shipped(), ON)
