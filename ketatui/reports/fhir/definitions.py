"""StructureDefinitions of our own extensions and CodeSystems of our own codes, in FHIR R4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, get_args

from ketatui.cases.integrity import Seal
from ketatui.cases.model import Meaning
from ketatui.criteria.course import has_course
from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import OURS, Json, answers_system, text_of
from ketatui.reports.fhir.courses import DISSOCIATION, SEEN
from ketatui.reports.fhir.proposed import PROPOSED

_EXTENSION = "http://hl7.org/fhir/StructureDefinition/Extension"


class Part(NamedTuple):
    """One part of an extension: what it is called, its type, and what it says."""

    name: str
    kind: str
    about: str
    needed: bool = True


class Own(NamedTuple):
    """An extension of our own: a value, or parts."""

    name: str
    context: str
    about: str
    kind: str = ""
    parts: tuple[Part, ...] = ()
    most: str = "1"


_BOUND = (
    Part("revision", "integer", "The revision of the case it is of."),
    Part("digest", "string", "The digest of that revision."),
    Part("fit", "code", "Whether that revision still stands."),
)
EXTENSIONS = (
    Own("asked-when", "Questionnaire.item", "When a question is asked, in CQL.", "string"),
    Own("note", "QuestionnaireResponse.item", "A note on the answer.", "string"),
    Own(
        "integrity",
        "QuestionnaireResponse",
        "What keeps the case from standing as it is.",
        "string",
        most="*",
    ),
    Own(
        "review",
        "QuestionnaireResponse",
        "What a reviewer said of the case.",
        parts=(
            Part("kind", "code", "A comment, or a view on the decision."),
            Part("on", "string", "What it is on: the case, the decision, an answer, a finding."),
            Part("said", "Annotation", "The text, by whom and when."),
            *_BOUND,
        ),
        most="*",
    ),
    *(Own(part.name, "Provenance", part.about, part.kind) for part in _BOUND),
    Own(
        PROPOSED,
        "QuestionnaireResponse.item",
        "What a record or the site profile proposed, and who confirmed it.",
        parts=(
            Part("resource", "string", "Where it stands in the record.", needed=False),
            Part("code", "string", "What was read there.", needed=False),
            Part("date", "string", "When it is from, as the record writes it.", needed=False),
            Part("value", "string", "What it was there.", needed=False),
            Part("confirmed-by", "string", "Who confirmed it."),
            Part("confirmed-at", "dateTime", "When.", needed=False),
        ),
        most="*",
    ),
    Own("given-on", "QuestionnaireResponse.item", "The day of the answer, if another.", "date"),
    Own(
        "not-in-criteria",
        "QuestionnaireResponse",
        "An answer to a question that the criteria at hand do not have.",
        "string",
        most="*",
    ),
    Own("minute", "Observation", "Minutes from the first device or the start.", "integer"),
    Own("consent-given-to", "Consent", "What the answer was given to.", "string"),
    Own("consent-present", "Consent", "Who was there, by role.", "string"),
    Own("consent-interpreter", "Consent", "Who interpreted.", "string"),
    Own("consent-copy-given", "Consent", "Whether the patient has a copy.", "boolean"),
    Own(
        "consent-item",
        "Consent",
        "Something that was talked about.",
        parts=(
            Part("item", "Coding", "Which item."),
            Part("discussed", "dateTime", "When."),
            Part("teach-back", "string", "The patient's own words.", needed=False),
            Part("note", "string", "A note on it.", needed=False),
        ),
        most="*",
    ),
)
"""Every extension that an export can hold."""


def structure(own: Own, version: str) -> Json:
    """Return the StructureDefinition of an extension.

    Args:
        own: The extension.
        version: Of the package.
    """
    elements = list(_elements(own))
    return {
        "resourceType": "StructureDefinition",
        "id": f"ketatui-{own.name}",
        "url": f"{OURS}:{own.name}",
        "version": version,
        "name": "".join(word.capitalize() for word in own.name.split("-")),
        "title": own.about,
        "status": "active",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": own.context}],
        "type": "Extension",
        "baseDefinition": _EXTENSION,
        "derivation": "constraint",
        "snapshot": {"element": elements},
        "differential": {"element": elements},
    }


def _elements(own: Own) -> Iterator[Json]:
    yield _element("Extension", "0", own.most, own.about, base="0..*")
    yield _element("Extension.id", "0", "1", "For references within.", "string")
    if own.parts:
        slicing = {"discriminator": [{"type": "value", "path": "url"}], "rules": "closed"}
        least = sum(part.needed for part in own.parts)
        parts = _element("Extension.extension", str(least), "*", "Its parts.", "Extension")
        yield parts | {"slicing": slicing}
        for part in own.parts:
            yield from _part(part)
    else:
        yield _element("Extension.extension", "0", "0", "It has no parts.", "Extension")
    yield _url("Extension", f"{OURS}:{own.name}")
    if own.parts:
        yield _element("Extension.value[x]", "0", "0", "Its parts hold the values.", "string")
    else:
        yield _element("Extension.value[x]", "1", "1", own.about, own.kind)


def _part(part: Part) -> Iterator[Json]:
    at = f"Extension.extension:{part.name}"
    least = "1" if part.needed else "0"
    yield _element(at, least, "1", part.about, "Extension") | {"sliceName": part.name}
    yield _element(f"{at}.id", "0", "1", "For references within.", "string")
    yield _element(f"{at}.extension", "0", "0", "It has no parts.", "Extension")
    yield _url(at, part.name)
    yield _element(f"{at}.value[x]", "1", "1", part.about, part.kind)


def _url(at: str, value: str) -> Json:
    return _element(f"{at}.url", "1", "1", "Which one it is.", "uri") | {"fixedUri": value}


_BASES = {"id": "0..1", "extension": "0..*", "url": "1..1", "value[x]": "0..1"}


def _element(ident: str, least: str, most: str, about: str, kind: str = "", base: str = "") -> Json:
    path = ".".join(step.partition(":")[0] for step in ident.split("."))
    low, _, high = (base or _BASES[path.rpartition(".")[2]]).partition("..")
    of = path if path == "Extension" else f"Extension.{path.rpartition('.')[2]}"
    found: Json = {
        "id": ident,
        "path": path,
        "short": about,
        "definition": about,
        "min": int(least),
        "max": most,
        "base": {"path": of, "min": int(low), "max": high},
    }
    return found | {"type": [{"code": kind}]} if kind else found


def code_systems(pack: Pack, version: str) -> Iterator[Json]:
    """Yield the CodeSystem of each system of our own.

    Args:
        pack: The criteria, whose choices have a system each.
        version: Of the package.
    """
    for question in pack.questions.values():
        if question.options:
            codes = ((option.code, option.label) for option in question.options)
            yield _system(answers_system(question.id), question.label, codes, version)
        for column in question.columns:
            if column.options:
                link = f"{question.id}.{column.id}"
                codes = ((option.code, option.label) for option in column.options)
                yield _system(answers_system(link), column.label, codes, version)
    for scale in pack.instruments.values():
        for item in scale.items:
            if not item.loinc_answers:
                codes = ((str(score), label) for score, label in enumerate(item.options))
                link = f"{scale.question}.{item.id}"
                yield _system(answers_system(link), item.text, codes, version)
    yield _system(f"{OURS}:observation", "What was seen in a session", SEEN.items(), version)
    seen = ((code, code) for code in DISSOCIATION)
    yield _system(answers_system("visit.dissociation"), "Dissociation", seen, version)
    yield _system(f"{OURS}:scale", "Scales by which benefit is judged", _scales(pack), version)
    consent = ((item.id, item.title) for item in pack.consent.values())
    yield _system(f"{OURS}:consent", "Items of the consent conversation", consent, version)
    for name, title, known in _TAGS:
        yield _system(f"{OURS}:{name}", title, ((code, code) for code in known), version)


def _scales(pack: Pack) -> list[tuple[str, str]]:
    if not has_course(pack):
        return []
    return [(item.id, item.title) for item in pack.course.instruments.values()]


_TAGS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("signature", "What a signature stands for", get_args(Meaning)),
    ("use", "What a case is for", ("clinical", "practice")),
    ("assessment", "Which assessment an export shows", ("as-saved", "fresh")),
    (
        "integrity",
        "How the seal of a case stands",
        tuple(code.replace("_", "-") for code in get_args(Seal)),
    ),
    ("local-policy", "That a local policy was in force", ("local-policy",)),
    ("criteria", "The criteria something was made under", ()),
    ("criteria-digest", "The digest of these criteria", ()),
    ("assessed-for", "The day something was assessed for", ()),
)


def _system(url: str, title: str, codes: Iterable[tuple[str, str]], version: str) -> Json:
    concepts = [{"code": code, "display": text_of(display)} for code, display in codes]
    name = "".join(part.capitalize() for step in url.split(":")[1:] for part in _words(step))
    found: Json = {
        "resourceType": "CodeSystem",
        "id": url.removeprefix("urn:").replace(":", "-").replace("_", "-")[:64],
        "url": url,
        "version": version,
        "name": name,
        "title": text_of(title),
        "status": "active",
        "caseSensitive": True,
        "content": "complete" if concepts else "not-present",
    }
    return found | {"count": len(concepts), "concept": concepts} if concepts else found


def _words(step: str) -> list[str]:
    return step.replace(".", " ").replace("_", " ").replace("-", " ").split()
