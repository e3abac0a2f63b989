"""Runs the checks that are named, or all: ``python -m interop [NAME…]``."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from interop import cql, cql_tests, fhir, journey, records, schemas, service
from interop.tally import Tally
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack

Run = Callable[[Knowledge, Path, argparse.Namespace], Tally]
CHECKS: dict[str, Run] = {
    "cql": lambda knowledge, folder, args: cql.check(knowledge, folder, args.seed),
    "conformance": lambda _, __, args: cql_tests.check_conformance(args.cql_tests),
    "fhirpath": lambda knowledge, folder, args: fhir.check_paths(knowledge, folder, args.seed),
    "server": lambda knowledge, folder, _: fhir.check_server(knowledge, folder),
    "client": lambda knowledge, folder, args: fhir.check_client(knowledge, folder, args.seed),
    "fhirkit": lambda knowledge, folder, args: fhir.check_fhirkit(knowledge, folder, args.seed),
    "schemas": lambda _, __, ___: schemas.check(),
    "lforms": lambda knowledge, folder, args: fhir.check_lforms(knowledge, folder, args.seed),
    "smartforms": lambda knowledge, folder, args: fhir.check_smart_forms(
        knowledge, folder, args.seed
    ),
    "service": lambda _, folder, args: service.check_description(folder, args.seed),
    "browser": lambda _, folder, __: service.check_browser(folder),
    "records": lambda knowledge, folder, args: records.check(knowledge, folder, args.seed),
    "whole": lambda knowledge, folder, args: journey.check(knowledge, folder, args.seed),
}


def main() -> int:
    """Run and print; 1 if anything came out otherwise."""
    parser = argparse.ArgumentParser(prog="python -m interop", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CHECKS)}")
    parser.add_argument("--seed", type=int, default=2026, help="of the random cases (2026)")
    parser.add_argument(
        "--cql-tests", type=Path, metavar="DIR", help="a clone of HL7's tests, for conformance"
    )
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in CHECKS]
    if unknown:
        parser.error(f"no such check: {', '.join(unknown)}; allowed: {', '.join(CHECKS)}")
    knowledge = compile_pack(load_pack())
    status = 0
    for name in args.names or CHECKS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            tally = CHECKS[name](knowledge, Path(folder), args)
        print("\n".join(tally.lines()), f"({time.monotonic() - began:.0f} s)", flush=True)
        status |= bool(tally.otherwise)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
