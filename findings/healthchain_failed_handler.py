"""HealthChain answers "no guidance" when the code behind a CDS Hooks service fails.

CDS Hooks has status codes of HTTP for failures; status 200 with an empty list of cards says that
the service has nothing to say about this patient. A handler that raises gives just that, and so
does one that raises FastAPI's HTTPException: a record system cannot tell either from a handler that
found nothing. A handler has to catch whatever it raises, and answer with a card that says so.
"""

from __future__ import annotations

import io
import logging
from contextlib import redirect_stderr
from typing import Any

from finding import python_package, report

PINNED = "healthchain==0.16.1"
AS_FOUND = {
    "a handler that raises KeyError": (200, {"cards": []}),
    "a handler that raises HTTPException(503)": (200, {"cards": []}),
    "a handler that has nothing to say": (200, {"cards": []}),
}
CALL = {
    "hook": "patient-view",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/example", "patientId": "example"},
}


def answers() -> dict[str, Any]:
    from fastapi import HTTPException
    from fastapi.testclient import TestClient
    from healthchain.gateway import CDSHooksService, HealthChainAPI
    from healthchain.models import CDSRequest, CDSResponse

    hooks = CDSHooksService()

    @hooks.hook("patient-view", id="raises")
    def raises(request: CDSRequest) -> CDSResponse:
        raise KeyError("the database is away")

    @hooks.hook("patient-view", id="refuses")
    def refuses(request: CDSRequest) -> CDSResponse:
        raise HTTPException(503)

    @hooks.hook("patient-view", id="silent")
    def silent(request: CDSRequest) -> CDSResponse:
        return CDSResponse(cards=[])

    app = HealthChainAPI()
    app.register_service(hooks)
    client = TestClient(app, raise_server_exceptions=False)
    said = [
        client.post(f"/cds/cds-services/{name}", json=CALL)
        for name in ("raises", "refuses", "silent")
    ]
    return dict(zip(AS_FOUND, ((item.status_code, item.json()) for item in said), strict=True))


if __name__ == "__main__":
    with python_package(PINNED), redirect_stderr(io.StringIO()):
        logging.disable()
        found = answers()
    report(PINNED, found, AS_FOUND)
