"""The fit pane: what the criteria say about each pathway, in a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ketatui.consultation.consultation import Consultation
from ketatui.criteria.pack import Pack
from ketatui.engine import Assessment, PathwayAssessment
from ketatui.engine.assessment import SEVERITY
from ketatui.tui.views.lines import EMPTY, Line, Span, fit, line, sides, wrap
from ketatui.tui.views.verdicts import (
    ROLE,
    Judged,
    basis_text,
    reach,
    verdict_symbol,
    waiting,
)

_ROOMY = 26
"""Lines from which the pathways are set apart by a blank line."""


def fit_lines(consultation: Consultation, width: int, height: int) -> list[Line]:
    """Return the fit pane: four pathways, then the next question that matters.

    Every pathway takes the same number of lines whatever it says, so that nothing below it
    moves when it changes.
    """
    pack = consultation.pack
    assessment = consultation.assessment
    lines: list[Line] = [line((" FIT", "title"))]
    for pathway in assessment.pathways:
        lines += _pathway(pack, pathway, width)
        if height >= _ROOMY:
            lines.append(EMPTY)
    lines.append(line((" NEXT THAT MATTERS", "title")))
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


def _pathway(pack: Pack, pathway: PathwayAssessment, width: int) -> list[Line]:
    title = pack.pathways[pathway.id].title
    return judged_lines(pack, pathway, title, width, basis_text(pack, pathway))


def judged_lines(
    pack: Pack, pathway: Judged, title: str, width: int, basis: str = ""
) -> list[Line]:
    """Return what is judged in three lines: its verdict, what it can still become, and why.

    Args:
        pack: The criteria it was judged by.
        pathway: A pathway, or a decision of a visit.
        title: What it is called, in at most 12 cells.
        width: Cells available.
        basis: What it rests on, if that is to be said.
    """
    symbol = verdict_symbol(pack, pathway.verdict)
    words = pack.wording.verdicts[pathway.verdict].title
    target = f"pathway:{pathway.id}"
    head = Line(
        (
            (" ", "text"),
            symbol,
            (" ", "text"),
            (fit(title, 12).ljust(13), "strong"),
            (fit(words, width - 16), ROLE[pathway.verdict]),
        ),
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
    return [head, state, _reason(pack, pathway, width, target)]


def _reason(pack: Pack, pathway: Judged, width: int, target: str) -> Line:
    worst = next((item for item in pathway.findings if item.effect != "note"), None)
    if worst is None:
        return Line((), target)
    more = sum(item.effect != "note" for item in pathway.findings) - 1
    right: tuple[Span, ...] = ((f"+{more} ", "muted"),) if more else ()
    mark = f"{pack.wording.effects[worst.effect].symbol} "
    local: tuple[Span, ...] = (("local ", "local"),) if worst.local else ()
    overridden = any(item.overridden for item in pathway.findings)
    over: tuple[Span, ...] = (("overridden ", "caution"),) if overridden else ()
    return sides(
        (("   ", "text"), (mark, ROLE[worst.effect]), (worst.title, "text")),
        (*local, *over, *right),
        width,
        target=target,
    )


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
    text = f"{names}: {words.symbol} {words.title}: {worse[0].findings[0].title}. e explains."
    return text, ROLE[worse[0].verdict]
