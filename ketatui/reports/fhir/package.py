"""A FHIR package, as registries of npm's kind hold them: what our exports refer to.

It has the Questionnaire, the StructureDefinitions of our extensions and the CodeSystems of our
codes, so that a server or a validator knows them. Source: FHIR NPM Package Specification.
"""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Iterator

from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import OURS, Json, text_of, written
from ketatui.reports.fhir.definitions import EXTENSIONS, code_systems, structure
from ketatui.reports.fhir.questionnaire import questionnaire


def package_name(pack: Pack) -> str:
    """Return the name of a pack's package."""
    return f"ketatui.{pack.info.id}"


def package_version(pack: Pack) -> str:
    """Return its version: that of the criteria, in three parts."""
    parts = pack.info.version.split(".")
    return ".".join([*parts, *["0"] * (3 - len(parts))])


def definitions(pack: Pack) -> Iterator[Json]:
    """Yield every resource of the package."""
    version = package_version(pack)
    yield {"resourceType": "Questionnaire", "id": pack.info.id, **questionnaire(pack)}
    yield from (structure(own, version) for own in EXTENSIONS)
    yield from code_systems(pack, version)


def package(pack: Pack) -> bytes:
    """Write the package.

    Args:
        pack: The criteria.

    Returns:
        A gzipped tar file; the same criteria give the same bytes.
    """
    resources = {f"{item['resourceType']}-{item['id']}.json": item for item in definitions(pack)}
    files = {name: written(item) for name, item in resources.items()}
    files["package.json"] = written(_manifest(pack))
    files[".index.json"] = written(_index(resources))
    whole = io.BytesIO()
    # No time of today: it would make other bytes of the same criteria.
    with (
        gzip.GzipFile(fileobj=whole, mode="wb", mtime=0) as pressed,
        tarfile.open(fileobj=pressed, mode="w", format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name, text in sorted(files.items()):
            data = text.encode()
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return whole.getvalue()


def _manifest(pack: Pack) -> Json:
    return {
        "name": package_name(pack),
        "version": package_version(pack),
        "type": "fhir.ig",
        "fhirVersions": ["4.0.1"],
        "canonical": OURS,
        "title": text_of(pack.info.title),
        "description": text_of(pack.info.about),
        "author": "KetaTUI",
        "license": "Apache-2.0",
        "dependencies": {"hl7.fhir.r4.core": "4.0.1", "hl7.fhir.uv.sdc": "3.0.0"},
    }


def _index(resources: dict[str, Json]) -> Json:
    keys = ("resourceType", "id", "url", "version", "kind", "type")
    files = [
        {"filename": name, **{key: item[key] for key in keys if key in item}}
        for name, item in sorted(resources.items())
    ]
    return {"index-version": 2, "files": files}
