"""What the criteria say about a medicine, a document, a question or a section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ketatui.consultation.palette import Place
from ketatui.criteria.models import Question, Rule
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.tui.views.lines import EMPTY, Line, line, wrap


def reference_lines(knowledge: Knowledge, place: Place, width: int) -> list[Line]:
    """Return the page.

    Args:
        knowledge: The compiled criteria.
        place: What it is about.
        width: Cells available.
    """
    pack = knowledge.pack
    match place.kind:
        case "drug":
            found = _drug(knowledge, place.key, width)
        case "source":
            found = _source(pack, place.key, width)
        case "section":
            found = _section(pack, place.key, width)
        case _:
            found = _question(pack, pack.questions[place.key.partition("=")[0]], width)
    return list(found)


def _said(label: str, text: str, width: int) -> list[Line]:
    return wrap(text, width, indent=16, first=((f"  {label}", "muted"),)) if text else []


def _drug(knowledge: Knowledge, name: str, width: int) -> Iterator[Line]:
    pack = knowledge.pack
    found = knowledge.medicines.recognize(name)
    yield line((name, "title"))
    yield EMPTY
    if found.ingredients != (name,):
        yield from _said("Ingredients", ", ".join(found.ingredients), width)
    classes = found.classes or ()
    titles = [pack.drug_classes[code].title for code in classes if code in pack.drug_classes]
    yield from _said("Classes", ", ".join(titles) or "none that a rule reads", width)
    yield from _rules(pack, _reading(pack, classes), "Rules that read these classes", width)


def _reading(pack: Pack, classes: Iterable[str]) -> list[Rule]:
    """Return the rules that read classes of medicines, themselves or through a derived fact."""
    terms = {f"'{code}'" for code in classes}
    terms |= {
        fact.id
        for fact in pack.derived.values()
        if any(term in (fact.expression or "") for term in terms)
    }
    return [
        rule for rule in pack.rules.values() if any(term in (rule.when or "") for term in terms)
    ]


def _source(pack: Pack, key: str, width: int) -> Iterator[Line]:
    source = pack.sources[key]
    yield from wrap(source.title, width, role="title")
    yield EMPTY
    yield from _said("Publisher", source.publisher, width)
    yield from _said("Date", source.date, width)
    yield from _said("Address", source.address, width)
    yield from _said("Verified", source.verified.replace("_", " "), width)
    yield from _said("Note", source.note or "", width)
    citing = [
        rule
        for rule in pack.rules.values()
        if any(reference.partition(" §")[0] == key for reference in rule.sources)
    ]
    yield from _rules(pack, citing, "Rules that rest on it", width)
    asking = [
        question.label
        for question in pack.questions.values()
        if any(reference.partition(" §")[0] == key for reference in question.sources)
    ]
    if asking:
        yield EMPTY
        yield line(("Questions that name it", "title"))
        yield from wrap(" · ".join(asking), width, indent=2)


def _section(pack: Pack, key: str, width: int) -> Iterator[Line]:
    yield line((next(item.title for item in pack.sections if item.id == key), "title"))
    yield EMPTY
    for question in pack.by_section[key]:
        yield from wrap(question.label, width, indent=4, first=(("  · ", "muted"),))


def _question(pack: Pack, question: Question, width: int) -> Iterator[Line]:
    yield line((question.label, "title"))
    yield EMPTY
    yield from wrap(question.text, width, role="strong", indent=2)
    for option in question.options:
        yield from wrap(option.label, width, indent=6, first=(("    · ", "muted"),))
    yield from wrap(question.help, width, indent=2)
    yield EMPTY
    yield from _said("Why", question.why, width)
    for reference in question.sources:
        yield from _said("Source", pack.source_text(reference), width)
    reading = [rule for rule in pack.rules.values() if question.id in (rule.when or "")]
    yield from _rules(pack, reading, "Rules that read it", width)


def _rules(pack: Pack, rules: Iterable[Rule], title: str, width: int) -> Iterator[Line]:
    found = list(rules)
    if not found:
        return
    yield EMPTY
    yield line((title, "title"))
    for rule in found:
        head, first = pack.threshold_text(rule.title), (("  · ", "muted"),)
        yield from wrap(head, width, role="strong", indent=4, first=first)
        yield from wrap(pack.threshold_text(rule.because), width, role="muted", indent=6)
