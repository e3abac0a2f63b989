"""The numbers of a screening as lines for a terminal, and as SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from ketatui.cohort.disclosure import TOTAL
from ketatui.cohort.funnel import CANDIDATES, STANDINGS, Funnel, PathwayFunnel
from ketatui.cohort.visits import VisitCounts
from ketatui.cohort.what_if import WhatIf
from ketatui.criteria.course import CoursePack
from ketatui.criteria.pack import Pack

HIDDEN = "–"
"""Stands for a number that is not shown."""
_BAR = 20
_SHADES = ("#7a1f1f", "#a04a1f", "#b8762a", "#c9a03a", "#8f8f8f", "#b5b5b5", "#6b93b8", "#2f6f9f")


def words(pack: Pack) -> dict[str, str]:
    """Return what each standing is called."""
    titles = {str(ident): each.title for ident, each in pack.wording.verdicts.items()}
    found = {ident: titles[ident] for ident in STANDINGS if ident in titles}
    for best in ("caution", "fits"):
        found[f"open_{best}"] = f"{titles['incomplete']} (at best: {titles[best].lower()})"
    return found


def shown(number: int | None) -> str:
    """Return a number as it is printed."""
    return HIDDEN if number is None else f"{number:,}"


def lines(funnel: Funnel, pack: Pack, most: int, pathway: str | None = None) -> Iterator[str]:
    """Yield the numbers as lines of at most 120 cells.

    Args:
        funnel: The numbers.
        pack: The criteria, for words.
        most: How many rules to list.
        pathway: The one pathway to tell of in detail; all when None.
    """
    about = funnel.about
    policy = about["pack"]["policy"]
    local = f", local policy: {policy}" if policy else ""
    version = about["pack"]["version"]
    yield f"{funnel.patients:,} patients on {about['on']}, criteria {version}{local}"
    yield ""
    yield "could still be a candidate"
    for each in funnel.pathways:
        total = _candidates(each)
        title = pack.pathways[each.id].title
        yield f"  {title:<44}{shown(total):>12}  {_bar(total, funnel.patients)}"
    called = words(pack)
    for each in funnel.pathways:
        if pathway in (None, each.id):
            yield ""
            yield from _pathway(each, funnel, pack, called, most)
    yield ""
    yield f"{HIDDEN} not shown: small, or it would give away a small number"


def _pathway(
    each: PathwayFunnel, funnel: Funnel, pack: Pack, called: Mapping[str, str], most: int
) -> Iterator[str]:
    yield pack.pathways[each.id].title
    for row in each.standings.rows:
        if funnel.by:
            group = "all" if row == TOTAL else row
            yield f"  {funnel.by} {group}: {each.standings.sizes[row]:,}"
        for standing in STANDINGS:
            number = each.standings.cells[row, standing]
            if number != 0:
                bar = _bar(number, each.standings.sizes[row])
                yield f"    {called[standing]:<64}{shown(number):>12}  {bar}"
    titles = {ident: rule.title for ident, rule in pack.rules.items()}
    if each.rules:
        yield f"  {'what stops most':<66}{'stops':>12}{'only this':>12}{'open':>12}"
    for rule in each.rules[:most]:
        name = f"{titles.get(rule.rule, rule.rule)} ({rule.rule})"
        counts = "".join(f"{shown(n):>12}" for n in (rule.applies, rule.only, rule.open))
        yield f"    {name[:64]:<64}{counts}"
    if each.missing:
        yield f"  {'missing most, among those who could still be candidates':<66}{'open':>12}"
    for item in each.missing[:most]:
        name = ", ".join(item.questions) or titles.get(item.rules[0], item.rules[0])
        more = f"  {len(item.rules)} rules" if len(item.rules) > 1 else f"  {item.rules[0]}"
        yield f"    {name[:64]:<64}{shown(item.open):>12}{more}"


def change_lines(found: WhatIf, pack: Pack) -> Iterator[str]:
    """Yield what another policy would change, as lines."""
    rules = ", ".join(found.rules) or "none"
    yield f"{found.patients:,} patients; rules that read otherwise: {rules}"
    titles = {str(ident): each.title for ident, each in pack.wording.verdicts.items()}
    for each in found.pathways:
        yield ""
        yield f"{pack.pathways[each.id].title}: {shown(each.changed)} get another verdict"
        for before, after, number in each.moves:
            yield f"    {titles[before]} → {titles[after]:<50}{shown(number):>12}"
        for rule, number in each.rules:
            yield f"    by {rule:<50}{shown(number):>12}"
    yield ""
    yield f"{HIDDEN} not shown: small, or it would give away a small number"


def _candidates(each: PathwayFunnel) -> int | None:
    total = each.standings.rows[-1]
    numbers = [each.standings.cells[total, standing] for standing in CANDIDATES]
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _bar(number: int | None, of: int) -> str:
    if number is None or not of:
        return ""
    return "█" * round(_BAR * number / of) + f" {100 * number / of:.1f} %"


def svg(funnel: Funnel, pack: Pack, most: int) -> str:
    """Return the numbers as a picture: how patients stand, and what stops most."""
    parts: list[str] = []
    y = 28
    called = words(pack)
    for each in funnel.pathways:
        parts.append(_text(10, y, pack.pathways[each.id].title, bold=True))
        y += 12
        total = each.standings.rows[-1]
        numbers = [each.standings.cells[total, standing] for standing in STANDINGS]
        y = _stacked(parts, y, numbers, funnel.patients, [called[s] for s in STANDINGS])
        for rule in each.rules[:most]:
            title = pack.rules[rule.rule].title if rule.rule in pack.rules else rule.rule
            parts.append(_text(10, y + 11, title))
            width = 0 if rule.applies is None else 300 * rule.applies / funnel.patients
            alone = 0 if rule.only is None else 300 * rule.only / funnel.patients
            parts.append(
                f'<rect x="300" y="{y + 2}" width="{width:.1f}" height="10" fill="#c9a03a"/>'
            )
            parts.append(
                f'<rect x="300" y="{y + 2}" width="{alone:.1f}" height="10" fill="#7a1f1f"/>'
            )
            parts.append(_text(610, y + 11, f"{shown(rule.applies)}, only this {shown(rule.only)}"))
            y += 16
        y += 24
    parts.append(_text(10, y, f"{HIDDEN} not shown: small, or it would give away a small number"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="860" height="{y + 16}" '
        'font-family="sans-serif" font-size="12">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _stacked(
    parts: list[str], y: int, numbers: Sequence[int | None], of: int, called: Sequence[str]
) -> int:
    x = 10.0
    for number, shade in zip(numbers, _SHADES, strict=True):
        width = 600 * (number or 0) / of
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="14" fill="{shade}"/>')
        x += width
    y += 18
    for number, name, shade in zip(numbers, called, _SHADES, strict=True):
        if number != 0:
            parts.append(f'<rect x="10" y="{y + 3}" width="9" height="9" fill="{shade}"/>')
            parts.append(_text(26, y + 12, f"{name}: {shown(number)}"))
            y += 16
    return y + 4


def _text(x: int, y: int, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x}" y="{y}"{weight}>{escape(text)}</text>'


def visit_lines(counts: VisitCounts, course: CoursePack, on: dt.date) -> Iterator[str]:
    """Yield what a table of visits comes to, in lines for a terminal.

    Args:
        counts: The numbers.
        course: The course of the pack.
        on: The day it was judged for.
    """
    yield f"{counts.visits:,} visits of {counts.courses:,} courses, {on.isoformat()}"
    if counts.ignored:
        yield f"columns that are not read: {', '.join(counts.ignored)}"
    for each in counts.decisions:
        decision = course.decisions[each.id]
        whose = "every visit" if each.of == "visits" else "the last visit of each course"
        yield ""
        yield f"{decision.title}: {whose}"
        for verdict, number in each.verdicts:
            word = course.info.words[verdict]
            yield f"  {word.symbol} {word.title:<52} {shown(number):>9}"
        yield f"  {'':<54} {'applies':>9} {'open':>9}"
        for rule, applies, open_ in each.rules:
            yield f"    {course.rules[rule].title:<52} {shown(applies):>9} {shown(open_):>9}"
