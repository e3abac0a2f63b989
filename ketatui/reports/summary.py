"""An assessment as plain text, 80 columns wide: what `ketatui assess` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from ketatui.cases.model import Case
from ketatui.consultation.medicine_words import open_names
from ketatui.consultation.words import fact_title, half_filled, lone_items, value_text
from ketatui.criteria.pack import Pack
from ketatui.engine import Assessment, Finding, OpenRule, PathwayAssessment
from ketatui.printable import printable
from ketatui.reports.words import PRACTICE

WIDTH = 80
"""Columns of a plain terminal."""

_OVERRIDDEN = "OVERRIDDEN by the clinician; counts as a caution"
_NOT_EXCLUDED = "could not be excluded: what it asks is unknown"
_LOCAL = "local policy"
_RESULTS = {"met": "met", "not_met": "not met", "unknown": "unknown"}


def summary(pack: Pack, case: Case, assessment: Assessment) -> str:
    """Write an assessment for people to read.

    Args:
        pack: The criteria it was made under.
        case: The case.
        assessment: Its assessment.

    Returns:
        Lines of text without colors or anything else a terminal could act on.
    """
    return plain(_all(pack, case, assessment))


def plain(lines: Iterable[str]) -> str:
    """Join lines, whatever a terminal could act on shown as escapes."""
    return "\n".join(printable(line).rstrip() for line in lines)


def wrapped(
    text: str, indent: str = "", hanging: str | None = None, *, width: int = WIDTH
) -> list[str]:
    """Break a text into lines.

    Args:
        text: One paragraph; line breaks in it are kept.
        indent: What the first line begins with.
        hanging: What the others begin with; as many blanks as ``indent`` when None.
        width: Columns available.

    Returns:
        The lines, at least one.
    """
    rest = " " * len(indent) if hanging is None else hanging
    return list(_wrapped(text, width, indent, rest))


@lru_cache(maxsize=2048)
def _wrapped(text: str, width: int, indent: str, rest: str) -> Sequence[str]:
    """Break a text into lines: most are of the criteria, and stand in one case as in the next."""
    found: list[str] = []
    for number, part in enumerate(text.splitlines() or [""]):
        found += textwrap.wrap(
            printable(part),
            width,
            initial_indent=rest if number else indent,
            subsequent_indent=rest,
            break_on_hyphens=False,
        ) or [indent]
    return found


def verdict_line(pack: Pack, pathway: PathwayAssessment) -> str:
    """Return a pathway's verdict: symbol, title, word."""
    words = pack.wording.verdicts[pathway.verdict]
    return f"{words.symbol} {pack.pathways[pathway.id].title}: {words.title}"


def support_line(pack: Pack, pathway: PathwayAssessment) -> str:
    """Return basis and grade of a pathway, or why there is none yet."""
    if pathway.basis is not None and pathway.grade is not None:
        row = pack.support[pathway.support_row] if pathway.support_row else None
        title = f", for {row.title}" if row else ""
        return f"{pack.wording.bases[pathway.basis]}, grade {pathway.grade}{title}"
    return "not for this indication" if pathway.support_row else "support not settled yet"


def still_possible(pack: Pack, pathway: PathwayAssessment) -> str:
    """Say how many rules are open and between which verdicts the end still lies."""
    if pathway.complete:
        return "every rule is decided"
    words = pack.wording.verdicts
    count = len(pathway.open)
    rules = "1 rule" if count == 1 else f"{count} rules"
    best, worst = words[pathway.best].title, words[pathway.worst].title
    end = f"stays {best}" if best == worst else f"could still be from {best} to {worst}"
    return f"{rules} open; {end}"


def _all(pack: Pack, case: Case, assessment: Assessment) -> Iterator[str]:
    yield from _head(pack, case, assessment)
    for pathway in assessment.ranked:
        yield ""
        yield from _pathway(pack, pathway)
    yield from _next(pack, assessment)
    yield from _contradictions(pack, assessment)
    yield from _coverage(pack, assessment)
    yield from _unrecognised(assessment)
    yield from _half_filled(pack, case)


def _head(pack: Pack, case: Case, assessment: Assessment) -> Iterator[str]:
    if case.practice:
        yield PRACTICE
    yield from wrapped(assessment.case, "Case: ")
    if case.label and case.label != assessment.case:
        yield from wrapped(case.label, "      ")
    policy = f", {_LOCAL}: {assessment.policy}" if assessment.policy else ""
    made = f"{assessment.pack_id} {assessment.pack_version}{policy}"
    yield from wrapped(f"Assessed for {assessment.on} under {made}")
    if assessment.on > pack.info.review_by:
        yield f"These criteria were to be reviewed by {pack.info.review_by}."
    yield ""
    yield from wrapped(assessment.headline)


def _pathway(pack: Pack, pathway: PathwayAssessment) -> Iterator[str]:
    line = f"{pathway.rank}. {verdict_line(pack, pathway)}"
    yield line
    yield "-" * min(len(line), WIDTH)
    yield from wrapped(support_line(pack, pathway), "   ")
    yield from wrapped(still_possible(pack, pathway), "   ")
    for effect, findings in groupby(pathway.findings, key=lambda item: item.effect):
        words = pack.wording.effects[effect]
        yield ""
        yield f"   {words.symbol} {words.title}"
        for finding in findings:
            yield from _finding(pack, finding)
    yield from _open(pack, pathway.open)
    if pathway.changes:
        yield ""
        yield "   Would lift the verdict"
    for change in pathway.changes:
        facts = " and ".join(fact_title(pack, ident) for ident in change.facts)
        then = pack.wording.verdicts[change.then].title
        yield from wrapped(f"{facts}: then {then}", "     - ")


def _finding(pack: Pack, finding: Finding) -> Iterator[str]:
    marks = [
        mark
        for mark, holds in (
            (_OVERRIDDEN, finding.overridden),
            (_NOT_EXCLUDED, finding.not_excluded),
            (_LOCAL, finding.local),
        )
        if holds
    ]
    said = f" ({'; '.join(marks)})" if marks else ""
    yield from wrapped(f"{finding.title} [{finding.rule}]{said}", "     - ")
    indent = " " * 7
    yield from wrapped(finding.because, indent)
    yield from wrapped(finding.do, f"{indent}Do: ", indent)
    facts = ", ".join(
        f"{fact_title(pack, ident)}: {value_text(pack, ident, value)}"
        for ident, value in finding.facts.items()
    )
    if facts:
        yield from wrapped(facts, f"{indent}Read: ", indent)
    if finding.medicines:
        yield from wrapped(", ".join(finding.medicines), f"{indent}Medicines: ", indent)
    authority = pack.wording.authorities[finding.authority]
    sources = "; ".join(pack.source_text(source) for source in finding.sources)
    yield from wrapped(f"{authority}, {finding.confidence} confidence: {sources}", indent, indent)


def _open(pack: Pack, opened: Sequence[OpenRule]) -> Iterator[str]:
    if opened:
        yield ""
        yield "   ? Open"
    for rule in opened:
        effect = pack.wording.effects[rule.effect].title
        optional = ", optional" if rule.optional else ""
        head = f"{rule.title} [{rule.rule}] (would be: {effect}{optional})"
        yield from wrapped(head, "     - ")
        needs = [
            fact_title(pack, ident) + (" (asked, unknown)" if ident in rule.unknown else "")
            for ident in rule.needs
        ]
        if needs:
            yield from wrapped(", ".join(needs), "       Needs: ", " " * 7)
        blocked = ", ".join(fact_title(pack, ident) for ident in rule.blocked_by)
        if blocked:
            yield from wrapped(blocked, "       Kept open by: ", " " * 7)


def _next(pack: Pack, assessment: Assessment) -> Iterator[str]:
    yield ""
    if assessment.next is None:
        yield "Nothing that could still change a verdict is unanswered."
        return
    title = fact_title(pack, assessment.next.question)
    yield from wrapped(
        f"{title} [{assessment.next.question}]. {assessment.next.because}.",
        "Next question that matters: ",
        "  ",
    )


def _contradictions(pack: Pack, assessment: Assessment) -> Iterator[str]:
    if assessment.contradictions:
        yield ""
        yield "Contradictions: these answers cannot all be right"
    for item in assessment.contradictions:
        questions = ", ".join(fact_title(pack, ident) for ident in item.questions)
        yield from wrapped(f"{questions}: {item.because}", "  - ")


def _coverage(pack: Pack, assessment: Assessment) -> Iterator[str]:
    coverage = assessment.coverage
    payer = pack.payers.get(coverage.profile)
    if payer is None:
        return
    yield ""
    yield from wrapped(
        f"{payer.title}: {_RESULTS[coverage.verdict]}", "Coverage (never a verdict): ", "  "
    )
    yield from wrapped(f"{payer.policy}. {payer.captured}", "  ")
    for rule in coverage.rules:
        yield from wrapped(f"{_RESULTS[rule.result]}: {rule.title}", "  - ")
        yield from wrapped(rule.because, "    ")


def _half_filled(pack: Pack, case: Case) -> Iterator[str]:
    """Say what a scale lacks that no rule asks for: a last item that was never reached."""
    for text in half_filled(pack, case):
        yield ""
        yield from wrapped(text, "", "  ")
    open_items = [
        item
        for question in pack.questions.values()
        for item in lone_items(pack, question, case)
        if item.endswith("not answered")
    ]
    for item in open_items:
        yield from wrapped(item, "  - ")


def _unrecognised(assessment: Assessment) -> Iterator[str]:
    if assessment.unrecognised:
        yield ""
        yield from wrapped(open_names(assessment.unrecognised), "", "  ")
