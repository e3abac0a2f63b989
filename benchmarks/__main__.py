"""Runs the benchmarks and prints one table: ``python -m benchmarks [engine|keys|start …]``."""

from __future__ import annotations

import sys

from benchmarks import engine, keys, start
from benchmarks.table import Row, print_table

_ALL = {"engine": engine.measure, "start": start.measure, "keys": keys.measure}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all of them."""
    unknown = [name for name in names if name not in _ALL]
    if unknown:
        print(f"unknown benchmark: {', '.join(unknown)}; known: {', '.join(_ALL)}", file=sys.stderr)
        return 2
    rows: list[Row] = []
    for name in names or list(_ALL):
        print(f"measuring {name} …", file=sys.stderr)
        rows += _ALL[name]()
    print_table(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
