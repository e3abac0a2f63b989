"""What an earlier revision changed under the consent is told when the case is opened again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ketatui.cases.model import Case, Consent, ConsentMark, Medication, Revision
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import MarkConsent, SetAnswer
from ketatui.consultation.reach import overtaken_items
from ketatui.criteria.models import ConsentItem
from ketatui.engine import Knowledge

AT = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)


def item_about(knowledge: Knowledge, ident: str) -> ConsentItem:
    return next(item for item in knowledge.pack.consent.values() if ident in item.about)


def opened(knowledge: Knowledge, item: ConsentItem, *saves: list[dict[str, Any]]) -> Consultation:
    """A case in which an item was ticked before its first save, and what later saves changed."""
    revisions = tuple(
        Revision(number=number, at=AT, changes=tuple(changes))
        for number, changes in enumerate(([], *saves), start=1)
    )
    case = Case(
        answers={"indication.diagnosis": "mdd"},
        medications=(Medication(name="lithium"),),
        consent=Consent(items={item.id: ConsentMark(discussed_at=AT)}),
        revisions=revisions,
    )
    return Consultation(knowledge, case, today=dt.date.today)


DIAGNOSIS = {"what": "answers.indication.diagnosis", "old": "bipolar", "new": "mdd"}


def test_an_answer_that_an_earlier_revision_changed_is_talked_about_again(
    knowledge: Knowledge,
) -> None:
    item = item_about(knowledge, "indication.diagnosis")
    assert overtaken_items(opened(knowledge, item), (item,)) == ()
    consultation = opened(knowledge, item, [DIAGNOSIS], [{"what": "state", "new": "amended"}])
    assert overtaken_items(consultation, (item,)) == (item,)
    mark = ConsentMark(discussed_at=AT + dt.timedelta(days=1))
    consultation.do(MarkConsent(item=item.id, mark=mark))
    assert overtaken_items(consultation, (item,)) == ()
    consultation.do(SetAnswer(question="indication.diagnosis", value="bipolar"))
    assert overtaken_items(consultation, (item,)) == (item,)


@pytest.mark.parametrize(
    ("saves", "told"),
    [
        ([[DIAGNOSIS, {"what": 'consent.items."{}".discussed_at', "new": AT}]], False),
        ([[{"what": 'consent.items."{}".discussed_at', "new": AT}], [DIAGNOSIS]], True),
        ([[{**DIAGNOSIS, "old": "mdd", "new": "bipolar"}], [DIAGNOSIS]], False),
        ([[{"what": "answers.vitals.systolic", "old": 150, "new": 120}]], False),
        ([[{"what": "unknown", "old": ["indication.diagnosis"], "new": []}]], True),
        ([[{"what": "unknown", "old": ["labs.ecg"], "new": []}]], False),
    ],
)
def test_only_what_came_after_it_was_talked_about_counts(
    saves: list[list[dict[str, Any]]], told: bool, knowledge: Knowledge
) -> None:
    item = item_about(knowledge, "indication.diagnosis")
    named = [
        [{**change, "what": change["what"].replace("{}", item.id)} for change in changes]
        for changes in saves
    ]
    assert bool(overtaken_items(opened(knowledge, item, *named), (item,))) is told


def test_a_list_of_medicines_that_was_changed_since_is_talked_about_again(
    knowledge: Knowledge,
) -> None:
    item = item_about(knowledge, "medications")
    changed = [{"what": "medications[0].dose", "old": "300 mg", "new": "600 mg"}]
    assert overtaken_items(opened(knowledge, item, changed), (item,)) == (item,)
