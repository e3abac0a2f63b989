"""The pack as a whole: wording, version, policy, medicines, and what identifies a person."""

from typing import Annotated, Literal

from pydantic import Field

from ketatui.contract.base import (
    Authority,
    Basis,
    Closed,
    Code,
    ConsentId,
    Day,
    Effect,
    Grade,
    Id,
    LineText,
    LongText,
    Number,
    ParagraphText,
    PathwayId,
    ShortText,
    SourceRef,
    Verdict,
)


class Words(Closed):
    """A word shown to people, its symbol (always beside color), and what it means."""

    title: ShortText
    symbol: Annotated[str, Field(min_length=1, max_length=1)]
    meaning: ParagraphText


class WhoPart(Closed):
    """A part of the line that says who a case is about."""

    name: ShortText
    """What it is called while nothing of it is known."""
    say: ShortText
    """How it is said; ``{question.id}`` stands for an answer."""
    in_label: bool = False
    """Whether it is part of the label that a case has until somebody gives it one."""
    once_known: bool = False
    """Whether it is left out while nothing of it is known."""


class WhoMarks(Closed):
    """What stands for an answer that is not there, and behind one that is too old."""

    open: ShortText = "–"
    unknown: ShortText = "?"
    too_old: ShortText = "(old)"


class WordingFile(Closed):
    """``wording.toml``: what verdicts, effects, authorities and grades are called."""

    verdicts: dict[Verdict, Words]
    effects: dict[Effect, Words]
    authorities: dict[Authority, ShortText]
    bases: dict[Basis, ShortText]
    grades: dict[Grade, ParagraphText]
    who: list[WhoPart] = Field(default_factory=list)
    """Who a case is about, in one line."""
    who_marks: WhoMarks = Field(default_factory=WhoMarks)
    who_words: dict[str, dict[str, ShortText]] = Field(default_factory=dict)
    """Short words for choices in that line, by question and code."""
    who_oldest: dict[str, int] = Field(default_factory=dict)
    """Numbers above which a label says only that they are above it, by question."""


class Change(Closed):
    """An entry of the pack's changelog."""

    version: str
    date: Day
    text: LongText


class PackFile(Closed):
    """``pack.toml``."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: LineText
    version: str
    effective: Day
    review_by: Day
    jurisdiction: LineText
    about: LongText
    weights: dict[Effect, Annotated[int, Field(ge=0, le=1_000_000)]]
    """What an open rule of each effect weighs in the choice of the next question."""
    parts: Annotated[list[str], Field(min_length=1)]
    """Every other file of the pack, so that one that is missing is noticed."""
    changelog: Annotated[list[Change], Field(min_length=1)]


class DrugClass(Closed):
    """A class of medicines that rules refer to."""

    id: Code
    title: ShortText


class MedicineFile(Closed):
    """``drugs/medicines.toml``: the classes."""

    sources: Annotated[list[SourceRef], Field(min_length=1)]
    classes: list[DrugClass]


class Medicine(Closed):
    """What one name stands for."""

    ingredients: Annotated[list[str], Field(alias="is")] = Field(default_factory=list)
    """What is in it, in the table's own names; not said of a name that is its own ingredient."""
    classes: list[Code] = Field(default_factory=list)
    """Classes that rules refer to; none says only that the pack holds no interaction."""
    kind: Literal["generic", "brand", "combination", "supplement", "street"] = "generic"
    confidence: Literal["high", "medium", "low"] = "high"
    """How sure its classes are."""
    tags: list[Code] = Field(default_factory=list)
    """Finer groups ("ssri", "cyp3a4_strong")."""
    listed: list[Literal["ndc", "unii"]] = Field(default_factory=list)
    """Registers the name was found in."""
    note: str = ""
    may_mean: list[str] | None = None
    """For a name that is asked about: what it may stand for. Then nothing else is said."""


class NameFile(Closed):
    """``drugs/names.toml``: names as people type them, one a line."""

    sources: Annotated[list[SourceRef], Field(min_length=1)]
    names: dict[str, Medicine] = Field(default_factory=dict)
    ambiguous: dict[str, Medicine] = Field(default_factory=dict)
    """Names that mean several drugs: asked about, never resolved."""


class VocabularyWords(Closed):
    """Words beside a name, by what they say; "#" stands for a number."""

    forms: list[str]
    units: list[str]
    numbers: list[str]
    when: list[str]
    taking: list[str]
    joining: list[str]


class Purposes(Closed):
    """What a medicine is taken for: words that may stand alone, and those that need "for"."""

    alone: list[str]
    more: list[str]


class NotTaken(Closed):
    """Words that say that something is not, or not certainly, taken."""

    words: list[str]


class Vocabulary(Closed):
    """``drugs/vocabulary.toml``: what may stand beside a name without changing it."""

    sources: Annotated[list[SourceRef], Field(min_length=1)]
    salts: list[str]
    releases: dict[str, list[str]]
    """Every way to write a release form, by the one the table of antidepressants uses."""
    routes: dict[str, list[str]]
    """Every way to write a route, by the one that names of the table end with."""
    words: VocabularyWords
    headings: list[str]
    """Lines above a list of medicines, without a colon: no medicine themselves."""
    purposes: Purposes
    not_taken: NotTaken
    endings: list[str] = Field(default_factory=list)
    """Words that leave a name open directly after it: they can be a drug of their own."""


class Antidepressant(Closed):
    """An antidepressant and the lowest daily dose that counts as an adequate trial."""

    name: str
    also: list[str] = Field(default_factory=list)
    """Brand names and release forms that are the same drug at the same minimum."""
    same_drug_as: str | None = None
    """The drug it counts as, where a form has a minimum of its own ("paroxetine cr")."""
    group: str
    minimum_mg: Number
    """Minimum adequate dose, mg a day (a patch: mg/24 h)."""


class AntidepressantFile(Closed):
    """``drugs/antidepressants.toml``."""

    sources: Annotated[list[SourceRef], Field(min_length=1)]
    antidepressants: list[Antidepressant]


Pattern = Annotated[str, Field(min_length=1, max_length=4000)]
"""A regular expression; it is compiled when texts are first looked through."""


class IdentifierKind(Closed):
    """One kind of identifier and the patterns it is recognized by."""

    id: Code
    title: ShortText
    """Read as "looks like a …"."""
    paragraph: ShortText | None = None
    """Where the rule that asks for it lists it: a letter, a section."""
    replacement: Annotated[str, Field(pattern=r"^\[[^\[\]]+\]$", max_length=44)]
    patterns: Annotated[list[Pattern], Field(min_length=1)]
    """A group named ``it`` is what is replaced; without one the whole match is."""
    unless: list[str] = Field(default_factory=list)
    """In lower case: what is none although a pattern takes it for one."""
    examples: Annotated[list[str], Field(min_length=1)]
    """Texts in which it is found."""
    others: Annotated[list[str], Field(min_length=1)]
    """Texts that resemble one, in which nothing of this kind is found."""
    sources: Annotated[list[SourceRef], Field(min_length=1)]


class IdentifierFile(Closed):
    """``privacy.toml``."""

    identifiers: list[IdentifierKind]


PlaceName = Annotated[str, Field(pattern=r"^[a-z]+:[A-Za-z0-9_.=-]+$")]
"""A kind and an id: ``setting:theme``."""
SearchWords = Annotated[str, Field(min_length=1, max_length=40)]


class PaletteFile(Closed):
    """``palette.toml``."""

    words: dict[PlaceName, Annotated[list[SearchWords], Field(min_length=1)]]
    """Other words, by what they find."""


PatientText = Annotated[str, Field(min_length=1, max_length=120)]
SourceId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class PatientSection(Closed):
    """A heading of the page for the patient."""

    id: Code
    title: ShortText


class PatientLine(Closed):
    """A line of the page: a consent item in few words."""

    section: Code
    item: ConsentId
    text: PatientText
    pathways: list[PathwayId] = Field(default_factory=list)
    """Where it stands; none for all of its item."""


class PatientPageFile(Closed):
    """``patient-page.toml``: ``{medicine}`` is filled in."""

    title: ShortText
    begin: PatientText
    telephone: ShortText
    """Before room to write by hand; so are the other two."""
    after_hours: ShortText
    next_visit: ShortText
    medicines: dict[PathwayId, ShortText]
    """What a patient calls what is given, by pathway."""
    only: dict[PathwayId, list[SourceId]] = Field(default_factory=dict)
    """Documents that speak of one pathway alone."""
    sections: Annotated[list[PatientSection], Field(min_length=1)]
    lines: Annotated[list[PatientLine], Field(min_length=1)]


class SiteFile(Closed):
    """``site.toml``."""

    place: Id | None = None
    """The choice that says where a session would be; Compare may assume another for a pathway."""
    questions: Annotated[list[Id], Field(min_length=1)]
    """Questions that a site profile answers."""
