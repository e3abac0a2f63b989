"""What is done with each of many cases; another process can be told it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.structs import Frozen


class Job(Frozen, frozen=True):
    """What is to be done with each file.

    Attributes:
        criteria: Folder of the pack.
        policy: Local policy file.
        on: The day.
        as_json: Whether the text wanted is JSON.
        keep_stale: Count answers however old they are.
    """

    criteria: Path
    policy: Path | None
    on: dt.date
    as_json: bool
    keep_stale: bool = False


def prepared(job: Job) -> tuple[Job, Knowledge]:
    """Load the criteria of a job, as each further process does once."""
    return job, compile_pack(load_pack(job.criteria, job.policy))
