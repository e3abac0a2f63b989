"""Runs the checks that are named, or all: ``python -m interop [NAME…]``."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from interop import cql, fhir, journey, records, schemas, service
from interop.tally import Tally
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack

CHECKS = (
    "cql",
    "fhirpath",
    "server",
    "client",
    "schemas",
    "lforms",
    "service",
    "browser",
    "records",
    "whole",
)


def main() -> int:
    """Run and print; 1 if anything came out otherwise."""
    parser = argparse.ArgumentParser(prog="python -m interop", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CHECKS)}")
    parser.add_argument("--seed", type=int, default=2026, help="of the random cases (2026)")
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in CHECKS]
    if unknown:
        parser.error(f"no such check: {', '.join(unknown)}; allowed: {', '.join(CHECKS)}")
    knowledge = compile_pack(load_pack())
    status = 0
    for name in args.names or CHECKS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            tally = _run(name, knowledge, Path(folder), args.seed)
        print("\n".join(tally.lines()), f"({time.monotonic() - began:.0f} s)", flush=True)
        status |= bool(tally.otherwise)
    return status


def _run(name: str, knowledge: Knowledge, folder: Path, seed: int) -> Tally:
    match name:
        case "cql":
            return cql.check(knowledge, folder, seed)
        case "fhirpath":
            return fhir.check_paths(knowledge, folder, seed)
        case "server":
            return fhir.check_server(knowledge, folder)
        case "client":
            return fhir.check_client(knowledge, folder, seed)
        case "schemas":
            return schemas.check()
        case "lforms":
            return fhir.check_lforms(knowledge, folder, seed)
        case "service":
            return service.check_description(folder, seed)
        case "browser":
            return service.check_browser(folder)
        case "records":
            return records.check(knowledge, folder, seed)
        case "whole":
            return journey.check(knowledge, folder, seed)
    raise AssertionError(name)


if __name__ == "__main__":
    raise SystemExit(main())
