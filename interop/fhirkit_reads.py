"""Validates a JSON file with FHIR resources by fhirkit (Rust), and writes them again.

Argument: a JSON file with a list of resources. Prints a list: problems, and the resource as text.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import fhirkit


def main() -> None:
    """Print what fhirkit makes of each."""
    given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    found: list[dict[str, Any]] = []
    for text in given:
        read = fhirkit.parse(text)
        found.append({"problems": [str(item) for item in read.issues], "text": read.to_json()})
    print(json.dumps(found))


if __name__ == "__main__":
    main()
