"""What the service is asked, from bytes to bytes: the same in this process or in another."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case, Medication
from ketatui.cases.reading import lacks_answers, read_case
from ketatui.cases.remarks import remarks_data
from ketatui.cases.writing import write_case
from ketatui.contract.answers import with_answers
from ketatui.contract.case import Answered
from ketatui.contract.case import Case as CaseModel
from ketatui.course import CourseKnowledge, assess_visit, compile_course
from ketatui.criteria.loading import load_pack
from ketatui.criteria.problems import PackError
from ketatui.criteria.records import load_records
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.staleness import stale_data, without_stale
from ketatui.records import Proposals, Proposer, named, with_proposals
from ketatui.records.assumed import assumed
from ketatui.records.json_once import SaidTwiceError, decode_once
from ketatui.service.card_links import Doors, link_to_app
from ketatui.service.cards import Ground, order_card, patient_card, stopped_card
from ketatui.service.hooks import REQUESTS, Card, Cards, HookRequest, SelectRequest, SignContext
from ketatui.service.kept_drafts import LARGEST_DRAFT
from ketatui.service.orders import Order, read_orders
from ketatui.service.prefetched import Record, orders_in, record_of
from ketatui.service.refusal import Refusal
from ketatui.service.refused_words import said_of_fault

_PLACES = 20
"""Faults that are told at once."""


class Asked(NamedTuple):
    """One call.

    Attributes:
        what: A hook, ``assess`` or ``visit``.
        body: As it was sent.
        on: The day.
        doors: Ways into the app, for the links of cards.
        course: Which course of the case; the last one when None.
        visit: Which visit of it; the last one when None.
    """

    what: str
    body: bytes
    on: dt.date
    doors: Doors = Doors()
    course: str | None = None
    visit: int | None = None


class Reply(NamedTuple):
    """The answer to a call.

    Attributes:
        body: JSON.
        draft: The text of a draft case that a link in it opens; empty for none.
    """

    body: bytes
    draft: bytes = b""


class Calls:
    """Answers calls under one pack."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Prepare.

        Args:
            knowledge: The compiled pack.

        Raises:
            PackError: The pack does not say how a record is read.
        """
        self.knowledge = knowledge
        self.mapping = load_records(knowledge.pack)
        self.proposer = Proposer(knowledge, self.mapping)
        self.case_model = with_answers(CaseModel, knowledge.pack)

    @cached_property
    def course(self) -> CourseKnowledge:
        """The course of the pack, compiled when it is first asked for."""
        return compile_course(self.knowledge)

    def answer(self, asked: Asked) -> Reply:
        """Answer a call.

        Raises:
            Refusal: It gets no answer.
        """
        match asked.what:
            case "assess":
                return Reply(self._assess(asked))
            case "visit":
                return Reply(self._assess_visit(asked))
            case _:
                return self._cards(asked)

    def _assess(self, asked: Asked) -> bytes:
        read = self._case(asked.body)
        case, stale = (read, ()) if read.practice else without_stale(self.knowledge, read, asked.on)
        found = assess(self.knowledge, case, asked.on)
        data = found.replaced(case=case.id or case.label).to_data()
        data |= {"practice": True} if case.practice else {}
        data |= {"stale": stale_data(stale)} if stale else {}
        data |= remarks_data(read, self.knowledge.pack, asked.on)
        return json.dumps(data).encode("ascii")

    def _assess_visit(self, asked: Asked) -> bytes:
        case = self._case(asked.body)
        try:
            course = self.course
        except PackError:
            raise Refusal(422, "these criteria say nothing about a course of treatment") from None
        mine = [item for item in case.courses if asked.course in (None, item.id)]
        if not mine:
            named = ", ".join(item.id for item in case.courses) or "none"
            raise Refusal(422, f"there is no such course of treatment; allowed: {named}")
        chosen = mine[-1]
        visits = [item for item in chosen.in_order if asked.visit in (None, item.number)]
        if not visits:
            known = ", ".join(str(item.number) for item in chosen.in_order) or "none"
            raise Refusal(422, f"the course has no such visit; allowed: {known}")
        found = assess_visit(course, case, chosen, visits[-1], asked.on)
        data = found.replaced(case=case.id or case.label).to_data()
        data |= {"practice": True} if case.practice else {}
        data |= remarks_data(case, self.knowledge.pack, asked.on)
        return json.dumps(data).encode("ascii")

    def _case(self, body: bytes) -> Case:
        model = validated(self.case_model, body, days=True)
        assert isinstance(model, Answered)
        tables = _exact(model.model_dump(by_alias=True, exclude_unset=True, exclude_none=True))
        if lacks_answers(tables):
            # A case wrapped in something else would be assessed as one of which nothing is known.
            said = "is missing: this is no case; allowed: an object a section, like patient"
            raise Refusal(422, "the case cannot be used", [("answers", said)])
        try:
            return read_case("", path="case", pack=self.knowledge.pack, parsed=tables)
        except CaseError as error:
            problems = [(item.where, item.message) for item in error.problems]
            raise Refusal(422, "the case cannot be used", problems) from None

    def _cards(self, asked: Asked) -> Reply:
        model = validated(REQUESTS[asked.what], asked.body)
        assert isinstance(model, HookRequest)
        context = model.context
        drafts = context.draftOrders if isinstance(context, SignContext) else None
        server = model.fhirServer or ""
        record = record_of(self.proposer, context.patientId, model.prefetch, drafts, server)
        orders = self._orders(model, record)
        cards, draft = self._said(asked, model, record, orders)
        body = Cards(cards=cards).model_dump_json(exclude_none=True)
        return Reply(body.encode("utf-8"), draft)

    def _orders(self, model: HookRequest, record: Record) -> tuple[Order, ...]:
        named = {**record.subject.named, **{item.key: item for item in record.drafts}}
        wanted = orders_in(record.drafts)
        if isinstance(model, SelectRequest):
            chosen = set(model.context.selections)
            missing = chosen - {item.key for item in record.drafts}
            if missing or not chosen:
                raise Refusal(422, "context.selections: names no order of context.draftOrders")
            wanted = tuple(item for item in wanted if item.key in chosen)
        return read_orders(self.knowledge.medicines, self.mapping, wanted, named)

    def _said(
        self, asked: Asked, model: HookRequest, record: Record, orders: tuple[Order, ...]
    ) -> tuple[list[Card], bytes]:
        to_say = [item for item in orders if item.concerns is not False]
        viewed = asked.what == "patient-view"
        if not (to_say or viewed):
            # Every order is known to be of something else.
            return [], b""
        found = self.proposer.propose(record.subject, asked.on)
        found = named(found, record.subject, to_ask=True)
        draft = self._draft(asked, model, found)
        app = link_to_app(asked.doors, model, kept=bool(draft))
        ground = self._ground(asked, model, record, orders, found).replaced(app=app)
        if _is_stopped(found, record):
            return [stopped_card(ground)], draft
        if viewed:
            return [patient_card(ground)], draft
        return [order_card(ground, item) for item in to_say], draft

    def _draft(self, asked: Asked, model: HookRequest, found: Proposals) -> bytes:
        """Return what a card's link is to open; empty where it opens something else."""
        if not (asked.doors.draft and found.proposed) or asked.doors.launched_by(model):
            return b""
        text = write_case(with_proposals(Case(), found, asked.on), self.knowledge.pack).encode()
        return text if len(text) <= LARGEST_DRAFT else b""

    def _ground(
        self,
        asked: Asked,
        model: HookRequest,
        record: Record,
        orders: tuple[Order, ...],
        found: Proposals,
    ) -> Ground:
        case = assumed(Case(), found)
        # What is ordered beside it will be taken with it.
        beside = tuple(Medication(name=item.name) for item in orders if item.concerns is False)
        case = case.replaced(medications=case.medications + beside)
        assessment = assess(self.knowledge, case, asked.on, with_changes=False)
        return Ground(self.knowledge.pack, assessment, found, record.gaps, model.hookInstance)


def validated(model: type[BaseModel], body: bytes, *, days: bool = False) -> BaseModel:
    """Read a body as a model has it; ``days`` says whether it may hold dates.

    Raises:
        Refusal: It is no JSON, or not as the model has it.
    """
    data = parse(body)
    try:
        return model.model_validate_json(body) if days else model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        problems = [
            (".".join(map(str, item["loc"])), said_of_fault(item)) for item in found[:_PLACES]
        ]
        raise Refusal(422, "not as this call takes it", problems) from None
    except RecursionError:
        raise Refusal(400, "nested too deeply") from None


def _exact(value: Any) -> Any:
    """Return what a model holds with its numbers as a case file has them."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    return [_exact(item) for item in value] if isinstance(value, list) else value


def parse(body: bytes) -> Any:
    """Read JSON, numbers exactly as they are written.

    Raises:
        Refusal: It is none, or an object in it says a thing twice.
    """
    try:
        return decode_once(body)
    except SaidTwiceError as error:
        raise Refusal(400, str(error)) from None
    except RecursionError:
        raise Refusal(400, "nested too deeply") from None
    except ValueError:
        raise Refusal(400, "the body is no JSON in UTF-8") from None


def _is_stopped(found: Proposals, record: Record) -> bool:
    """Tell whether the patient resource itself forbids to say anything."""
    return not found.proposed and [item.resource for item in found.not_used] == [record.subject.key]


def load_calls(criteria: Path | None, policy: Path | None) -> Calls:
    """Load the criteria.

    Raises:
        PackError: They cannot be used.
    """
    return Calls(compile_pack(load_pack(criteria, policy)))
