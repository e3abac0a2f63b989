"""What is read of FHIR R4 resources: those parts only, however much else a resource holds.

Numbers stay exact and dates stay text, as precise as they are written.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ketatui.contract.base import Number


class Part(BaseModel):
    """A part of a resource: what is not read is passed over."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="ignore", alias_generator=to_camel, allow_inf_nan=False
    )


class Coding(Part):
    """A code of a system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(Part):
    """A ``CodeableConcept``."""

    coding: list[Coding] = Field(default_factory=list)
    text: str | None = None


class Quantity(Part):
    """A measured value with its unit."""

    value: Number | None = None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Reference(Part):
    """Where another resource is named."""

    reference: str | None = None


class Period(Part):
    """From when to when; each as written."""

    start: str | None = None
    end: str | None = None


class Extension(Part):
    """An extension whose value is a code, or that is made of others."""

    url: str | None = None
    value_code: str | None = None
    value_coding: Coding | None = None
    value_codeable_concept: Concept | None = None
    extension: list["Extension"] = Field(default_factory=list)


class Meta(Part):
    """What a resource says about itself."""

    tag: list[Coding] = Field(default_factory=list)


class Backbone(Part):
    """A part that may say that its meaning is another one."""

    modifier_extension: list[Any] = Field(default_factory=list)


class Valued(Backbone):
    """What holds a value: an observation, or a component of one."""

    code: Concept = Concept()
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    value_codeable_concept: Concept | None = None
    data_absent_reason: Concept | None = None


class Readable(Backbone):
    """What all resources share that may turn their meaning around."""

    status: str | None = None
    implicit_rules: str | None = None
    meta: Meta = Meta()


class Range(Backbone):
    """A range that values of some, or of all, people lie in."""

    low: Quantity | None = None
    high: Quantity | None = None
    type: Concept | None = None
    applies_to: list[Any] = Field(default_factory=list)
    age: Any = None


class Observation(Valued, Readable):
    """``Observation``."""

    interpretation: list[Concept] = Field(default_factory=list)
    reference_range: list[Range] = Field(default_factory=list)

    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    focus: list[Any] = Field(default_factory=list)
    component: list[Valued] = Field(default_factory=list)
    has_member: list[Reference] = Field(default_factory=list)


class Link(Backbone):
    """Another resource of the same person, and whether it stands in place of this one."""

    type: str | None = None


class Patient(Readable):
    """``Patient``; of its identity nothing is read but the birth date, for the age."""

    birth_date: str | None = None
    gender: str | None = None
    active: bool | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    extension: list[Extension] = Field(default_factory=list)
    link: list[Link] = Field(default_factory=list)


class Condition(Readable):
    """``Condition``."""

    code: Concept | None = None
    category: list[Concept] = Field(default_factory=list)
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None


class Answer(Backbone):
    """An answer in a form; what stands inside it is not read."""

    value_boolean: bool | None = None
    value_integer: int | None = None
    value_decimal: Number | None = None
    value_coding: Coding | None = None


class ItemExtension(Part):
    """An extension of an item: the day it was answered, where it is another one."""

    url: str | None = None
    value_date: str | None = None


class Item(Backbone):
    """An item of a form, with those inside it."""

    link_id: str | None = None
    extension: list[ItemExtension] = Field(default_factory=list)
    answer: list[Answer] = Field(default_factory=list)
    item: list["Item"] = Field(default_factory=list)


class QuestionnaireResponse(Readable):
    """``QuestionnaireResponse``."""

    questionnaire: str | None = None
    authored: str | None = None
    item: list[Item] = Field(default_factory=list)


class Medication(Readable):
    """``Medication``."""

    code: Concept = Concept()


class Repeat(Part):
    """How often, and from when to when."""

    bounds_period: Period | None = None


class Timing(Backbone):
    """When a medicine is taken."""

    repeat: Repeat | None = None


class Dosage(Backbone):
    """How a medicine is taken."""

    timing: Timing | None = None


class Prescribed(Readable):
    """What a statement and an order of a medicine share."""

    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    contained: list[dict[str, Any]] = Field(default_factory=list)


class MedicationStatement(Prescribed):
    """``MedicationStatement``."""

    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None
    taken: Any = None
    """Of FHIR STU3, in which a statement may be of what is not taken."""
    was_not_taken: Any = None
    """The same of FHIR DSTU2."""
    dosage: list[Dosage] = Field(default_factory=list)


class Supply(Backbone):
    """For how long an order may be filled."""

    validity_period: Period | None = None


class MedicationRequest(Prescribed):
    """``MedicationRequest``."""

    intent: str | None = None
    do_not_perform: bool | None = None
    authored_on: str | None = None
    dispense_request: Supply | None = None
    dosage_instruction: list[Dosage] = Field(default_factory=list)
