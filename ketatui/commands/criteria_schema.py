"""``ketatui criteria schema``: the public contract as JSON Schema, for editors and programs."""

from __future__ import annotations

import argparse
import json

from ketatui.commands.inputs import Unusable, knowledge_of
from ketatui.contract.schemas import KINDS, json_schema


def run(args: argparse.Namespace) -> int:
    """Print a schema; without a name, the names there are.

    Returns:
        0.

    Raises:
        Unusable: There is no such kind, or the criteria cannot be used.
    """
    if args.what is None:
        width = max(map(len, KINDS))
        for name, kind in KINDS.items():
            print(f"{name:<{width}}  {kind.about}")
        return 0
    if args.what not in KINDS:
        raise Unusable(
            f"ketatui criteria schema: no such kind: {args.what!r}; allowed: {', '.join(KINDS)}"
        )
    print(json.dumps(json_schema(args.what, knowledge_of(args).pack), indent=2))
    return 0
