"""The fit pane: what the criteria say about each pathway, in a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ketatui.consultation.consultation import Consultation
from ketatui.criteria.pack import Pack
from ketatui.engine import Assessment, Finding, PathwayAssessment
from ketatui.engine.assessment import SEVERITY
from ketatui.tui.views.lines import EMPTY, Line, Span, beside_end, fit, line, sides, wrap
from ketatui.tui.views.verdicts import (
    ROLE,
    Judged,
    basis_text,
    finding_title,
    reach,
    verdict_symbol,
    waiting,
)

_HEAD = 2
"""Lines of a pathway above its findings: its verdict, and what it can still become."""
_STEPS = (3, 5, 8)
"""Lines for the findings of each pathway while none has more: they seldom change."""
_LONG_NAMES = 43
"""Cells from which there is room for the whole name of a pathway and the longest verdict."""
_LEAST_BELOW = 5
"""Lines kept for the question that matters next."""


def fit_lines(consultation: Consultation, width: int, height: int, below: int = 0) -> list[Line]:
    """Return the fit pane: four pathways with their findings, then the next question that matters.

    Every pathway takes the same number of lines while that is enough for all that is to be said,
    so that nothing below it moves when it changes; else those that have more to say take more.

    Args:
        consultation: The consultation.
        width: Cells available.
        height: Lines available.
        below: Of these the lines to leave free under it.
    """
    pack, assessment = consultation.pack, consultation.assessment
    lines: list[Line] = [judged_head("FIT", assessment.pathways, width)]
    rest = _next_lines(consultation, width)
    count = len(assessment.pathways)
    room = height - 1 - max(len(rest), _LEAST_BELOW) - below - count * _HEAD
    gaps = count if room >= 2 * count else 0
    wanted = [lines_told(pack, pathway, width) for pathway in assessment.pathways]
    if sum(wanted) > room - gaps:
        # No title on two lines while a finding would not be named at all for it.
        wanted = [findings_told(pathway) for pathway in assessment.pathways]
    for pathway, slots in zip(assessment.pathways, shared_lines(wanted, room - gaps), strict=True):
        lines += _pathway(pack, pathway, width, slots)
        if gaps:
            lines.append(EMPTY)
    return lines + rest


def shared_lines(wanted: Sequence[int], room: int) -> list[int]:
    """Share lines out among pathways, or decisions of a visit.

    Args:
        wanted: The lines each could fill.
        room: The lines there are.

    Returns:
        Equal shares where those are enough; else each gets what it needs as far as it goes round,
        and at least one.
    """
    equal = max(room // max(len(wanted), 1), 1)
    if all(want <= equal for want in wanted):
        enough = next((step for step in _STEPS if max(wanted, default=0) <= step), equal)
        return [min(enough, equal)] * len(wanted)
    given = [min(max(want, 1), equal) for want in wanted]
    left = room - sum(given)
    while left > 0 and any(have < want for have, want in zip(given, wanted, strict=True)):
        for place, want in enumerate(wanted):
            if given[place] < want and left > 0:
                given[place] += 1
                left -= 1
    return given


def _next_lines(consultation: Consultation, width: int) -> list[Line]:
    pack, assessment = consultation.pack, consultation.assessment
    lines = [line((" NEXT THAT MATTERS", "title"))]
    upcoming = assessment.next
    if upcoming is None:
        waits = any(item.verdict == "incomplete" for item in assessment.pathways)
        text = (
            "Nothing left to ask; what is open could not be established."
            if waits
            else "Nothing unanswered can change a verdict."
        )
        lines += wrap(text, width - 1, indent=1, role="muted")
    else:
        lines += next_lines(pack, upcoming, width)
    if assessment.unrecognised:
        names = ", ".join(assessment.unrecognised)
        lines += wrap(f"! Not recognized: {names}", width - 1, indent=1, role="caution")
    coverage = assessment.coverage
    if coverage.profile in pack.payers:
        word = {"met": "met", "not_met": "not met", "unknown": "not settled"}[coverage.verdict]
        title = pack.payers[coverage.profile].title
        lines += wrap(f"Payer ({title}): {word}", width - 1, indent=1, role="muted")
    return lines


class NextToAsk(Protocol):
    """A question that matters next."""

    @property
    def question(self) -> str:
        """Its id."""

    @property
    def because(self) -> str:
        """Why it matters."""


def next_lines(pack: Pack, upcoming: NextToAsk, width: int) -> list[Line]:
    """Return the question that matters next, the key that jumps to it, and why it matters."""
    question = pack.questions[upcoming.question]
    head = sides(
        ((" ", "text"), (question.label, "strong")),
        ((". jumps ", "key"),),
        width,
        target="next",
    )
    return [head, *wrap(upcoming.because, width - 1, indent=1, role="muted")]


def _pathway(pack: Pack, pathway: PathwayAssessment, width: int, slots: int) -> list[Line]:
    title = pack.pathways[pathway.id].title
    return judged_lines(pack, pathway, title, width, basis_text(pack, pathway), slots)


def judged_head(title: str, judged: Sequence[Judged], width: int) -> Line:
    """Return the heading of what is judged; it says what the numbers below it count.

    Args:
        title: The heading.
        judged: Pathways, or decisions of a visit.
        width: Cells available.
    """
    counts = any(map(waiting, judged))
    return sides(
        ((f" {title}", "title"),), (("questions open ", "muted"),) if counts else (), width
    )


def judged_lines(
    pack: Pack, pathway: Judged, title: str, width: int, basis: str = "", slots: int = 1
) -> list[Line]:
    """Return what is judged: its verdict, what it can still become, and why.

    Args:
        pack: The criteria it was judged by.
        pathway: A pathway, or a decision of a visit.
        title: What it is called, in at most 12 cells.
        width: Cells available.
        basis: What it rests on, if that is to be said.
        slots: Lines for findings; what does not fit is counted at the end of the last.
    """
    symbol = verdict_symbol(pack, pathway.verdict)
    word = pack.wording.verdicts[pathway.verdict].title
    target = f"pathway:{pathway.id}"
    name = fit(title, 12).ljust(13)
    if width < _LONG_NAMES and pathway.id in pack.pathways:
        name = f"{pack.pathways[pathway.id].short:<8} "
    said = fit(word, width - 3 - len(name))
    head = Line(
        ((" ", "text"), symbol, (" ", "text"), (name, "strong"), (said, ROLE[pathway.verdict])),
        target,
    )
    left: list[Span] = [("   ", "text")]
    if basis:
        left.append((f"{basis} ", "text"))
    can_be = reach(pack, pathway)
    if can_be:
        left += [("· ", "muted"), *can_be] if basis else list(can_be)
    count = waiting(pathway)
    right: tuple[Span, ...] = ((f"{count} open ", "muted"),) if count else ()
    state = sides(left, right, width, target=target)
    return [head, state, *_reasons(pack, pathway, width, slots)]


def _title_lines(
    pack: Pack, finding: Finding, marks: Sequence[Span], width: int, target: str | None
) -> list[Line]:
    """Return a finding's whole title, what is marked of it at the end of the first line."""
    mark = (f"{pack.wording.effects[finding.effect].symbol} ", ROLE[finding.effect])
    first = (("   ", "text"), mark)
    return beside_end(finding.title, marks, width, indent=5, first=first, target=target)


def lines_told(pack: Pack, pathway: Judged, width: int) -> int:
    """Return how many lines the findings of what is judged take, none of them cut."""
    return sum(len(_title_lines(pack, item, (), width, None)) for item in _told(pathway))


def findings_told(pathway: Judged) -> int:
    """Return how many findings there are to list of what is judged; notes are not."""
    return len(_told(pathway))


def _told(pathway: Judged) -> list[Finding]:
    return [item for item in pathway.findings if item.effect != "note"]


def _reasons(pack: Pack, pathway: Judged, width: int, slots: int) -> list[Line]:
    target = f"pathway:{pathway.id}"
    told = _told(pathway)
    shown, more = told[:slots], len(told) - slots
    spare = slots - len(shown)
    overridden = any(item.overridden for item in pathway.findings)
    lines = []
    for place, finding in enumerate(shown):
        last = place == len(shown) - 1
        marks: list[Span] = [("local ", "local")] if finding.local else []
        if finding.overridden or (overridden and slots == 1):
            marks.append(("overridden ", "caution"))
        elif finding.not_excluded:
            marks.append(("unknown ", "info"))
        if last and more > 0:
            marks.append((f"+{more} ", "muted"))
        title = _title_lines(pack, finding, marks, width, target)
        if len(title) - 1 > spare:
            mark, text = title[0].spans[:2], (finding.title, "text")
            title = [sides((*mark, text), marks, width, target=target)]
        lines += title
        spare -= len(title) - 1
        # Where lines are left, they say what to do about it.
        action = wrap(finding.do, width - 1, role="muted", indent=5, target=target)
        if finding.do and slots > 1 and len(action) <= spare:
            lines += action
            spare -= len(action)
    return lines + [Line((), target)] * spare


def strip_line(consultation: Consultation, width: int) -> Line:
    """Return the fit as one line, for narrow screens: ``Spravato ?7  IV ?7  IM ?7  Oral ✗``."""
    found = consultation.assessment
    return judged_strip(consultation.pack, found.pathways, found.next, width)


def judged_strip(
    pack: Pack, judged: Sequence[Judged], upcoming: NextToAsk | None, width: int
) -> Line:
    """Return all that is judged as one line, and the question that matters next."""
    parts: list[Span] = [(" ", "text")]
    for pathway in judged:
        count = waiting(pathway)
        symbol, role = verdict_symbol(pack, pathway.verdict)
        shown = f"{symbol}{count}" if count and pathway.verdict == "incomplete" else symbol
        parts += [(f"{pack.pathways[pathway.id].short} ", "text"), (shown, role), ("   ", "text")]
    used = sum(len(text) for text, _ in parts)
    if upcoming is not None and width - used > 20:
        label = pack.questions[upcoming.question].label
        parts += [("next ", "muted"), (fit(label, width - used - 8), "text"), (" .", "key")]
    return Line(tuple(parts), "fit")


def worsened(pack: Pack, before: Assessment, after: Assessment) -> Span | None:
    """Say which pathways an answer has made worse, and by which finding."""
    worse = [
        item
        for item in after.pathways
        if SEVERITY[item.verdict] > SEVERITY[before.pathway(item.id).verdict]
        and item.verdict != "incomplete"
    ]
    if not worse or not worse[0].findings:
        return None
    names = ", ".join(pack.pathways[item.id].short for item in worse)
    words = pack.wording.verdicts[worse[0].verdict]
    first = finding_title(worse[0].findings[0])
    text = f"{names}: {words.symbol} {words.title}: {first}. e explains."
    return text, ROLE[worse[0].verdict]
