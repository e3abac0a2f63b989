"""The criteria in use, to be read: thresholds, rules, evidence, sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ketatui.criteria.models import Rule
from ketatui.criteria.pack import Pack
from ketatui.criteria.wording import number_text
from ketatui.tui.views.lines import Line, line, rule, wrap
from ketatui.tui.views.verdicts import ROLE


class Block(NamedTuple):
    """A threshold, a rule, a line of evidence or a source.

    Attributes:
        lines: How it is shown.
        text: All that it says, without upper case.
    """

    lines: list[Line]
    text: str


def criteria_blocks(pack: Pack, width: int) -> list[Block]:
    """Return the criteria in the parts in which they are looked through, wrapped to a width."""
    blocks = [_threshold(pack, name, width) for name in pack.thresholds]
    blocks += [_rule(pack, item, width) for item in pack.rules.values()]
    blocks += [block for row in pack.support for block in _support(pack, row, width)]
    blocks += [_source(pack, ident, width) for ident in pack.sources]
    return [Block(lines, " ".join(it.text for it in lines).casefold()) for lines in blocks]


def criteria_lines(pack: Pack, blocks: Sequence[Block], text: str, width: int) -> list[Line]:
    """Return the criteria, or those parts of them that contain every word of a text."""
    words = text.casefold().split()
    found = [block for block in blocks if all(word in block.text for word in words)]
    if not found:
        return [Line(), line(("  Nothing in the criteria contains that.", "muted"))]
    lines = _head(pack, width) if not words else []
    for block in found:
        lines += [*block.lines, Line()]
    return lines


def _head(pack: Pack, width: int) -> list[Line]:
    info = pack.info
    lines = [line((f"{info.title}", "strong"))]
    lines += wrap(f"{info.id} {info.version}, {pack.digest}", width, role="muted")
    lines += wrap(
        f"In effect from {info.effective}, to be reviewed by {info.review_by}. {info.about}", width
    )
    if pack.policy is not None:
        changed = ", ".join(sorted(pack.policy.thresholds | pack.policy.rules))
        lines.append(
            line((" local policy ", "local"), (f" {pack.policy.title}: {changed}", "text"))
        )
    for change in info.changelog:
        lines += wrap(f"{change.version}, {change.date}: {change.text}", width, role="muted")
    return [*lines, rule(width)]


def _threshold(pack: Pack, name: str, width: int) -> list[Line]:
    item = pack.thresholds[name]
    local = pack.policy is not None and name in pack.policy.thresholds
    head = line(
        (f"{item.title}: ", "text"),
        (f"{number_text(item.value)} {item.unit}".rstrip(), "strong"),
        ("  local policy" if local else "", "caution"),
    )
    said = f"threshold.{name}, {pack.wording.authorities[item.authority]}, {item.confidence}"
    return [head, *wrap(said, width, role="muted", indent=2), *_sources(pack, item.sources, width)]


def _rule(pack: Pack, item: Rule, width: int) -> list[Line]:
    local = pack.policy is not None and item.id in pack.policy.rules
    lines = [
        line(
            (item.title, "strong"),
            (f"   {item.id}", "muted"),
            ("  local policy" if local else "", "caution"),
        )
    ]
    effects = []
    for pathway, effect in item.effects.items():
        words = pack.wording.effects[effect]
        effects.append(
            (f"{pack.pathways[pathway].short} {words.symbol} {words.title}   ", ROLE[effect])
        )
    lines.append(Line((("  ", "text"), *effects)))
    when = item.when or f"the support table says {', '.join(item.support)}"
    lines += wrap(f"when {when}", width, role="muted", indent=2)
    lines += wrap(pack.threshold_text(item.because), width, indent=2)
    lines += wrap(f"Do: {pack.threshold_text(item.do)}", width, indent=2)
    for pathway, variant in item.on.items():
        said = [f"On {pack.pathways[pathway].short}:"]
        said += [f"when {variant.when}." if variant.when else ""]
        said += [pack.threshold_text(variant.because or ""), pack.threshold_text(variant.do or "")]
        lines += wrap(" ".join(part for part in said if part), width, role="muted", indent=4)
    authority = pack.wording.authorities[item.authority]
    lines += wrap(f"{authority}, confidence {item.confidence}", width, role="muted", indent=2)
    return [*lines, *_sources(pack, item.sources, width)]


def _support(pack: Pack, ident: str, width: int) -> list[list[Line]]:
    row = pack.support[ident]
    blocks = []
    for pathway, cell in row.on.items():
        basis = pack.wording.bases[cell.basis] if cell.basis else ""
        title = f"Evidence: {row.title}, {pack.pathways[pathway].title}: {basis} {cell.grade}"
        lines = [line((title, "strong")), *wrap(cell.reason, width, indent=2)]
        if cell.against:
            lines += wrap(f"Against: {cell.against}", width, role="caution", indent=2)
        blocks.append([*lines, *_sources(pack, cell.sources, width)])
    return blocks


def _source(pack: Pack, ident: str, width: int) -> list[Line]:
    item = pack.sources[ident]
    lines = wrap(f"Source: {item.title}", width, role="strong")
    said = f"{item.publisher}, {item.date}; seen as {item.verified.replace('_', ' ')}; {item.id}"
    lines += wrap(said, width, role="muted", indent=2)
    lines += wrap(item.address, width, role="muted", indent=2)
    if item.note:
        lines += wrap(item.note, width, role="muted", indent=2)
    return lines


def _sources(pack: Pack, references: tuple[str, ...], width: int) -> list[Line]:
    lines: list[Line] = []
    for reference in references:
        lines += wrap(
            pack.source_text(reference), width, role="muted", indent=4, first=(("  · ", "muted"),)
        )
    return lines
