"""What is read of FHIR R4 resources: those parts only, however much else a resource holds.

The contract (``ketatui.contract.fhir``) says the same as pydantic models, and takes and refuses the
same; reading through it costs twenty times as much.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from msgspec import field

from ketatui.structs import Frozen

SUBSETTED = "SUBSETTED"
"""The tag of a resource that was handed out in part."""


class Part(Frozen, frozen=True, rename="camel"):
    """A part of a resource: what is not read is passed over."""


class Coding(Part, frozen=True):
    """A code of a system."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class Concept(Part, frozen=True):
    """A ``CodeableConcept``."""

    coding: list[Coding] = field(default_factory=list)
    text: str | None = None


class Quantity(Part, frozen=True):
    """A measured value with its unit."""

    written: int | Decimal | None = field(default=None, name="value")
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None

    @property
    def value(self) -> Decimal | None:
        """Return the number, exact."""
        return Decimal(self.written) if isinstance(self.written, int) else self.written


class Reference(Part, frozen=True):
    """Where another resource is named."""

    reference: str | None = None


class Period(Part, frozen=True):
    """From when to when; each as written."""

    start: str | None = None
    end: str | None = None


class Extension(Part, frozen=True):
    """An extension whose value is a code, or that is made of others."""

    url: str | None = None
    value_code: str | None = None
    value_coding: Coding | None = None
    value_codeable_concept: Concept | None = None
    extension: list[Extension] = field(default_factory=list)


class Meta(Part, frozen=True):
    """What a resource says about itself."""

    tag: list[Coding] = field(default_factory=list)


class Backbone(Part, frozen=True):
    """A part that may say that its meaning is another one."""

    modifier_extension: list[Any] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        return bool(self.modifier_extension)


class Valued(Backbone, frozen=True):
    """What holds a value: an observation, or a component of one."""

    code: Concept = Concept()
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    value_codeable_concept: Concept | None = None
    data_absent_reason: Concept | None = None


class Readable(Backbone, frozen=True):
    """What all resources share that may turn their meaning around."""

    CHOICES: ClassVar[tuple[str, ...]] = ()
    """Elements of several types, of which a resource has one at most: ``value[x]``."""

    status: str | None = None
    implicit_rules: str | None = None
    meta: Meta = Meta()

    @property
    def partial(self) -> bool:
        """Tell whether whoever handed it out left parts of it out."""
        return any(item.code == SUBSETTED for item in self.meta.tag)


class Range(Backbone, frozen=True):
    """A range that values of some, or of all, people lie in."""

    low: Quantity | None = None
    high: Quantity | None = None
    type: Concept | None = None
    applies_to: list[Any] = field(default_factory=list)
    age: Any = None


class Observation(Readable, frozen=True):
    """``Observation``; holds a value as a component does."""

    CHOICES = ("value", "effective")

    code: Concept = Concept()
    value_quantity: Quantity | None = None
    value_integer: int | None = None
    value_codeable_concept: Concept | None = None
    data_absent_reason: Concept | None = None
    interpretation: list[Concept] = field(default_factory=list)
    reference_range: list[Range] = field(default_factory=list)

    effective_date_time: str | None = None
    effective_instant: str | None = None
    effective_period: Period | None = None
    focus: list[Any] = field(default_factory=list)
    component: list[Valued] = field(default_factory=list)
    has_member: list[Reference] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        parts: tuple[Backbone, ...] = (*self.component, *self.reference_range)
        return bool(self.modifier_extension) or any(part.modifier_extension for part in parts)


HasValue = Valued | Observation


class Link(Backbone, frozen=True):
    """Another resource of the same person, and whether it stands in place of this one."""

    type: str | None = None


class Patient(Readable, frozen=True):
    """``Patient``; of its identity nothing is read but the birth date, for the age."""

    birth_date: str | None = None
    gender: str | None = None
    active: bool | None = None
    deceased_boolean: bool | None = None
    deceased_date_time: str | None = None
    extension: list[Extension] = field(default_factory=list)
    link: list[Link] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        return bool(self.modifier_extension) or any(item.modifier_extension for item in self.link)


class Condition(Readable, frozen=True):
    """``Condition``."""

    CHOICES = ("onset", "abatement")

    code: Concept | None = None
    category: list[Concept] = field(default_factory=list)
    clinical_status: Concept | None = None
    verification_status: Concept | None = None
    onset_date_time: str | None = None
    onset_period: Period | None = None
    recorded_date: str | None = None


class Answer(Backbone, frozen=True):
    """An answer in a form; what stands inside it is not read."""

    value_boolean: bool | None = None
    value_integer: int | None = None
    value_decimal: int | Decimal | None = None
    value_coding: Coding | None = None


class ItemExtension(Part, frozen=True):
    """An extension of an item: the day it was answered, where it is another one."""

    url: str | None = None
    value_date: str | None = None


class Item(Backbone, frozen=True):
    """An item of a form, with those inside it."""

    link_id: str | None = None
    extension: list[ItemExtension] = field(default_factory=list)
    answer: list[Answer] = field(default_factory=list)
    item: list[Item] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        parts: tuple[Backbone, ...] = (*self.answer, *self.item)
        return bool(self.modifier_extension) or any(part.altered for part in parts)


class QuestionnaireResponse(Readable, frozen=True):
    """``QuestionnaireResponse``."""

    questionnaire: str | None = None
    authored: str | None = None
    item: list[Item] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        return bool(self.modifier_extension) or any(item.altered for item in self.item)


class Medication(Readable, frozen=True):
    """``Medication``."""

    code: Concept = Concept()


class Repeat(Part, frozen=True):
    """How often, and from when to when."""

    bounds_period: Period | None = None


class Timing(Backbone, frozen=True):
    """When a medicine is taken."""

    repeat: Repeat | None = None


class Dosage(Backbone, frozen=True):
    """How a medicine is taken."""

    timing: Timing | None = None

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        return bool(self.modifier_extension or (self.timing and self.timing.modifier_extension))

    @property
    def bounds(self) -> Period | None:
        """Return from when to when it is taken, where that is said."""
        repeat = self.timing.repeat if self.timing else None
        return repeat.bounds_period if repeat else None


class Prescribed(Readable, frozen=True):
    """What a statement and an order of a medicine share."""

    medication_codeable_concept: Concept | None = None
    medication_reference: Reference | None = None
    contained: list[dict[str, Any]] = field(default_factory=list)


class MedicationStatement(Prescribed, frozen=True):
    """``MedicationStatement``."""

    effective_date_time: str | None = None
    effective_period: Period | None = None
    date_asserted: str | None = None
    taken: Any = None
    """Of FHIR STU3, in which a statement may be of what is not taken."""
    was_not_taken: Any = None
    """The same of FHIR DSTU2."""
    dosage: list[Dosage] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        return bool(self.modifier_extension) or any(item.altered for item in self.dosage)


class Supply(Backbone, frozen=True):
    """For how long an order may be filled."""

    validity_period: Period | None = None


class MedicationRequest(Prescribed, frozen=True):
    """``MedicationRequest``."""

    intent: str | None = None
    do_not_perform: bool | None = None
    authored_on: str | None = None
    dispense_request: Supply | None = None
    dosage_instruction: list[Dosage] = field(default_factory=list)

    @property
    def altered(self) -> bool:
        """Tell whether it, or a part of it that is read, may mean something else."""
        supply = self.dispense_request
        own = self.modifier_extension or (supply and supply.modifier_extension)
        return bool(own) or any(item.altered for item in self.dosage_instruction)
