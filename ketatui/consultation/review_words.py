"""Reviews and signatures in words: the same on a screen, in a listing and in an export."""

from __future__ import annotations

import re

from ketatui.cases.integrity import CaseReading, Fit
from ketatui.cases.model import Review, Revision, Signature
from ketatui.cases.signatures import content_revision
from ketatui.cases.subjects import subject_of
from ketatui.criteria.pack import Pack

_MOST = 6
"""Changes of a revision that are named; the others are counted."""


def subject_text(pack: Pack, on: str) -> str:
    """Say what a review is on, in the words of the criteria."""
    subject = subject_of(on)
    if subject is None:
        return on
    match subject.kind:
        case "case" | "decision":
            return f"the {subject.kind}"
        case "answer":
            known = pack.questions.get(subject.question)
            return f"the answer “{known.label if known else subject.question}”"
        case _:
            rule = pack.rules.get(subject.rule)
            pathway = pack.pathways.get(subject.pathway)
            return (
                f"the finding “{rule.title if rule else subject.rule}” for "
                f"{pathway.title if pathway else subject.pathway}"
            )


def review_text(pack: Pack, review: Review) -> str:
    """Say who said what kind of thing: "Dr B (pharmacist) disagrees with the decision"."""
    match review.kind:
        case "comment":
            said = f"comments on {subject_text(pack, review.on)}"
        case "agree":
            said = "agrees with the decision"
        case _:
            said = "DISAGREES with the decision"
    return f"{review.by} ({review.role}) {said}"


def signature_text(signature: Signature) -> str:
    """Say who signed as what: "reviewed: Dr B (pharmacist)"."""
    return f"{signature.meaning}: {signature.by} ({signature.role})"


def amended_text(pack: Pack, revision: Revision) -> str:
    """Say what a revision changed, in the words of the criteria: "Systolic blood pressure, …"."""
    names: list[str] = []
    for change in revision.changes:
        what = str(change.get("what", ""))
        if what == "state":
            continue
        known = pack.questions.get(what.removeprefix("answers."))
        top = re.split(r"[.\[]", what, maxsplit=1)[0]
        names.append(known.label if known else top.replace("_", " "))
    found = list(dict.fromkeys(names))
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return ", ".join(found[:_MOST]) + more


def fit_of(reading: CaseReading, said: Review | Signature) -> Fit:
    """Tell how a review or signature stands to the content that was read."""
    return reading.integrity.fit(reading.case, said)


def fit_text(reading: CaseReading, said: Review | Signature) -> str:
    """Say which revision a review or signature belongs to, and whether its content stands."""
    match fit_of(reading, said):
        case "current":
            return f"of revision {said.revision}, whose content stands"
        case "old":
            since = content_revision(reading.case)
            return f"belongs to revision {said.revision}; amended since (revision {since})"
        case "altered":
            return f"of revision {said.revision}; what stands here was ALTERED since, outside"
        case _:
            return f"does NOT fit revision {said.revision} of this case"
