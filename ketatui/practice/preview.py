"""A practice case as its author previews it: the story, and everything a trainee is not told."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ketatui.consultation.words import answer_text, fact_title
from ketatui.engine import Knowledge, assess
from ketatui.engine.decisive import fact_roles
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.reasons import reasons_for
from ketatui.practice.stages import Part, parts_of

_WIDTH = 80


def preview(knowledge: Knowledge, library: PracticeLibrary, case: PracticeCase) -> Iterator[str]:
    """Yield a practice case as lines of text."""
    file = case.file
    yield f"PRACTICE  {file.title}"
    topic = library.topic_title(file.topic)
    yield f"{topic}, difficulty {file.difficulty}, about {file.minutes} minutes, on {file.on}"
    yield file.invented + (f" By {file.author}." if file.author else "")
    for part in parts_of(knowledge, case):
        if part.stage is not None:
            yield from ("", f"STAGE  {part.stage.title}, day {part.stage.day}")
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    """Yield what is met in a part of a case, and its key."""
    knowledge, file = part.knowledge, part.case.file
    for said in file.story:
        yield from _titled(f"{said.title} ({said.part})", said.text)
    for reveal in file.reveal:
        facts = ", ".join(reveal.facts) or "told when asking brings nothing else up"
        yield from _titled(f"Asked for: {reveal.ask} ({facts})", reveal.text)
    for number, hint in enumerate(file.hint, start=1):
        yield from _titled(f"Hint {number}", hint.text)
    yield from _key(knowledge, part.case)
    yield from ("", "Plans")
    for plan in file.plans:
        mark = "right" if plan.right else "harm" if plan.harm else "neutral"
        yield from _wrapped(f"[{mark}] {plan.text}" + (f" ({plan.harm})" if plan.harm else ""))
    yield from ("", "Teaching")
    for item in file.teaching:
        sources = "; ".join(knowledge.pack.source_text(source) for source in item.sources)
        yield from _wrapped(f"{item.text} [{sources}]")


def _key(knowledge: Knowledge, case: PracticeCase) -> Iterator[str]:
    pack, right, on = knowledge.pack, case.right, case.file.on
    assessment = assess(knowledge, right, on, with_changes=False)
    yield from ("", "Verdicts, and the reasons on the list (* sets the verdict, + holds)")
    for pathway in assessment.pathways:
        words = pack.wording.verdicts[pathway.verdict]
        yield f"  {pack.pathways[pathway.id].title}: {words.symbol} {words.title}"
        for reason in reasons_for(knowledge, case, pathway):
            mark = "*" if reason.decisive else "+" if reason.holds else " "
            yield f"    {mark} {reason.title}"
    yield from ("", "Facts that decide the case")
    for ident, role in fact_roles(knowledge, right, on).items():
        if role.decisive:
            answer = answer_text(pack, pack.questions[ident], right, assessment)
            rules = f" ({', '.join(role.rules)})" if role.rules else ""
            yield from _wrapped(f"{fact_title(pack, ident)}: {answer}{rules}")


def _titled(title: str, text: str) -> Iterator[str]:
    yield from ("", title)
    for paragraph in text.splitlines():
        yield from _wrapped(paragraph)


def _wrapped(text: str) -> Iterator[str]:
    lines = textwrap.wrap(text, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield from lines or [""]
