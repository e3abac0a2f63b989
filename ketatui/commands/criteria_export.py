"""``ketatui criteria export``: the criteria in a form that other engines run."""

from __future__ import annotations

import argparse
import sys

from ketatui.cases.errors import printable
from ketatui.commands.output import write_new
from ketatui.commands.sharing import Unusable, knowledge_of
from ketatui.reports.cql_library import cql_library, library_name


def run(args: argparse.Namespace) -> int:
    """Export the conditions.

    Returns:
        0.

    Raises:
        Unusable: The criteria cannot be used, or the file is there or cannot be written.
    """
    knowledge = knowledge_of(args)
    text = cql_library(knowledge)
    if args.out is None:
        sys.stdout.write(text)
        return 0
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"{args.out}: {error.strerror}; --out names a folder") from None
    path = args.out / f"{library_name(knowledge.pack)}.cql"
    write_new(path, text.encode(), force=args.force)
    print(printable(f"Written: {path}"))
    return 0
