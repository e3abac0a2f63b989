"""Write the measured figures into ``docs/performance.md``: from ``benchmarks/figures.json`` alone.

``make figures`` measures and does this; no figure on the page is typed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.plot import curve_lines  # noqa: E402
from benchmarks.table import shown  # noqa: E402

FIGURES = ROOT / "benchmarks" / "figures.json"
PAGE = ROOT / "docs" / "performance.md"
_PART = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- /\2 -->)", re.DOTALL)


def table(data: Mapping[str, Any]) -> str:
    """Lay the rows out as tables, one for each group.

    Args:
        data: What the benchmarks wrote.

    Returns:
        Markdown.
    """
    lines = [f"Python {data['python']}, {data['system']}, {data['processors']} processors."]
    group = ""
    for row in data["rows"]:
        if row["group"] != group:
            group = row["group"]
            lines += ["", f"**{group}**", ""]
            lines.append("| what | median | p95 | against | its median | ratio | aim | met |")
            lines.append("|---|--:|--:|---|--:|--:|---|---|")
        ratio = f"{row['ratio']:.2f}×" if row["ratio"] else ""
        unit = row["unit"]
        theirs = shown(row["reference_median"])
        cells = (
            row["what"].strip() + (f" ({row['note']})" if row["note"] else ""),
            f"{shown(row['median'])} {unit}",
            shown(row["p95"]) if row["runs"] > 1 else "",
            row["reference"],
            f"{theirs} {unit}" if theirs else "",
            ratio,
            row["aims"],
            row["met"],
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def growth(data: Mapping[str, Any]) -> str:
    """Draw the curves.

    Args:
        data: What the benchmarks wrote.

    Returns:
        Markdown.
    """
    blocks = ["```", *("\n".join(curve_lines(curve)) + "\n" for curve in data["growth"])]
    return "\n".join(blocks).rstrip() + "\n```\n"


def page(text: str, data: Mapping[str, Any]) -> str:
    """Put the figures in their places.

    Args:
        text: The page, with ``<!-- table -->`` and ``<!-- growth -->``.
        data: What the benchmarks wrote.

    Returns:
        The page with these figures.
    """
    parts = {"table": table, "growth": growth}
    return _PART.sub(lambda found: f"{found[1]}\n{parts[found[2]](data)}\n{found[3]}", text)


def main() -> None:
    """Write the page."""
    data = json.loads(FIGURES.read_text(encoding="utf-8"))
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), data), encoding="utf-8")


if __name__ == "__main__":
    main()
