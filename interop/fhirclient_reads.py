"""Reads with SMART's fhirclient and prints what it writes again; run where that is.

Arguments: a JSON file with a Bundle; or the address of a server and names (``Patient/1``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fhirclient.models import fhirelementfactory
from fhirclient.models.bundle import Bundle
from fhirclient.server import FHIRServer


def main() -> None:
    """Print each resource as fhirclient writes it, or why it refuses the whole."""
    given, *names = sys.argv[1:]
    if not names:
        data = json.loads(Path(given).read_text("utf-8"))
        print(json.dumps(Bundle(data, strict=True).as_json()))
        return
    server = FHIRServer(None, f"{given}/")
    found = []
    for name in names:
        kind, _, ident = name.partition("/")
        model = type(fhirelementfactory.FHIRElementFactory.instantiate(kind, None))
        found.append(model.read(ident, server).as_json())
    print(json.dumps(found))


if __name__ == "__main__":
    main()
