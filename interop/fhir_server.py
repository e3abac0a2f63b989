"""A FHIR server of somebody else on this machine, and two clients of others that read from it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from interop.node import PLACE, node, run_node

Json = dict[str, Any]
_SECONDS = 120
_PYTHON = PLACE.parent / ".venv-interop" / "bin" / "python"
_READER = Path(__file__).with_name("fhirclient_reads.py")
_OF_THE_SERVER = ("versionId", "lastUpdated", "author")
"""What a server adds to ``meta``."""


@contextmanager
def fhir_server() -> Iterator[str]:
    """Run Medplum's router over HTTP; yield its address."""
    with node("server.mjs") as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


def get(address: str, headers: Mapping[str, str] | None = None) -> Any:
    """Read JSON from an address."""
    with urlopen(Request(address, headers=dict(headers or {})), timeout=_SECONDS) as answer:
        return json.load(answer)


def post(address: str, body: bytes, headers: Mapping[str, str] | None = None) -> Any:
    """Send JSON to an address, and read the answer."""
    told = {"Content-Type": "application/json", **(headers or {})}
    with urlopen(Request(address, body, told, method="POST"), timeout=_SECONDS) as answer:
        return json.load(answer)


def load(address: str, bundle: Json) -> list[str]:
    """Load a transaction; return what each entry is called there.

    Raises:
        ValueError: Something of it was not taken.
    """
    answer = post(f"{address}/", json.dumps(bundle).encode())
    said = [entry["response"] for entry in answer.get("entry", ())]
    refused = [item for item in said if not item["status"].startswith("20")]
    if refused or len(said) != len(bundle["entry"]):
        raise ValueError(f"{len(bundle['entry'])} entries were sent: {json.dumps(refused)[:300]}")
    return [_called(entry) for entry in answer["entry"]]


def _called(entry: Json) -> str:
    resource = entry.get("resource")
    if resource:
        return f"{resource['resourceType']}/{resource['id']}"
    return "/".join(entry["response"]["location"].split("/")[-4:][:2])


def by_fhirclient(address: str, names: list[str]) -> list[Json]:
    """Read resources by SMART's fhirclient, in Python."""
    command = [str(_PYTHON), str(_READER), address, *names]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=_SECONDS)
    found: list[Json] = json.loads(done.stdout)
    return found


def by_medplum(address: str, names: list[str]) -> list[Json]:
    """Read resources by @medplum/core, in JavaScript."""
    found: list[Json] = run_node("medplum_reads.mjs", address, *names)
    return found


CLIENTS = {"fhirclient": by_fhirclient, "@medplum/core": by_medplum}


def as_sent(resource: Json) -> Json:
    """Return a resource without what a server adds to it."""
    meta = {key: value for key, value in resource["meta"].items() if key not in _OF_THE_SERVER}
    return resource | {"meta": meta}


def resolved(bundle: Json) -> list[Json]:
    """Return the resources of a transaction as a server has to hold them: references by name."""
    names = {
        entry["fullUrl"]: f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        for entry in bundle["entry"]
    }

    def named(value: Any) -> Any:
        if isinstance(value, list):
            return [named(item) for item in value]
        if isinstance(value, dict):
            return {key: named(item) for key, item in value.items()}
        return names.get(value, value) if isinstance(value, str) else value

    return [named(entry["resource"]) for entry in bundle["entry"]]
