"""The FHIR package: everything of our own that an export refers to is defined in it, and valid."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tarfile
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from ketatui.cases.integrity import reading_of
from ketatui.cli import main
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.reports.fhir import bundle, resources
from ketatui.reports.fhir.package import package, package_version
from tests.reports.conftest import Example, Read
from tests.reports.support import CASE
from tests.reports.test_fhir import Json, problems, walk


@pytest.fixture(scope="module")
def files(pack: Pack) -> dict[str, Any]:
    found = {}
    with tarfile.open(fileobj=io.BytesIO(package(pack)), mode="r:gz") as archive:
        for member in archive.getmembers():
            data = archive.extractfile(member)
            assert data is not None
            found[member.name.removeprefix("package/")] = json.loads(data.read())
    return found


@pytest.fixture(scope="module")
def defined(files: dict[str, Any]) -> list[Json]:
    return [item for item in files.values() if "resourceType" in item]


def test_every_resource_is_valid(defined: list[Json]) -> None:
    for item in defined:
        assert problems(item) == [], item["id"]
        model = get_fhir_model_class(item["resourceType"]).model_validate(item)
        assert json.loads(model.model_dump_json()) == item
        assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", item["id"])


def test_the_index_and_the_manifest_name_what_is_there(files: dict[str, Any], pack: Pack) -> None:
    listed = {row["filename"]: row for row in files[".index.json"]["files"]}
    assert set(listed) == set(files) - {".index.json", "package.json"}
    for name, row in listed.items():
        assert row["url"] == files[name]["url"]
    assert files["package.json"]["version"] == package_version(pack)
    assert re.fullmatch(r"\d+\.\d+\.\d+", package_version(pack))
    assert files["package.json"]["fhirVersions"] == ["4.0.1"]


def test_what_exports_refer_to_of_our_own_is_defined(
    defined: list[Json], knowledge: Knowledge, example: Example, read: Read, on: dt.date
) -> None:
    cases = [*(example(number) for number in range(1, 15)), read(CASE)]
    readings = (reading_of(case, knowledge.pack) for case in cases)
    items = (item for reading in readings for item in resources(knowledge, reading, on))
    whole = json.loads(bundle(knowledge.pack, items))
    urls = {item["url"] for item in defined}
    used = set()
    for table in walk(whole):
        for key in ("url", "system"):
            value = table.get(key)
            if isinstance(value, str) and value.startswith("urn:ketatui"):
                used.add(value)
    used -= {"urn:ketatui:case"}
    assert len(used) > 20
    assert used <= urls


def test_a_code_that_an_export_holds_is_one_of_its_system(
    defined: list[Json], knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    codes = {
        item["url"]: {concept["code"] for concept in item["concept"]}
        for item in defined
        if item["resourceType"] == "CodeSystem" and item["content"] == "complete"
    }
    for number in range(1, 15):
        reading = reading_of(example(number), knowledge.pack)
        for resource in resources(knowledge, reading, on):
            for table in walk(resource):
                if table.get("system") in codes and "code" in table:
                    assert table["code"] in codes[table["system"]]


def test_the_same_criteria_give_the_same_bytes_and_the_command_writes_them(
    pack: Pack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert package(pack) == package(pack)
    command = ["criteria", "export", "--format", "fhir"]
    assert main(command) == 2
    assert "--out" in capsys.readouterr().err
    assert main([*command, "--out", str(tmp_path)]) == 0
    (path,) = tmp_path.iterdir()
    assert path.name == f"ketatui.ketamine-us-{package_version(pack)}.tgz"
    assert path.read_bytes() == package(pack)
