"""The service: its addresses, and what each takes and gives."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response

import ketatui
from ketatui.contract.assessment import Assessment, VisitAssessment
from ketatui.contract.base import Day
from ketatui.service.browser import CARD, LAUNCH, Browser
from ketatui.service.calls import Asked, Calls, validated
from ketatui.service.card_links import Doors
from ketatui.service.clients import Clients
from ketatui.service.drafting import CardDrafts
from ketatui.service.feedback import Feedback, FeedbackFile, Kept
from ketatui.service.gate import Gate
from ketatui.service.hooks import Cards, HookName, Service, Services
from ketatui.service.kept_drafts import KeptDrafts
from ketatui.service.launches import Launches
from ketatui.service.openapi import BODIES, body_of, described
from ketatui.service.prefetched import templates
from ketatui.service.refusal import PROBLEM, Refusal
from ketatui.service.replies import read_body, reply, take_refusals
from ketatui.service.settings import Settings
from ketatui.service.visitors import Visitors
from ketatui.service.workers import Workers

_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/ProblemReport"}}}}
    for code in (400, 401, 403, 404, 412, 413, 415, 422, 500, 503)
}
_HOOKS: dict[HookName, tuple[str, str]] = {
    "patient-view": (
        "Ketamine and esketamine: criteria for this patient",
        "What the record says for and against each pathway, and what has to be asked.",
    ),
    "order-select": (
        "Ketamine and esketamine: criteria for a chosen order",
        "What speaks against a chosen order of ketamine or esketamine, and what is missing.",
    ),
    "order-sign": (
        "Ketamine and esketamine: criteria before signing",
        "What speaks against an order of ketamine or esketamine, and what is missing.",
    ),
}

_TIDY = 30.0
"""Seconds between two looks whether something kept is too old."""

On = Annotated[Day | None, Query(description="The day to assess for; today where not given.")]
Today = Callable[[], dt.date]


def service_id(hook: str) -> str:
    """Return the id of the service of a hook."""
    return f"ketatui-{hook}"


class Endpoints:
    """What the addresses do."""

    def __init__(
        self, settings: Settings, calls: Calls, gate: Gate, drafts: KeptDrafts | None, today: Today
    ) -> None:
        """Prepare.

        Args:
            settings: How the service is run.
            calls: Answers calls.
            gate: Lets them in.
            drafts: Keeps what calls propose, to be opened by their cards; None keeps nothing.
            today: Tells the day.
        """
        self.drafts = drafts
        self.settings, self.calls, self.gate, self.today = settings, calls, gate, today
        self.workers = Workers(calls, settings.workers, settings.criteria, settings.policy)
        self.feedback = (
            FeedbackFile(settings.feedback, lambda: dt.datetime.now(dt.UTC))
            if settings.feedback
            else None
        )
        self.doors = _doors(settings)

    def router(self) -> APIRouter:
        """Return the addresses, each with its check before anything is read."""
        plain = APIRouter(dependencies=[Depends(self._token)], responses=_REFUSALS)
        self._add_assessments(plain)
        hooks = APIRouter(
            prefix="/cds-services", dependencies=[Depends(self._hook)], responses=_REFUSALS
        )
        self._add_hooks(hooks)
        whole = APIRouter()
        whole.include_router(plain)
        whole.include_router(hooks)
        return whole

    async def _token(self, request: Request) -> None:
        self.gate.check(request)

    async def _hook(self, request: Request) -> None:
        self.gate.check(request, hooks=True)

    def _add_assessments(self, router: APIRouter) -> None:
        @router.post(
            "/assess",
            operation_id="assess",
            summary="Assess a case",
            response_model=Assessment,
            openapi_extra=body_of("Case"),
        )
        async def assess(body: Annotated[bytes, Depends(read_body)], on: On = None) -> Response:
            return await self._answer(Asked("assess", body, on or self.today()))

        @router.post(
            "/visits/assess",
            operation_id="assessVisit",
            summary="Assess a visit of a course of treatment",
            response_model=VisitAssessment,
            openapi_extra=body_of("Case"),
        )
        async def assess_visit(
            body: Annotated[bytes, Depends(read_body)],
            on: On = None,
            course: Annotated[str | None, Query(description="Its id; the last one.")] = None,
            visit: Annotated[
                int | None, Query(ge=1, le=10_000, description="Its number; the last one.")
            ] = None,
        ) -> Response:
            asked = Asked("visit", body, on or self.today(), course=course, visit=visit)
            return await self._answer(asked)

        @router.get("/openapi.json", include_in_schema=False)
        async def openapi(request: Request) -> Response:
            return reply(described(request.app, self.calls))

    def _add_hooks(self, router: APIRouter) -> None:
        @router.get(
            "", operation_id="discover", summary="Services of CDS Hooks", response_model=Services
        )
        async def discover() -> Response:
            return reply(self.services().model_dump_json().encode())

        for hook in _HOOKS:
            self._add_hook(router, hook)
            self._add_feedback(router, hook)

    def _add_feedback(self, router: APIRouter, hook: HookName) -> None:
        @router.post(
            f"/{service_id(hook)}/feedback",
            operation_id=f"{hook}-feedback",
            summary="What became of cards",
            response_model=Kept,
            openapi_extra=body_of(Feedback.__name__),
        )
        async def take(body: Annotated[bytes, Depends(read_body)]) -> Response:
            if self.feedback is None:
                raise Refusal(404, "feedback is not kept here: ketatui serve --feedback FILE")
            said = validated(Feedback, body)
            assert isinstance(said, Feedback)
            kept = self.feedback.keep(service_id(hook), said)
            return reply(Kept(kept=kept).model_dump_json().encode())

    def _add_hook(self, router: APIRouter, hook: HookName) -> None:
        @router.post(
            f"/{service_id(hook)}",
            operation_id=hook,
            summary=_HOOKS[hook][0],
            response_model=Cards,
            openapi_extra=body_of(BODIES[hook]),
        )
        async def call(body: Annotated[bytes, Depends(read_body)]) -> Response:
            if self.drafts is None:
                return await self._answer(Asked(hook, body, self.today(), self.doors))
            key = self.drafts.new_key()
            doors = self.doors._replace(draft=f"{self.settings.public}{CARD}?key={key}")
            answered = await self.workers.answer(Asked(hook, body, self.today(), doors))
            if answered.draft:
                self.drafts.keep(key, answered.draft)
            return reply(answered.body)

    def services(self) -> Services:
        """Return what discovery says."""
        pack, mapping = self.calls.knowledge.pack, self.calls.mapping
        return Services(
            services=[
                Service(
                    id=service_id(hook),
                    hook=hook,
                    title=title,
                    description=description,
                    prefetch=templates(pack, mapping),
                )
                for hook, (title, description) in _HOOKS.items()
            ]
        )

    async def _answer(self, asked: Asked) -> Response:
        return reply((await self.workers.answer(asked)).body)


async def _forget_old(drafts: KeptDrafts) -> None:
    """Let go of what is too old, also while nobody calls."""
    while True:
        await asyncio.sleep(_TIDY)
        drafts.forget_old()


def _doors(settings: Settings) -> Doors:
    if not settings.browser:
        return Doors()
    launch = f"{settings.public}{LAUNCH}" if settings.record_server else ""
    return Doors(f"{settings.public}/app", launch, settings.record_server)


def make_service(
    settings: Settings,
    calls: Calls,
    clients: Clients | None = None,
    *,
    today: Today = dt.date.today,
    say: Callable[[str], None] = lambda _: None,
) -> FastAPI:
    """Put the service together.

    Args:
        settings: How it is run.
        calls: Answers calls.
        clients: Clients of CDS Hooks whose signatures are taken.
        today: Tells the day.
        say: Is told, once it is ready, the link that opens the app; empty where it is not shown.
    """
    gate = Gate(settings, clients)
    drafts = KeptDrafts() if settings.open_cards and settings.browser else None
    endpoints = Endpoints(settings, calls, gate, drafts, today)
    visitors = Visitors(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tidying = asyncio.create_task(_forget_old(drafts)) if drafts is not None else None
        say(visitors.link() if settings.browser else "")
        yield
        if tidying is not None:
            tidying.cancel()
        endpoints.workers.stop()

    app = FastAPI(
        title="KetaTUI",
        version=ketatui.__version__,
        summary=calls.knowledge.pack.info.title,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,
    )
    app.include_router(endpoints.router())
    if settings.browser:
        launches = Launches(settings, calls, today) if settings.record_server else None
        pack = calls.knowledge.pack
        opened = CardDrafts(drafts, pack) if drafts is not None else None
        Browser(settings, gate, visitors, launches, opened).add_to(app)
    take_refusals(app)
    return app
