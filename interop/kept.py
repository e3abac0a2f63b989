"""A second reader: what a case file says, looked for in a response that came back from a server.

It reads the file as TOML and the response as JSON, and uses nothing of the program.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from interop.fhir import walk

Json = dict[str, Any]
_YES_NO = {True: "Y", False: "N"}
_UNKNOWN = "asked-unknown"


def lost(path: Path, response: Json) -> tuple[int, list[str]]:
    """Look for everything that a case file holds.

    Args:
        path: The case file.
        response: The QuestionnaireResponse of it.

    Returns:
        How many things were looked for, and those that are not there.
    """
    case = tomllib.loads(path.read_text("utf-8"))
    items: dict[str, list[Json]] = {}
    for item in walk(response["item"]):
        items.setdefault(item["linkId"], []).append(item)
    there = list(_looked_for(case, items, response))
    return len(there), [what for what, ok in there if not ok]


def _looked_for(
    case: Json, items: dict[str, list[Json]], response: Json
) -> Iterator[tuple[str, bool]]:
    yield "id", response["identifier"]["value"] == case["id"]
    tags = {tag["system"]: tag for tag in response["meta"]["tag"]}
    pack = case["assessment"]["pack"]
    yield "criteria", tags["urn:ketatui:criteria"]["version"] == pack["version"]
    yield "digest", tags["urn:ketatui:criteria-digest"]["code"] == pack["digest"]
    yield "day", tags["urn:ketatui:assessed-for"]["code"] == case["assessment"]["on"]
    for ident, value in _leaves("", case["answers"]):
        yield f"{ident} = {value}", _answered(_of(items, ident), value)
    for ident in case.get("unknown", ()):
        yield (
            f"{ident} unknown",
            any(
                code == _UNKNOWN for item in _of(items, ident, "unknown:") for code in _codes(item)
            ),
        )
    for ident, note in case.get("notes", {}).items():
        yield f"note on {ident}", _in_extensions(items[ident], "urn:ketatui:note", note)
        pairs = [
            [cell["answer"][0]["valueString"] for cell in one["item"]]
            for one in items["notes.note"]
        ]
        yield f"note on {ident}, without extensions", [ident, note] in pairs
    for ident, day in case.get("dates", {}).items():
        own = items.get(ident, [])
        yield f"day of {ident}", _in_extensions(own, "urn:ketatui:given-on", day.isoformat())
    for number, row in enumerate(case.get("medications", ())):
        names = [cell["answer"][0]["valueString"] for cell in items.get("medications.name", ())]
        yield f"medicine {number}: {row['name']}", row["name"] in names
    for row in case.get("proposals", ()):
        if "confirmed_by" in row:
            yield f"{row['question']} from {row['resource']}", _proposed(items, row)


def _leaves(before: str, table: Json) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        ident = f"{before}.{key}".lstrip(".")
        if isinstance(value, dict):
            yield from _leaves(ident, value)
        else:
            yield ident, value


def _of(items: dict[str, list[Json]], ident: str, before: str = "") -> list[Json]:
    own = [*items.get(f"{before}{ident}", ()), *items.get(f"{ident}.total", ())]
    return own + (items.get(ident, []) if before else [])


def _codes(item: Json) -> list[str]:
    return [a["valueCoding"]["code"] for a in item.get("answer", ()) if "valueCoding" in a]


def _answered(found: list[Json], value: Any) -> bool:
    for item in found:
        for answer in item.get("answer", ()):
            (said,) = answer.values()
            if isinstance(said, dict):
                said = said["code"]
            if said == (_YES_NO[value] if isinstance(value, bool) else value):
                return True
    return False


def _in_extensions(found: list[Json], url: str, value: str) -> bool:
    return any(
        one["url"] == url and value in one.values()
        for item in found
        for one in item.get("extension", ())
    )


def _proposed(items: dict[str, list[Json]], row: Json) -> bool:
    wanted = {"resource": row["resource"], "code": row["code"], "value": str(row["value"])}
    wanted |= {"confirmed-by": row["confirmed_by"], "confirmed-at": _moment(row["confirmed_at"])}
    wanted |= {"date": row["date"]} if "date" in row else {}
    for item in items.get(row["question"], ()):
        for one in item.get("extension", ()):
            if one["url"] == "urn:ketatui:proposed":
                said = {
                    part["url"]: next(v for k, v in part.items() if k != "url")
                    for part in one["extension"]
                }
                if said == wanted:
                    return True
    return False


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
