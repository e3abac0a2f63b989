#!/usr/bin/env bash
# HealthChain answers "no guidance" when the code behind a CDS Hooks service fails.
#
# Expected: CDS Hooks has status codes of HTTP for failures (2.0, "HTTP Status Codes"); status 200
# with an empty list of cards says that the service has nothing to say about this patient.
# Seen: a handler that raises gives just that, and so does one that raises FastAPI's HTTPException.
# So: a record system cannot tell a broken service from one that found nothing. A handler has to catch
# whatever it raises, and answer with a card that says so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m pip --disable-pip-version-check install --quiet --target "$folder" healthchain==0.16.1
PYTHONPATH="$folder" python3 - >"$folder/seen.txt" 2>/dev/null <<'CODE'
import logging

from fastapi import HTTPException
from fastapi.testclient import TestClient
from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.models import CDSRequest, CDSResponse

logging.disable()
hooks = CDSHooksService()


@hooks.hook("patient-view", id="raises-key-error")
def raises(request: CDSRequest) -> CDSResponse:
    raise KeyError("the database is away")


@hooks.hook("patient-view", id="raises-http-503")
def refuses(request: CDSRequest) -> CDSResponse:
    raise HTTPException(503)


@hooks.hook("patient-view", id="has-nothing-to-say")
def silent(request: CDSRequest) -> CDSResponse:
    return CDSResponse(cards=[])


app = HealthChainAPI()
app.register_service(hooks)
client = TestClient(app, raise_server_exceptions=False)
call = {
    "hook": "patient-view",
    "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
    "context": {"userId": "Practitioner/example", "patientId": "example"},
}
for name in ("raises-key-error", "raises-http-503", "has-nothing-to-say"):
    said = client.post(f"/cds/cds-services/{name}", json=call)
    print(name, "->", said.status_code, said.json())
CODE

echo "healthchain==0.16.1"
cat "$folder/seen.txt"
diff - "$folder/seen.txt" <<'FOUND' || { echo "It behaves otherwise now: look at the finding again." >&2; exit 1; }
raises-key-error -> 200 {'cards': []}
raises-http-503 -> 200 {'cards': []}
has-nothing-to-say -> 200 {'cards': []}
FOUND
