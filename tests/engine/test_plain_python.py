"""The rules as one plain function, which benchmarks measure against, equal the engine."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.engine import check_plain, comparable
from benchmarks.plain import plain
from ketatui.cases.model import Medication
from ketatui.cql import Value
from ketatui.criteria.models import Derived
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.calculations import Calculation, Working
from ketatui.engine.compiling import SCREENING
from tests.effort import tries
from tests.engine.clean import CLEAN, ON, clean
from tests.further import INFUSIONS, with_infusions
from tests.strategies import Thinned, shipped, thinned

MEDICINES = st.lists(
    st.sampled_from(["lorazepam", "sertraline 50 mg", "blue pills", "lithium"]), max_size=3
)


def test_plain_python_comes_to_the_verdicts_of_the_examples(knowledge: Knowledge) -> None:
    cases = comparable()
    assert cases
    check_plain(knowledge, cases)


def test_a_calculation_that_is_not_written_out_is_the_engines_own(pack: Pack) -> None:
    def half(working: Working, _: Derived) -> tuple[Value, tuple[str, ...]]:
        age = working.values["patient.age"]
        return (age // 2, ()) if isinstance(age, int) else (None, ("patient.age",))

    changed = with_infusions(pack)
    fact = Derived(id="derived.half", title="Half the age", kind="int", calculation="half")
    rule = changed.rules["infusions-elsewhere"].replaced(
        when="derived.half > 20 and derived.infusions > 1", effects={"iv": "contraindicated"}
    )
    changed = changed.replaced(
        derived={**changed.derived, fact.id: fact}, rules={**changed.rules, rule.id: rule}
    )
    own = Calculation("half", lambda _: ("patient.age",), half)
    knowledge = compile_pack(changed, (*SCREENING, own))
    verdicts = plain(knowledge, ON)
    for age, rows, verdict in ((42, 2, "contraindicated"), (41, 2, "fits"), (42, 1, "fits")):
        case = clean({"patient.age": age}).replaced(tables={INFUSIONS: ({"clinic": "a"},) * rows})
        found = {item.id: item.verdict for item in assess(knowledge, case, ON).pathways}
        assert verdicts(case) == found
        assert found["iv"] == verdict, (age, rows)


@settings(max_examples=tries(30), deadline=None)
@given(drawn=thinned(CLEAN), names=MEDICINES)
def test_plain_python_comes_to_the_verdicts_of_any_case(drawn: Thinned, names: list[str]) -> None:
    case = drawn.less.replaced(medications=tuple(Medication(name=name) for name in names))
    found = {item.id: item.verdict for item in assess(shipped(), case, ON).pathways}
    assert PLAIN(case) == found


PLAIN = plain(shipped(), ON)
