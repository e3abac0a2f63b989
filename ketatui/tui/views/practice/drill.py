"""A drill as a form: who it is, the one fact that is otherwise, the verdict now, and why."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.practice.drill_session import Drilling
from ketatui.practice.drills import Drill
from ketatui.tui.views.forms import FormItem

VERDICT, NEXT = "verdict", "next"


def drill_items(sitting: Drilling, again: str) -> list[FormItem]:
    """Return the form.

    Args:
        sitting: The drill at hand, and what was said to it.
        again: When its rule comes again, once it was answered.
    """
    drill = sitting.drill
    if drill is None:
        return [FormItem("none", "Nothing is due any more.", "info", ("", "good"))]
    items = [
        FormItem("head:who", "Who it is", "heading"),
        _info("who", drill.text),
        FormItem("head:fact", "One thing is different", "heading"),
        _info("fact", f"{drill.fact}: {drill.value} (not {drill.before})", "strong"),
        FormItem("head:verdict", drill.decides, "heading"),
        _verdict(sitting, drill),
    ]
    if sitting.said is not None:
        items += _told(drill, again)
    return items


def _info(key: str, text: str, role: str = "text") -> FormItem:
    return FormItem(key, text, "info", ("", role))


def _verdict(sitting: Drilling, drill: Drill) -> FormItem:
    said = sitting.said
    without = f"Without it: {drill.words[drill.was]}."
    if said is not None:
        right = said == drill.verdict
        told = "✓ right" if right else f"✗ it is {drill.words[drill.verdict]}"
        text = f"{without} You: {drill.words[said]}  {told}"
        return _info(VERDICT, text, "good" if right else "bad")
    return FormItem(
        VERDICT,
        f"{without} And now?",
        "choice",
        answer=("·", "muted"),
        options=tuple(drill.words.items()),
        detail=(("Which verdict do the criteria give?", "strong"),),
    )


def _told(drill: Drill, again: str) -> Iterator[FormItem]:
    yield FormItem("head:why", "Why", "heading")
    finding = drill.finding
    if finding is None:
        yield _info("not", f"“{drill.title}” does not apply yet.")
    else:
        yield _info("rule", finding.title, "strong")
        yield _info("because", finding.because)
        yield _info("do", f"Do: {finding.do}")
        for number, source in enumerate(drill.sources):
            yield _info(f"source:{number}", f"· {source}", "muted")
    yield _info("again", again, "muted")
    yield FormItem(NEXT, "The next rule", "action", answer=("Enter", "key"))
