"""What screening a table of patients costs, beside the engine patient by patient.

``python -m benchmarks.cohort --patients 1000000`` makes invented patients and measures in one
run: the engine (facts and judging) on some of them, Polars and DuckDB from raw lists to Parquet
with every rule, the verdicts alone beside the same rules written by hand in Polars, the check of
the table, and a what-if. Seconds of processor time, so that what else runs counts less; the wall
clock beside it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.plain_polars import verdicts
from ketatui.cohort.checking import look_over
from ketatui.cohort.chosen import chosen_cases
from ketatui.cohort.polars_frames import collected
from ketatui.cohort.screening import PART_ROWS, Screening, connect, lowered_for, screen
from ketatui.cohort.sources import Source, distinct_names, open_source
from ketatui.cohort.what_if import compare_policies
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.inputs import input_of
from ketatui.engine.judging import judge_input

ON = dt.date(2026, 11, 21)
SOME = 1_000
POLICY = 'id = "hold-150"\ntitle = "Hold from 150"\n\n[thresholds]\nbp_hold_systolic = 150\n'


@contextmanager
def measured(what: str, patients: int) -> Iterator[None]:
    """Print what a step took, in all and a patient."""
    cpu, wall = time.process_time(), time.perf_counter()
    yield
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    each = 1e6 * cpu / patients
    print(f"{what:<44}{cpu:>9.2f} s{wall:>9.2f} s wall{each:>10.2f} µs a patient", flush=True)


def beside_hand_written(connection: Any, source: Source, knowledge: Knowledge) -> None:
    """Measure the verdicts alone, by the lowered pack and by hand, and hold them together.

    Raises:
        SystemExit: They differ for a patient without marks of what cannot be established.
    """
    import polars

    program = lowered_for(connection, source, knowledge, ON).program
    outputs = {f"{name}.verdict": name for name in knowledge.pack.pathways}
    program = program.replaced(outputs={name: program.outputs[name] for name in outputs})
    names = {name for table in distinct_names(connection, source).values() for name in table}
    in_order = polars.QueryOptFlags(check_order_observe=False)
    frame = polars.scan_parquet(source.files[0]).head(PART_ROWS)
    marked = frame.select(polars.col("unknown").is_not_null()).collect().to_series()
    seconds: dict[str, list[float]] = {"lowered": [], "by hand": []}
    for _ in range(3):
        for what, ask in seconds.items():
            begun = time.process_time()
            if what == "lowered":
                lowered = collected(program, frame).rename(outputs)
            else:
                plain = verdicts(knowledge, frame, ON, names).collect(optimizations=in_order)
            ask.append(time.process_time() - begun)
    for name in plain.columns:
        one, other = (each[name].cast(polars.String) for each in (lowered, plain))
        if ((one != other) & ~marked).any():
            raise SystemExit(f"{name}: the rules by hand come to other verdicts")
    each = {what: 1e6 * min(times) / plain.height for what, times in seconds.items()}
    told = ", ".join(f"{what} {least:.2f} µs a patient" for what, least in each.items())
    print(f"verdicts on Polars: {told}; {each['lowered'] / each['by hand']:.2f} times", flush=True)


def main() -> int:
    """Measure everything once."""
    parser = argparse.ArgumentParser(description="Measure the cohort.")
    parser.add_argument("--patients", type=int, default=1_000_000)
    args = parser.parse_args()
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
    from cohort_patients import write

    knowledge = compile_pack(load_pack(default_folder({})))
    count: int = args.patients
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "patients.parquet"
        write(count, table)
        connection = connect()
        source = open_source(connection, table, knowledge.pack)
        ids = [f"p{number:08}" for number in range(SOME)]
        cases = [case for _, case in chosen_cases(connection, source, knowledge, ids)]
        with measured(f"engine, {SOME:,} patients", SOME):
            for case in cases:
                judge_input(knowledge, input_of(case), ON, with_needs=False)
        for engine in ("polars", "duckdb"):
            with measured(f"screen with {engine}, raw, every rule", count):
                screen(Screening(knowledge, table, folder / engine, ON, engine=engine))
        with measured("check", count):
            look_over(connection, source, knowledge, ON)
        beside_hand_written(connection, source, knowledge)
        policy = folder / "policy.toml"
        policy.write_text(POLICY)
        other = compile_pack(load_pack(default_folder({}), policy))
        with measured("what-if, raw, who and why", count):
            compare_policies(connection, source, knowledge, other, ON)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory, all of the above in one process: {most:,.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
