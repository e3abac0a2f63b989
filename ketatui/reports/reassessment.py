"""How a case stood and how it stands, as plain text: what changed, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.criteria.pack import Pack
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.case_status import PathwayStatus, RuleStatus
from ketatui.engine.causes import Cause
from ketatui.engine.difference import Difference, PathwayDifference, RuleChange
from ketatui.reports.summary import WIDTH, wrapped
from ketatui.reports.words import pathway_title
from ketatui.structs import Frozen

NOT_RECORDED = "not recorded"
_BECAUSE = "      because "
_INDENT = " " * 8
MARKS = {
    "added": "+",
    "removed": "-",
    "opened": "?",
    "closed": "-",
    "effect": "~",
    "overridden": "~",
    "restated": "~",
}
"""What stands before a rule that differs, by how it does."""


def head_line(difference: Difference) -> str:
    """Say between which days and criteria a difference is."""
    then, now = difference.then, difference.now
    if not then.is_recorded:
        return f"No assessment was saved with it; now {now.on or '?'} under {now.criteria_name}"
    if then.digest and then.digest == now.digest:
        same = f"both under {now.criteria_name}"
        return f"Then {then.on or '?'}, now {now.on or '?'}, {same}"
    changed = " (changed since)" if then.criteria_name == now.criteria_name else ""
    return (
        f"Then {then.on or '?'} under {then.criteria_name}, "
        f"now {now.on or '?'} under {now.criteria_name}{changed}"
    )


def difference_lines(
    pack: Pack,
    difference: Difference,
    *,
    decided: str | None = None,
    only_changed: bool = False,
    width: int = WIDTH,
) -> Iterator[str]:
    """Write a difference pathway by pathway.

    Args:
        pack: The criteria of the later side.
        difference: What differs.
        decided: The pathway that was decided on; it is marked.
        only_changed: Leave out pathways on which nothing differs.
        width: Columns available.

    Yields:
        A line for each pathway, then every rule that changed, once for the pathways it changed on.
    """
    for item in difference.pathways:
        if only_changed and item.same:
            continue
        mark = " (decided)" if item.id == decided else ""
        said = f"{pathway_title(pack, item.id)}{mark}: {verdicts(pack, item)}"
        yield from wrapped(said, "", "  ", width=width)
        if item.support_changed:
            yield from wrapped(support_words(pack, item), "  ~ ", "    ", width=width)
            yield from _because(pack, item.support, width)
    for number, changed in enumerate(changes(pack, difference)):
        if not number:
            yield "What changed:"
        yield from wrapped(changed.words, f"  {changed.mark} ", "    ", width=width)
        yield from _because(pack, changed.causes, width)
    for word, found in (
        ("New contradiction", difference.contradictions_new),
        ("Contradiction gone", difference.contradictions_gone),
    ):
        for contradiction in found:
            yield from wrapped(
                contradiction.because or contradiction.id, f"{word}: ", "  ", width=width
            )
    if difference.next_changed:
        yield from wrapped(next_words(pack, difference), "", "  ", width=width)


def verdicts(pack: Pack, item: PathwayDifference) -> str:
    """Say the verdict of a pathway then and now."""
    now = verdict_words(pack, item.now)
    if item.then is None:
        return f"{NOT_RECORDED} -> {now}"
    if not item.verdict_changed:
        return f"{now}, as then"
    return f"{verdict_words(pack, item.then)} -> {now}"


def verdict_words(pack: Pack, item: PathwayStatus | None) -> str:
    """Say a verdict, its symbol beside it."""
    if item is None:
        return NOT_RECORDED
    for code, words in pack.wording.verdicts.items():
        if code == item.verdict:
            return f"{words.symbol} {words.title}"
    return item.verdict


def support_words(pack: Pack, item: PathwayDifference) -> str:
    """Say basis and grade of a pathway then and now."""
    return f"basis and grade: {_support(pack, item.then)} -> {_support(pack, item.now)}"


def next_words(pack: Pack, difference: Difference) -> str:
    """Say which question is next now."""
    now = difference.now.next
    label = pack.questions[now].label if now and now in pack.questions else now or "nothing"
    return f"Next question that matters: {label}"


def _support(pack: Pack, item: PathwayStatus | None) -> str:
    if item is None or item.basis is None or item.grade is None:
        return "not settled"
    basis = next((word for code, word in pack.wording.bases.items() if code == item.basis), "")
    return f"{basis or item.basis} {item.grade}"


class Changed(Frozen, frozen=True):
    """A rule that changed in one way, on one pathway or on several.

    Attributes:
        words: What changed, and on which pathways.
        mark: How it is marked: came, went, open, otherwise.
        change: The change on the first of them.
        causes: Why, the same on all of them.
    """

    words: str
    mark: str
    change: RuleChange
    causes: tuple[Cause, ...]


def changes(pack: Pack, difference: Difference) -> Iterator[Changed]:
    """List the rules that changed, the worst effect first.

    Args:
        pack: The criteria of the later side.
        difference: What differs.

    Yields:
        Every change; one that is the same on several pathways once.
    """
    where: dict[tuple[str, str, tuple[Cause, ...]], list[str]] = {}
    worst: dict[tuple[str, str, tuple[Cause, ...]], RuleChange] = {}
    for item in difference.pathways:
        for change in item.rules:
            said = f"{change.title} [{change.rule}]: {change_words(pack, change)}"
            key = said, MARKS[change.kind], change.causes
            where.setdefault(key, []).append(pathway_title(pack, item.id))
            worst.setdefault(key, change)
    for key in sorted(where, key=lambda key: -SEVERITY.get(worst[key].effect, -2)):
        said, mark, causes = key
        everywhere = len(where[key]) == len(difference.pathways)
        on = "on every pathway" if everywhere else f"on {', '.join(where[key])}"
        yield Changed(f"{said}; {on}", mark, worst[key], causes)


def cause_words(pack: Pack, causes: Sequence[Cause]) -> Iterator[str]:
    """Say why something changed, answers of one kind together.

    Args:
        pack: The criteria, for the words of questions.
        causes: The causes.

    Yields:
        A reason each.
    """
    for kind, words in (("stale", "too old to count"), ("answer", "answered otherwise")):
        labels = [
            pack.questions[cause.subject].label if cause.subject in pack.questions else ""
            for cause in causes
            if cause.kind == kind
        ]
        if labels:
            yield f"{words}: {', '.join(labels)}"
    yield from (cause.words for cause in causes if cause.kind not in ("stale", "answer"))


def _because(pack: Pack, causes: Sequence[Cause], width: int) -> Iterator[str]:
    for words in cause_words(pack, causes):
        yield from wrapped(words, _BECAUSE, _INDENT, width=width)


def change_words(pack: Pack, change: RuleChange) -> str:
    """Say what became of a rule: ``was open, applies now: caution``."""
    then, now = change.then, change.now
    match change.kind:
        case "restated":
            return f"{_effect(pack, now)}, as then; stated otherwise"
        case "overridden":
            return "overridden now" if now and now.overridden else "no longer overridden"
        case "effect":
            return f"{_state(pack, then)} -> {_state(pack, now)}"
        case "closed" | "removed":
            return f"no longer {_state(pack, then)}"
        case _ if then is None:
            return f"now {_state(pack, now)}"
        case _:
            return f"was {_state(pack, then)}, now {_state(pack, now)}"


def _state(pack: Pack, item: RuleStatus | None) -> str:
    effect = _effect(pack, item)
    return f"open (would be {effect})" if item and item.is_open else effect


def _effect(pack: Pack, item: RuleStatus | None) -> str:
    if item is None:
        return "nothing"
    for code, words in pack.wording.effects.items():
        if code == item.effect:
            return words.title.lower()
    return item.effect or "of an effect not recorded"
