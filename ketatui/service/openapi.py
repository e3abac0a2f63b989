"""The description of the service: OpenAPI 3.1, with the contract's models."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ketatui.service.calls import Calls
from ketatui.service.feedback import Feedback
from ketatui.service.hooks import REQUESTS
from ketatui.service.refusal import ProblemReport

_REF = "#/components/schemas/{model}"
BODIES = {hook: model.__name__ for hook, model in REQUESTS.items()}
"""What each hook is sent, by name."""


def body_of(name: str) -> dict[str, Any]:
    """Return what the description says of a body that is read as bytes."""
    schema = {"$ref": _REF.format(model=name)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def described(app: FastAPI, calls: Calls) -> bytes:
    """Return the description as JSON."""
    found = get_openapi(
        title=app.title, version=app.version, summary=app.summary, routes=app.routes
    )
    models: list[type[BaseModel]] = [calls.case_model, ProblemReport, Feedback, *REQUESTS.values()]
    _, schemas = models_json_schema([(item, "validation") for item in models], ref_template=_REF)
    components = found.setdefault("components", {})
    components["schemas"] = components.get("schemas", {}) | schemas["$defs"]
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "The token of the service."}
    }
    found["security"] = [{"token": []}]
    return json.dumps(found).encode("ascii")
