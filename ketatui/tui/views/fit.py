"""The fit pane: what the criteria say about each pathway, in a glance."""

from __future__ import annotations

from ketatui.consultation.consultation import Consultation
from ketatui.criteria.pack import Pack
from ketatui.engine import Assessment, PathwayAssessment
from ketatui.engine.assessment import SEVERITY
from ketatui.tui.views.lines import EMPTY, Line, Span, fit, line, sides, wrap
from ketatui.tui.views.verdicts import (
    ROLE,
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
        question = pack.questions[upcoming.question]
        lines.append(
            sides(
                ((" ", "text"), (question.label, "strong")),
                ((". jumps ", "key"),),
                width,
                target="next",
            )
        )
        lines += wrap(upcoming.because, width - 1, indent=1, role="muted")
    if assessment.unrecognised:
        names = ", ".join(assessment.unrecognised)
        lines += wrap(f"! Not recognized: {names}", width - 1, indent=1, role="caution")
    coverage = assessment.coverage
    if coverage.profile in pack.payers:
        word = {"met": "met", "not_met": "not met", "unknown": "not settled"}[coverage.verdict]
        title = pack.payers[coverage.profile].title
        lines += wrap(f"Payer ({title}): {word}", width - 1, indent=1, role="muted")
    return lines


def _pathway(pack: Pack, pathway: PathwayAssessment, width: int) -> list[Line]:
    title = pack.pathways[pathway.id].title
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
    basis = basis_text(pack, pathway)
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


def _reason(pack: Pack, pathway: PathwayAssessment, width: int, target: str) -> Line:
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
    pack = consultation.pack
    parts: list[Span] = [(" ", "text")]
    for pathway in consultation.assessment.pathways:
        count = waiting(pathway)
        symbol, role = verdict_symbol(pack, pathway.verdict)
        shown = f"{symbol}{count}" if count and pathway.verdict == "incomplete" else symbol
        parts += [(f"{pack.pathways[pathway.id].short} ", "text"), (shown, role), ("   ", "text")]
    used = sum(len(text) for text, _ in parts)
    upcoming = consultation.assessment.next
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
