"""Again, today: how a case stood and how it stands, each change with its cause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.cases.model import Case
from ketatui.consultation.words import UNANSWERED, UNKNOWN, answer_text
from ketatui.criteria.wording import number_text
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.case_status import RuleStatus
from ketatui.engine.causes import Cause
from ketatui.engine.difference import Difference, PathwayDifference
from ketatui.engine.reassessment import Reassessment
from ketatui.engine.staleness import StaleAnswer, stale_words
from ketatui.reports.changes_since import Since
from ketatui.reports.reassessment import (
    MARKS,
    Changed,
    cause_words,
    changes,
    head_line,
    next_words,
    support_words,
    verdicts,
)
from ketatui.reports.words import coded, effect_words
from ketatui.tui.views.case_findings import source_lines
from ketatui.tui.views.lines import Line, Span, line, wrap
from ketatui.tui.views.pages import MARK, Row, Section, heading, pair, remark, said
from ketatui.tui.views.verdicts import ROLE

_NO_VERDICT = "The case holds no assessment, so there is nothing to compare with: this is new."
_NO_REASONS = "The reasons of then were not kept, so only verdicts are compared."


def again_sections(
    since: Since,
    case: Case,
    again: Reassessment,
    kept: Reassessment,
    width: int,
    *,
    warnings: Sequence[str] = (),
) -> tuple[Section, ...]:
    """Return a case assessed again as a page.

    Args:
        since: The criteria at hand, and what has become of those of then.
        case: The case as saved.
        again: The case assessed again.
        kept: The same with answers counted however old they are.
        width: Cells available.
        warnings: What keeps the saved content from standing as it is.
    """
    difference = again.difference
    overview = [
        remark(f"integrity:{place}", text, width, "problem") for place, text in enumerate(warnings)
    ]
    overview += [Row("head", tuple(wrap(head_line(difference), width - MARK, role="muted")))]
    overview += _verdict_words(again, kept, width)
    decided = case.decision.pathway
    overview.append(heading("Then → now"))
    overview += pathway_rows(since, difference, width, decided=decided)
    sections = [Section("overview", "Then and now", tuple(overview))]
    changed = tuple(change_rows(since, difference, width))
    if changed:
        count = sum(bool(row.key) for row in changed)
        sections.append(Section("changes", "What changed", changed, (str(count), "muted")))
    if again.stale:
        rows = tuple(_stale(since, case, item, again, width) for item in again.stale)
        sections.append(Section("stale", "Too old to count", rows, (str(len(rows)), "caution")))
    return tuple(sections)


def _verdict_words(again: Reassessment, kept: Reassessment, width: int) -> list[Row]:
    """Say plainly whether it would be the same."""
    difference = again.difference
    text, role = sameness(difference)
    if not difference.then.is_recorded:
        text = _NO_VERDICT
    elif difference.same and not again.stale:
        text, role = "Nothing differs: the same answers give the same verdicts today.", "good"
    else:
        text = f"{text[0].upper()}{text[1:]} today."
    rows = [remark("said", text, width, role)]
    if again.stale:
        count = len(again.stale)
        old = f"{count} answers are" if count > 1 else "1 answer is"
        otherwise = sameness(kept.difference)[0]
        text = f"{old} too old to count. Counted all the same (v): {otherwise}."
        rows.append(remark("kept", text, width, "info"))
    recorded = [item.then for item in difference.pathways if item.then is not None]
    if recorded and any(item.rules is None for item in recorded):
        rows.append(remark("no-reasons", _NO_REASONS, width))
    return rows


def sameness(difference: Difference) -> Span:
    """Say how far the verdicts of then and of now are the same."""
    if not difference.then.is_recorded:
        return "no verdict was saved to compare with", "muted"
    changed = sum(item.verdict_changed for item in difference.pathways)
    if changed:
        verb = "differs" if changed == 1 else "differ"
        return f"{changed} of {len(difference.pathways)} verdicts {verb}", "caution"
    if not difference.same:
        return "the same verdicts, reasons differ", "text"
    if any(item.then and item.then.rules is None for item in difference.pathways):
        return "the same verdicts", "text"
    return "the same verdicts for the same reasons", "text"


def pathway_rows(
    since: Since,
    difference: Difference,
    width: int,
    *,
    decided: str | None = None,
    only_changed: bool = False,
    prefix: str = "",
) -> Iterator[Row]:
    """Yield each pathway, then and now.

    Args:
        since: For words.
        difference: What differs.
        width: Cells available.
        decided: The pathway that was decided on; it is marked.
        only_changed: Leave out pathways on which nothing differs.
        prefix: Put before the keys, where a page has several differences.
    """
    for item in difference.pathways:
        if not (only_changed and item.same):
            yield _pathway(since, item, width, decided == item.id, prefix)


def _pathway(since: Since, item: PathwayDifference, width: int, decided: bool, prefix: str) -> Row:
    pack = since.knowledge.pack
    detail: list[Line] = []
    if item.support_changed:
        detail += said(support_words(pack, item), width)
        for words in cause_words(pack, item.support):
            detail += said(words, width, "muted", first="because ")
    for change in item.rules:
        causes = "; ".join(cause_words(pack, change.causes))
        detail += said(f"{change.title} [{change.rule}]", width, first=f"{MARKS[change.kind]} ")
        if causes:
            detail += said(causes, width, "muted", first="  because ")
    if item.same:
        detail += said("Nothing differs on this pathway.", width, "muted")
    name = since.pathway_words(item.id) + (" (decided)" if decided else "")
    role = ROLE[item.now.verdict] if item.now and item.now.verdict in ROLE else "text"
    if not item.verdict_changed:
        role = "text" if item.then else role
    text = verdicts(pack, item).replace("->", "→")
    return pair(
        f"{prefix}pathway:{item.id}",
        name,
        text,
        width,
        role=role,
        detail=detail,
        label_width=24 if width >= 60 else 14,
    )


def change_rows(
    since: Since, difference: Difference, width: int, prefix: str = ""
) -> Iterator[Row]:
    """Yield every rule that changed, opening to cause, reason and source of then and of now."""
    pack = since.knowledge.pack
    for place, item in enumerate(changes(pack, difference)):
        yield _changed(since, item, f"{prefix}change:{place}", width)
    for word, role, found in (
        ("New contradiction", "caution", difference.contradictions_new),
        ("Contradiction gone", "text", difference.contradictions_gone),
    ):
        for contradiction in found:
            text = f"{word}: {contradiction.because or contradiction.id}"
            key = f"{prefix}{word}:{contradiction.id}:{','.join(contradiction.questions)}"
            yield Row(key, tuple(wrap(text, width - MARK, role=role)))
    if difference.next_changed:
        text = next_words(pack, difference)
        yield Row(f"{prefix}next", tuple(wrap(text, width - MARK, role="muted")))


def _changed(since: Since, item: Changed, key: str, width: int) -> Row:
    pack = since.knowledge.pack
    effect = item.change.effect
    worse = SEVERITY.get(effect, 0) > SEVERITY["caution"] and item.mark in "+?"
    sign = ROLE.get(effect, "text") if worse or item.mark == "+" else "muted"
    words = item.words.replace("->", "→")
    head = wrap(words, width - MARK, indent=2, first=((f"{item.mark} ", sign),))
    reasons = list(cause_words(pack, item.causes))
    for words in reasons:
        head += wrap(words, width - MARK, role="info", indent=10, first=(("  because ", "muted"),))
    detail: list[Line] = []
    for cause in item.causes:
        detail += _behind(since, cause, item.change.now, width)
    for name, standing in (("Then", item.change.then), ("Now", item.change.now)):
        detail += _standing(since, name, standing, width)
    return Row(key, tuple(head), tuple(detail))


def _behind(since: Since, cause: Cause, now: RuleStatus | None, width: int) -> Iterator[Line]:
    """Show a threshold that changed, and its sources where the rule does not name them itself."""
    threshold = since.knowledge.pack.thresholds.get(cause.subject)
    if cause.kind in ("threshold", "local_policy") and threshold is not None:
        unit = f" {threshold.unit}" if threshold.unit else ""
        value = f"{threshold.title}, now {number_text(threshold.value)}{unit}"
        yield from said(value, width, first="Threshold: ")
        for reference in threshold.sources:
            if now is None or reference not in now.sources:
                yield from source_lines(since, reference, width, "  ")


def _standing(since: Since, name: str, item: RuleStatus | None, width: int) -> Iterator[Line]:
    pack = since.knowledge.pack
    if item is None:
        yield line((f"{name}: ", "title"), ("did not apply", "muted"))
        return
    effect = effect_words(pack, item.effect)
    if item.is_open:
        yield line((f"{name}: ", "title"), ("open", "info"), (f", could become {effect}", "muted"))
        questions = pack.questions
        needs = "; ".join(questions[key].label if key in questions else key for key in item.needs)
        if needs:
            yield from said(needs, width, first="  Needs: ")
        return
    over = ", overridden by the clinician" if item.overridden else ""
    yield line((f"{name}: ", "title"), (f"{effect}{over}", ROLE.get(item.effect, "text")))
    if item.because:
        yield from said(item.because, width, first="  ")
    if item.do:
        yield from said(item.do, width, first="  Do: ")
    if item.authority:
        authority = coded(pack.wording.authorities, item.authority)
        yield from said(authority, width, first="  Authority: ")
    for reference in item.sources:
        yield from source_lines(since, reference, width, "  ")


def _stale(since: Since, case: Case, item: StaleAnswer, again: Reassessment, width: int) -> Row:
    """Return an answer that counts no longer: its value, its age, and how long it counts."""
    pack = since.knowledge.pack
    question = pack.questions[item.question]
    value = answer_text(pack, question, case)
    value = "no answer" if value == UNANSWERED else value
    age = (again.assessment.on - item.since).days
    old = f"{age} day{'' if age == 1 else 's'} old"
    detail = [*said(f"“{question.text}”", width), *said(question.help, width, "muted")]
    if value != UNKNOWN:
        detail += said("Today it counts as unanswered; asked again, it counts.", width, "muted")
    for reference in question.sources:
        detail += source_lines(since, reference, width)
    text = f"{value}, {old} ({stale_words(item)})"
    return pair(
        f"stale:{item.question}", question.label, text, width, role="caution", detail=detail
    )
