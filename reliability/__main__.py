"""``python -m reliability soak|fuzz|mutants|tamper|cohort``: the long harnesses as commands."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

from reliability.tally import Tally, print_tallies


def soak(kills: int, seed: int, stride: int) -> Iterator[Tally]:
    """Yield every measure of the real program in a terminal."""
    from reliability.disks import all_disks
    from reliability.faults import each_call_fails
    from reliability.kills import killed
    from reliability.script import FIRST
    from reliability.sessions import killed_in_sessions
    from reliability.terminals import clock_jumped_back, resized
    from reliability.twice import two_at_once

    yield killed(kills, seed)
    # Short consultations: more of the deaths fall into the beginning and the save.
    yield killed(kills // 2, seed + 1, FIRST)
    yield killed(kills // 5, seed + 2, number=signal.SIGHUP)
    yield killed_in_sessions(kills, seed + 3)
    yield from all_disks()
    yield two_at_once()
    yield resized()
    yield clock_jumped_back(3)
    yield clock_jumped_back(4000)
    yield each_call_fails(stride=stride)


def _soak(args: argparse.Namespace) -> int:
    tallies = []
    for tally in soak(args.kills, args.seed, args.stride):
        print(f"done: {tally.what}", file=sys.stderr)
        tallies.append(tally)
    return print_tallies(tallies)


def _fuzz(args: argparse.Namespace) -> int:
    from reliability.fuzz import all_targets

    return print_tallies(all_targets(args.examples, args.seed, args.seconds))


def _mutants(args: argparse.Namespace) -> int:
    from reliability import code_mutants, mutants

    tallies = []
    if not args.code_only:
        tallies.append(mutants.survivors(args.sample, args.seed))
    if not args.criteria_only:
        names = ("sample", "seed", "only", "resume", "again")
        choice = code_mutants.Choice(**{name: getattr(args, name) for name in names})
        if args.judges:
            choice = replace(choice, judges=tuple(args.judges))
        tallies.append(code_mutants.survivors(choice))
    return print_tallies(tallies)


def _tamper(_args: argparse.Namespace) -> int:
    from reliability.tampering import main

    return main()


def _cohort_mutants(args: argparse.Namespace) -> int:
    from reliability.cohort_mutants import survivors

    return print_tallies([survivors(args.sample, args.seed)])


def _cohort(args: argparse.Namespace) -> int:
    from reliability.cohorts import compare_many, seldom

    found = None
    for found in compare_many(args.patients, args.seed, args.engine):
        print(f"{found.patients:,} patients, {found.differ} fields differ", file=sys.stderr)
    if found is None:
        return 0
    print(f"patients {found.patients:,}, fields {found.fields:,}, differing {found.differ:,}")
    print(f"values that no question allows, planted: {found.planted.total():,}")
    if args.engine == "both":
        print(f"fields of Polars beside DuckDB {found.beside:,}, differing {found.apart:,}")
    rare = seldom(found)
    print(f"rules {len(found.true):,}, true or open too seldom to tell: {len(rare)}")
    print("\n".join([*rare, *found.differing]))
    return int(found.differ > 0 or found.apart > 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reliability")
    commands = parser.add_subparsers(required=True)

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        added = commands.add_parser(name)
        added.set_defaults(run=run)
        added.add_argument("--seed", type=int, default=1)
        return added

    soaking = command("soak", _soak)
    soaking.add_argument("--kills", type=int, default=200)
    soaking.add_argument("--stride", type=int, default=1, help="each so many-th disk call")
    fuzzing = command("fuzz", _fuzz)
    fuzzing.add_argument("--examples", type=int, default=5000, help="by Hypothesis, a target")
    fuzzing.add_argument("--seconds", type=int, default=60, help="of atheris, a target")
    mutating = command("mutants", _mutants)
    mutating.add_argument("--sample", type=int, default=0, help="how many of each; 0: all")
    either = mutating.add_mutually_exclusive_group()
    either.add_argument("--criteria-only", action="store_true", help="leave the code alone")
    either.add_argument("--code-only", action="store_true", help="leave the criteria alone")
    mutating.add_argument("--only", default="", help="code whose line of description holds this")
    mutating.add_argument("--resume", action="store_true", help="go on with the code")
    mutating.add_argument("--again", action="store_true", help="judge explained code too")
    mutating.add_argument("--judges", nargs="+", help="other tests than those of these rooms")
    command("tamper", _tamper)
    changing = command("cohort-mutants", _cohort_mutants)
    changing.add_argument("--sample", type=int, default=100, help="how many; 0: all")
    comparing = command("cohort", _cohort)
    comparing.add_argument("--patients", type=int, default=1_000_000)
    comparing.add_argument(
        "--engine",
        choices=("both", "duckdb", "polars", "spark"),
        default="both",
        help="both: DuckDB, and Polars against it",
    )
    return parser


if __name__ == "__main__":
    args = _parser().parse_args()
    sys.exit(args.run(args))
