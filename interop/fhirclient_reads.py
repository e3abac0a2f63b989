"""Reads a Bundle with SMART's fhirclient and prints what it writes again; run where that is.

Argument: a JSON file with a Bundle.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from fhirclient.models.bundle import Bundle


def main() -> None:
    """Print each resource as fhirclient writes it, or why it refuses the whole."""
    data = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print(json.dumps(Bundle(data, strict=True).as_json()))


if __name__ == "__main__":
    main()
