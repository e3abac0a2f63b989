"""``ketatui criteria export``: the criteria in a form that other engines run."""

from __future__ import annotations

import argparse
import sys

from ketatui.commands.inputs import Unusable, knowledge_of
from ketatui.commands.output import write_new
from ketatui.engine import Knowledge
from ketatui.printable import printable
from ketatui.reports.cql_library import cql_library, library_name
from ketatui.reports.fhir.package import package, package_name, package_version


def run(args: argparse.Namespace) -> int:
    """Export the conditions.

    Returns:
        0.

    Raises:
        Unusable: The criteria cannot be used, or the file is there or cannot be written.
    """
    knowledge = knowledge_of(args)
    if args.out is None:
        if args.format == "fhir":
            raise Unusable("a FHIR package is not for the terminal: name a folder with --out")
        sys.stdout.write(cql_library(knowledge))
        return 0
    name, data = _file(knowledge, args.format)
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"{args.out}: {error.strerror}; --out names a folder") from None
    path = args.out / name
    write_new(path, data, force=args.force)
    print(printable(f"Written: {path}"))
    return 0


def _file(knowledge: Knowledge, form: str) -> tuple[str, bytes]:
    """Return the name and the content of the file in a form."""
    pack = knowledge.pack
    if form == "fhir":
        return f"{package_name(pack)}-{package_version(pack)}.tgz", package(pack)
    return f"{library_name(pack)}.cql", cql_library(knowledge).encode()
