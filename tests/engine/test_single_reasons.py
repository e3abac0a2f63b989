"""What the decision table's witnesses do not tell apart: found by making the criteria wrong."""

from __future__ import annotations

import pytest

from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from tests.engine.clean import ON, PATHWAYS, PREGNANT, WOMAN, clean


@pytest.mark.parametrize(
    "changes",
    [{**PREGNANT, "labs.pregnancy_test": None}, {**WOMAN, "labs.pregnancy_test": "positive"}],
    ids=["said", "tested"],
)
def test_pregnancy_counts_whether_it_was_said_or_tested(
    knowledge: Knowledge, changes: dict[str, bool | int | str | None]
) -> None:
    found = assess(knowledge, clean(changes), ON, with_changes=False)
    for name in PATHWAYS:
        finding = found.pathway(name).finding("pregnancy")
        assert finding is not None, name
        assert finding.effect == "not_recommended"


def test_outside_the_indication_is_not_indicated_on_each_pathway_also_where_no_row_says_so_yet(
    pack: Pack,
) -> None:
    # On iv and im no row of the support table is "NI" today, so no case can show it.
    rule = pack.rules["indication"]
    assert dict(rule.effects) == dict.fromkeys(PATHWAYS, "not_indicated")
