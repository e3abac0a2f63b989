"""Cases in FHIR, as programs of others read them."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from interop.cql import random_cases
from interop.node import PLACE, run_node
from interop.tally import Tally
from ketatui.cases.integrity import reading_of
from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.engine import Knowledge, establish
from ketatui.reports.fhir import bundle, questionnaire, resources, response
from ketatui.reports.fhir.absent import BEFORE
from ketatui.reports.fhir.coding import written
from ketatui.reports.fhir.conditions import kept_items
from ketatui.reports.fhir.package import definitions

SAVED = Path(__file__).resolve().parents[1] / "saved_cases"
DAY = dt.date(2026, 11, 21)
Json = dict[str, Any]
_ENABLED = "sdc-questionnaire-enableWhenExpression"
_CALCULATED = "sdc-questionnaire-calculatedExpression"


def check_paths(knowledge: Knowledge, folder: Path, seed: int, patients: int = 200) -> Tally:
    """Hold against ours which questions fhirpath.js finds asked, and the totals it adds up.

    Args:
        knowledge: The compiled pack.
        folder: Where files may be written.
        seed: Of the random patients.
        patients: How many.

    Returns:
        What was tried, and what differs.
    """
    tally = Tally("FHIRPath of what is asked and of totals, run by fhirpath.js")
    items = {item["linkId"]: item for item in walk(questionnaire(knowledge.pack)["item"])}
    cases = [*scored(knowledge, seed, patients)]
    given = folder / "paths.json"
    enabled = {f"asked {link}": path for link, path in paths(items, _ENABLED)}
    added = {f"total {link}": path for link, path in paths(items, _CALCULATED)}
    responses = [plain_response(knowledge, case) for case in cases]
    given.write_text(json.dumps({"paths": enabled | added, "responses": responses}))
    for number, (case, found) in enumerate(
        zip(cases, run_node("fhirpath.mjs", given), strict=True)
    ):
        asked = establish(knowledge, case).asked
        for name, theirs in found.items():
            what, _, link = name.partition(" ")
            if what == "asked":
                link = link.removeprefix(BEFORE)
                ours: list[Any] = [asked[link] is not False or counts(knowledge, case, link)]
            else:
                ours = total(knowledge, case, link)
            tally.tried += 1
            if theirs != ours:
                tally.differs(f"patient {number}: {name}: {ours} here, {theirs} there")
    return tally


def counts(knowledge: Knowledge, case: Case, ident: str) -> bool:
    """Tell whether an item of a scale was scored that counts while the scale is not asked."""
    question = knowledge.pack.questions[ident]
    scored_items = case.scale_items.get(ident, {})
    return any(name in scored_items for name in kept_items(knowledge.pack, question))


def check_lforms(knowledge: Knowledge, folder: Path, seed: int, patients: int = 40) -> Tally:
    """Count the answers that LForms loses of shipped, half-filled and random cases.

    Args:
        knowledge: The compiled pack.
        folder: Where files may be written.
        seed: Of the random patients.
        patients: How many of them.

    Returns:
        The answers tried, and those that are hidden, or gone once LForms has saved the form.
    """
    tally = Tally("Answers that LForms keeps and questions that it asks, in Chromium")
    return _check_forms(tally, "lforms.mjs", knowledge, folder, scored(knowledge, seed, patients))


def check_smart_forms(knowledge: Knowledge, folder: Path, seed: int, patients: int = 40) -> Tally:
    """Count the answers that Smart Forms loses; as `check_lforms`."""
    tally = Tally("Answers that Smart Forms keeps and questions that it asks, in Chromium")
    cases = scored(knowledge, seed, patients)
    return _check_forms(tally, "smartforms.mjs", knowledge, folder, cases)


def _check_forms(
    tally: Tally, script: str, knowledge: Knowledge, folder: Path, more: Iterator[Case]
) -> Tally:
    """Let a form program open and save every case."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        tally.left_out = "there is no chromium"
        return tally
    cases = [*shipped(knowledge), *more]
    responses = [plain_response(knowledge, case) for case in cases]
    given = folder / "forms.json"
    asked = plain(questionnaire(knowledge.pack))
    given.write_text(json.dumps({"questionnaire": asked, "responses": responses}))
    read = run_node(script, given, Path(browser))
    for number, (case, ours, theirs) in enumerate(zip(cases, responses, read, strict=True)):
        before, after, shown = answers(ours), answers(theirs["saved"]), set(theirs["shown"])
        tally.tried += before.total()
        for (link, value), count in (before - after).items():
            tally.differs(f"case {number}: {link}: {value} is lost ({count})")
        for link in {link for link, _ in before} - shown:
            tally.differs(f"case {number}: {link}: is answered, and hidden there")
        for ident, asked_here in establish(knowledge, case).asked.items():
            tally.tried += 1
            here = asked_here is not False or counts(knowledge, case, ident)
            if here != (ident in shown):
                tally.differs(f"case {number}: {ident}: {here} here, {not here} there")
    return tally


def check_server(knowledge: Knowledge, folder: Path) -> Tally:
    """Load the transaction of all examples twice into a server, and look at what it then holds.

    Args:
        knowledge: The compiled pack.
        folder: Where files may be written.

    Returns:
        The resources tried; what was refused or invalid, lost, doubled, or points nowhere.
    """
    tally = Tally("A transaction loaded twice and validated by Medplum, in memory")
    pack = knowledge.pack
    cases = [*shipped(knowledge)][::2]
    items = (item for case in cases for item in resources(knowledge, reading_of(case, pack), DAY))
    whole = json.loads(bundle(pack, items))
    own = [plain(item) for item in definitions(pack)]
    given = folder / "transaction.json"
    given.write_text(json.dumps({"bundle": whole, "definitions": own}))
    found = run_node("medplum.mjs", given)
    tally.tried = len(whole["entry"]) + len(own)
    for problem in found["problems"]:
        tally.differs(problem)
    held = {f"{item['resourceType']}/{item['id']}": item for item in found["held"]}
    sent = {f"{e['resource']['resourceType']}/{e['resource']['id']}": e for e in whole["entry"]}
    for name in held.keys() ^ sent.keys():
        tally.differs(f"{name}: is {'held' if name in held else 'sent'} only")
    for name, item in held.items():
        if name in sent and answers(item) != answers(sent[name]["resource"]):
            tally.differs(f"{name}: its answers changed")
        for table in tables(item):
            if "reference" in table and table["reference"] not in held:
                tally.differs(f"{name}: {table['reference']} is not there")
    return tally


def check_client(knowledge: Knowledge, folder: Path, seed: int, patients: int = 40) -> Tally:
    """Let fhirclient read the bundle of the examples and of random cases, and write it again.

    Args:
        knowledge: The compiled pack.
        folder: Where files may be written.
        seed: Of the random patients.
        patients: How many of them.

    Returns:
        The resources tried, and those that came back otherwise.
    """
    tally = Tally("Resources that fhirclient reads and writes unchanged")
    python = PLACE.parent / ".venv-interop" / "bin" / "python"
    if not python.exists():
        tally.left_out = "fhirclient is not installed"
        return tally
    pack = knowledge.pack
    cases = [*shipped(knowledge), *scored(knowledge, seed, patients)]
    items = (item for case in cases for item in resources(knowledge, reading_of(case, pack), DAY))
    given = folder / "bundle.json"
    given.write_text(bundle(pack, items), "utf-8")
    ours = json.loads(given.read_text("utf-8"))["entry"]
    command = [str(python), str(Path(__file__).with_name("fhirclient_reads.py")), str(given)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    theirs = json.loads(done.stdout)["entry"]
    tally.tried = len(ours)
    for before, after in itertools.zip_longest(ours, theirs):
        if before != after:
            tally.differs(f"{(before or after)['fullUrl']} came back otherwise")
    return tally


def check_fhirkit(knowledge: Knowledge, folder: Path, seed: int, patients: int = 40) -> Tally:
    """Let fhirkit validate every resource and write it again, to the last digit.

    Args:
        knowledge: The compiled pack.
        folder: Where files may be written.
        seed: Of the random patients.
        patients: How many of them.

    Returns:
        The resources tried, what it says against them, and those that came back otherwise.
    """
    tally = Tally("Resources that fhirkit finds valid and writes unchanged, to the last digit")
    python = PLACE.parent / ".venv-interop" / "bin" / "python"
    pack = knowledge.pack
    cases = [*shipped(knowledge), *scored(knowledge, seed, patients)]
    items = (item for case in cases for item in resources(knowledge, reading_of(case, pack), DAY))
    texts = [bundle(pack, items), *(written(item) for item in definitions(pack))]
    given = folder / "resources.json"
    given.write_text(json.dumps(texts), "utf-8")
    command = [str(python), str(Path(__file__).with_name("fhirkit_reads.py")), str(given)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    for text, theirs in zip(texts, json.loads(done.stdout), strict=True):
        before, after = _exact(text), _exact(theirs["text"])
        name = f"{before['resourceType']}/{before.get('id', '')}"
        tally.looked(len(before.get("entry", (None,))))
        for problem in theirs["problems"]:
            tally.differs(f"{name}: {problem}")
        if before != after:
            tally.differs(f"{name}: came back otherwise")
    return tally


def _exact(text: str) -> Json:
    """Return JSON with its decimals as they are written."""
    found: Json = json.loads(text, parse_float=str)
    return found


def tables(value: Any) -> Iterator[Json]:
    """Yield every table within a resource."""
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value:
        if isinstance(item, dict | list):
            yield from tables(item)


def answers(resource: Json) -> Counter[tuple[str, str]]:
    """Count the answers of a response: a choice by its code, and what is said to be unknown."""
    found: Counter[tuple[str, str]] = Counter()
    for item in walk(resource.get("item", [])):
        for answer in item.get("answer", []):
            for kind, value in answer.items():
                if kind == "valueCoding":
                    found[item["linkId"], f"{value.get('system')}|{value['code']}"] += 1
                elif kind.startswith("value"):
                    said = float(value) if isinstance(value, int | float) else value
                    found[item["linkId"], f"{said}"] += 1
    return found


def shipped(knowledge: Knowledge) -> Iterator[Case]:
    """Yield the examples, each also with every second answer taken away."""
    for path in sorted(SAVED.glob("*-example*.toml")):
        case = read_case(path.read_text("utf-8"), path=str(path), pack=knowledge.pack)
        yield case
        kept = dict(list(case.answers.items())[::2])
        yield case.replaced(answers=kept, unknown=frozenset())


def total(knowledge: Knowledge, case: Case, link: str) -> list[int]:
    """Return what a scale's total comes to; nothing where it is half-filled or not asked."""
    ident = link.removesuffix(".total")
    question = knowledge.pack.questions[ident]
    scores = case.scale_items.get(ident, {})
    if establish(knowledge, case).asked[ident] is False:
        return []
    if len(scores) == len(knowledge.pack.instruments[question.instrument or ""].items):
        return [sum(scores.values())]
    value = case.answers.get(ident)
    return [int(value)] if isinstance(value, int) else []


def paths(items: dict[str, Json], name: str) -> Iterator[tuple[str, str]]:
    """Yield the expressions of a kind that items of a questionnaire hold, by link id."""
    for link, item in items.items():
        for extension in item.get("extension", ()):
            if extension["url"].endswith(name):
                yield link, extension["valueExpression"]["expression"]


def plain_response(knowledge: Knowledge, case: Case) -> Json:
    """Return a case's answers as whoever parses the export has them."""
    return plain(response(knowledge, reading_of(case, knowledge.pack), DAY))


def plain(resource: Json) -> Json:
    """Return a resource as it is read from the file."""
    found: Json = json.loads(written(resource))
    return found


def walk(items: list[Json]) -> Iterator[Json]:
    """Yield items and what is within them."""
    for item in items:
        yield item
        yield from walk(item.get("item", []))
        for answer in item.get("answer", []):
            yield from walk(answer.get("item", []))


def scored(knowledge: Knowledge, seed: int, count: int) -> Iterator[Case]:
    """Yield random cases with scales taken item by item, half-filled ones, and unknowns."""
    chance = random.Random(seed)
    pack = knowledge.pack
    for case in random_cases(knowledge, seed, count):
        answers, items = dict(case.answers), {}
        for question in pack.questions.values():
            scale = pack.instruments.get(question.instrument or "")
            if scale is None or not scale.items or chance.random() < 0.4:
                continue
            taken = [item for item in scale.items if chance.random() < chance.choice((0.5, 1))]
            answers.pop(question.id, None)
            items[question.id] = {item.id: chance.randrange(len(item.options)) for item in taken}
            if len(taken) == len(scale.items):
                answers[question.id] = sum(items[question.id].values())
        unanswered = [ident for ident in pack.questions if ident not in answers]
        rows = {"antidepressant_trials", "medications"}
        unknown = {ident for ident in unanswered if chance.random() < 0.3} - rows - items.keys()
        yield case.replaced(answers=answers, scale_items=items, unknown=frozenset(unknown))
