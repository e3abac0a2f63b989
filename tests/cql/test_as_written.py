"""An expression is worth what its operators, taken one by one, make of it."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ketatui.cql import PartialList, Value, logic
from ketatui.cql.syntax import (
    Between,
    Binary,
    Is,
    ListOf,
    Literal,
    Name,
    Node,
    Round,
    Threshold,
    Unary,
    names,
    walk,
)
from tests.cql.support import SCOPE, compiled
from tests.cql.test_random_expressions import FACTS, code, condition, number
from tests.effort import tries

LOGIC = {"and": logic.and_, "or": logic.or_, "xor": logic.xor_, "implies": logic.implies_}

PARTIAL = st.sets(st.sampled_from(["opioid", "alcohol"])).map(lambda found: PartialList(found))
KNOWN = st.builds(
    lambda facts, classes: {**facts, **({} if classes is None else {"classes": classes})},
    FACTS,
    st.none() | PARTIAL,
)
LEAVES = st.one_of(
    condition,
    st.builds("{} is {}".format, condition, st.sampled_from(["null", "not null", "true"])),
    st.builds("x {} threshold.limit".format, st.sampled_from(["<", ">=", "="])),
    st.builds("x between {} and {}".format, number, number),
    st.builds("{} in {{'red', 'green'}}".format, code),
    st.just("color in {}"),
    st.just("'opioid' in classes"),
    st.just("Round(x / 3, 1) > y"),
)
JOINED = st.recursive(
    LEAVES.map("({})".format),
    lambda inner: st.lists(inner, min_size=2, max_size=4).flatmap(
        lambda parts: st.sampled_from([" or ", " and "]).map(lambda op: f"({op.join(parts)})")
    ),
    max_leaves=6,
)


def one_by_one(node: Node, facts: dict[str, Value]) -> Value:
    match node:
        case Literal():
            return node.value
        case Name():
            return facts.get(node.id)
        case Threshold():
            return SCOPE.thresholds[node.name]
        case ListOf():
            return tuple(one_by_one(item, facts) for item in node.items)  # type: ignore[misc]
        case Unary():
            inner = one_by_one(node.operand, facts)
            return logic.not_(inner) if node.op == "not" else logic.arithmetic(node.op, 0, inner)
        case Is():
            return (one_by_one(node.operand, facts) is node.what) is not node.negated
        case Round():
            return logic.rounded(one_by_one(node.operand, facts), node.digits)
        case Between():
            value = one_by_one(node.operand, facts)
            low, high = one_by_one(node.low, facts), one_by_one(node.high, facts)
            return logic.and_(logic.compare(">=", value, low), logic.compare("<=", value, high))
        case Binary(op=op):
            left, right = one_by_one(node.left, facts), one_by_one(node.right, facts)
            if op in LOGIC:
                return LOGIC[op](left, right)
            if op in ("in", "contains"):
                value, items = (left, right) if op == "in" else (right, left)
                return logic.among(value, items)  # type: ignore[arg-type]
            return (
                logic.compare(op, left, right)
                if op in logic.ORDER
                else logic.arithmetic(op, left, right)
            )


@given(text=JOINED, facts=KNOWN)
@example(text="classes contains 'alcohol'", facts={"classes": PartialList(("opioid",))})
@example(text="color in {'red', null}", facts={"color": "blue"})
@example(text="color = null or p", facts={"color": "red", "p": False})
@example(text="p and (q and r) and not p", facts={"p": None, "q": True, "r": False})
@settings(max_examples=tries(120))
def test_a_compiled_expression_is_worth_what_its_operators_are(
    text: str, facts: dict[str, Value]
) -> None:
    found = compiled(text)
    assert repr(found.value(facts)) == repr(one_by_one(found.node, facts))
    assert found.reads == names(found.node)
    compared = [part.name for part in walk(found.node) if isinstance(part, Threshold)]
    assert found.thresholds == tuple(dict.fromkeys(compared))
    parts = [part.value(facts) for part in found.parts]
    assert repr(parts) == repr([one_by_one(part.node, facts) for part in found.parts])
