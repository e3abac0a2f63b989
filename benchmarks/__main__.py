"""Runs the benchmarks: ``python -m benchmarks [start|keys|engine|… …] [--json FILE]``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import (
    engine,
    exports,
    growth,
    keys,
    library,
    memory,
    records,
    search,
    sessions,
    start,
)
from benchmarks.plot import print_curves
from benchmarks.table import Row, print_table, write_json

_ALL: dict[str, Callable[[], list[Row]]] = {
    "engine": engine.measure,
    "exports": exports.measure,
    "start": start.measure,
    "keys": keys.measure,
    "library": library.measure,
    "memory": memory.measure,
    "records": records.measure,
    "search": search.measure,
    "sessions": sessions.measure,
}
_GROWTH = "growth"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named benchmarks, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [*_ALL, _GROWTH]
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(names)}; all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all of it here")
    parser.add_argument(
        "--cases",
        type=int,
        action="append",
        metavar="N",
        help="for library: how many cases (10000 and 100000); may be given several times",
    )
    parser.add_argument(
        "--cold",
        action="store_true",
        help="for library: also make the index of more than 10000 cases anew, which takes minutes",
    )
    args = parser.parse_args(arguments)
    unknown = [name for name in args.names if name not in names]
    if unknown:
        parser.error(f"unknown benchmark: {', '.join(unknown)}; known: {', '.join(names)}")
    rows: list[Row] = []
    curves: list[dict[str, Any]] = []
    for name in args.names or names:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        begun = perf_counter()
        if name == _GROWTH:
            curves = growth.measure()
        elif name == "library":
            rows += library.measure(args.cases or library.SIZES, cold=args.cold)
        else:
            rows += _ALL[name]()
        print(f"  {name}: {perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    print_table(rows)
    print_curves(curves)
    if args.json:
        write_json(args.json, rows, curves)
    return 0


if __name__ == "__main__":
    sys.exit(main())
