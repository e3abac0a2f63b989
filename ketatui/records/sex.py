"""What a patient's sex is recorded as: in several places, which have to say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ketatui.criteria.models.records import RecordPatient, RecordSex
from ketatui.records.model import Proposal
from ketatui.records.resources import Extension, Patient
from ketatui.records.values import Refused


class _Said(NamedTuple):
    """What one extension says.

    Attributes:
        answer: The option it stands for; empty if it stands for none.
        code: What it is read from.
        label: What it is called.
        stands_alone: Whether it is a sex, and not what is to be done about one.
    """

    answer: str
    code: str
    label: str
    stands_alone: bool = True


def sex_of(rules: RecordPatient, read: Patient, key: str) -> Proposal | Refused | None:
    """Return the sex that a patient is recorded with; None where nothing is.

    A sex that is recorded and not understood, or said to be unknown, is not made up for by another
    place. Only the sex at birth may differ from the administrative gender: that is its purpose.

    Args:
        rules: Which extensions are read, and what their codes answer.
        read: The patient.
        key: What the patient is called by.
    """
    birth = list(_birth(rules, read))
    others = [found for one in rules.recorded_sex for found in _recorded(one, read)]
    for found in (*birth, *others):
        if not found.answer:
            return Refused(
                f"its {found.label} is recorded, and not as one that answers the question",
                ask=True,
            )
    if not birth and read.gender is not None:
        answer = rules.gender.get(read.gender, "")
        if not answer:
            return Refused("its gender is recorded, and not as one that answers the question")
        others.append(_Said(answer, f"Patient.gender|{read.gender}", "gender"))
    said = [*birth, *others]
    if len({found.answer for found in said}) > 1:
        named = ", ".join(dict.fromkeys(f"{found.label}: {found.answer}" for found in said))
        return Refused(f"its sex is recorded differently ({named}); none is taken", ask=True)
    for found in said:
        if found.stands_alone:
            return Proposal(rules.sex, found.answer, key, found.code)
    return (
        Refused(f"its {said[0].label} is recorded, which alone says no sex", ask=True)
        if said
        else None
    )


def _birth(rules: RecordPatient, read: Patient) -> Iterator[_Said]:
    for item in read.extension:
        if item.url == rules.birth_sex_extension:
            code = item.value_code or ""
            name = f"{rules.birth_sex_extension}|{code}"
            yield _Said(rules.birth_sex.get(code, ""), name, "birth sex")


def _recorded(rules: RecordSex, read: Patient) -> Iterator[_Said]:
    for item in read.extension:
        if item.url != rules.extension:
            continue
        parts = [part for part in item.extension if part.url == rules.part]
        # Without its value, or with several, it says nothing that can be taken.
        part = item if rules.part is None else parts[0] if len(parts) == 1 else Extension()
        codes = [code for code in _codes(part, rules.systems) if code is not None]
        answers = {rules.codes.get(code, "") for code in codes}
        answer = answers.pop() if len(answers) == 1 else ""
        named = f"{rules.extension}|{codes[0]}" if codes else rules.extension
        yield _Said(answer, named, rules.label, rules.stands_alone)


def _codes(part: Extension, systems: tuple[str, ...]) -> Iterator[str | None]:
    """Yield the codes of a value; one of a system that is not listed stands for none."""
    yield "" if systems and part.value_code is not None else part.value_code
    concept = part.value_codeable_concept
    for coding in (part.value_coding, *(concept.coding if concept else ())):
        if coding is not None:
            yield coding.code if coding.system in systems else ""
