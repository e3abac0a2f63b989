"""Write the example cases of ``saved_cases/`` anew: invented cases, through the program's own code.

Run it after a change of the criteria: ``.venv/bin/python scripts/examples.py``. Ids and times are
fixed, so that it writes the same bytes until the criteria change.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ketatui.cases.atomic import write_atomically  # noqa: E402
from ketatui.cases.model import (  # noqa: E402
    Case,
    Consent,
    ConsentMark,
    Decision,
    Medication,
    Override,
    Record,
    Trial,
)
from ketatui.cases.store import CaseStore, Loaded  # noqa: E402
from ketatui.consultation.completing import completed, program  # noqa: E402
from ketatui.consultation.consultation import Consultation  # noqa: E402
from ketatui.consultation.edits import (  # noqa: E402
    MarkConsent,
    SetAnswer,
    SetConsent,
    SetItem,
    SetLabel,
    SetMedications,
    SetNote,
    SetTrials,
)
from ketatui.consultation.reach import deciding  # noqa: E402
from ketatui.consultation.reviewing import Reviewer, Step, review  # noqa: E402
from ketatui.criteria.loading import load_pack  # noqa: E402
from ketatui.engine import Knowledge, compile_pack  # noqa: E402
from ketatui.toml_structs import read_table  # noqa: E402

FOLDER = ROOT / "saved_cases"
PATTERN = "????????-??????-example??.toml"
"""The files of this script: a clinician's own cases have other names."""
DAY = dt.date(2026, 11, 21)
_BY = "K.L., psychiatrist"
_DECIDER = Reviewer("K.L.", "psychiatrist")
_COLLEAGUE = Reviewer("M.O.", "psychiatrist")
_PHARMACIST = Reviewer("T.W.", "clinical pharmacist")
_AGAIN = dt.timedelta(hours=3)
"""From a consultation to its second visit."""

Answers = dict[str, bool | int | str | None]

_YES = (
    "setting.dea_ciii setting.rems_certified setting.prescriber_on_site setting.pulse_oximeter "
    "setting.observation_2h setting.resuscitation setting.iv_capable setting.compounder "
    "indication.confirmed depression.oral_antidepressant trials.rows_complete "
    "substance.pdmp_checked medications.reviewed logistics.transport logistics.can_stay_2h "
    "logistics.rems_patient_enrolled consent.capacity"
).split()
USUAL: Answers = {
    **dict.fromkeys(_YES, True),
    "setting.prescriber": "psychiatrist",
    "setting.site": "outpatient_clinic",
    "patient.age": 46,
    "patient.sex": "male",
    "patient.weight_kg": "81",
    "patient.height_cm": "179",
    "indication.diagnosis": "mdd",
    "depression.acute_suicidality": False,
    "depression.psychotic_features": False,
    "scales.phq9": 19,
    "scales.madrs": 31,
    "scales.audit_c": 2,
    "substance.urine_drug_screen": "negative",
    "vitals.systolic": 126,
    "vitals.diastolic": 78,
    "vitals.heart_rate": 70,
    "vitals.spo2": 98,
    "labs.liver": "normal",
    "labs.ecg": "not_done",
    "logistics.payer": "none",
}
"""A man with depression in a clinic that has all it needs. What is left is answered no or none."""

WOMAN: Answers = {
    "patient.sex": "female",
    "patient.age": 34,
    "patient.weight_kg": "64.5",
    "patient.height_cm": "167",
    "patient.can_become_pregnant": True,
    "patient.pregnant": False,
    "patient.contraception": True,
    "patient.breastfeeding": False,
    "labs.pregnancy_test": "negative",
}
TWO_FAILED = (
    ("sertraline", 150, 10, "no_response"),
    ("venlafaxine", 225, 9, "partial_response"),
)


@dataclass(frozen=True)
class Reviewing:
    """What a reviewer said, minutes after the consultation began."""

    after: int
    who: Reviewer
    steps: Sequence[Step]


_ANTIDEPRESSANT = (("venlafaxine", "225 mg in the morning"),)
"""What is taken where an antidepressant is and nothing else is said."""


@dataclass(frozen=True)
class Example:
    """One example: what differs from the usual case, and what was decided."""

    number: int
    label: str
    answers: Answers
    trials: Sequence[tuple[str, int, int, str]] = TWO_FAILED
    medicines: Sequence[tuple[str, str]] = ()
    unknown: Sequence[str] = ()
    notes: dict[str, str] = field(default_factory=dict)
    pathway: str | None = None
    reason: str = ""
    overrides: dict[str, str] = field(default_factory=dict)
    agreed: bool = False
    half_way: bool = False
    by: str = _BY
    afterwards: Callable[[Consultation, dt.datetime], str] | None = None
    """A second visit: changes the consultation and says why it is saved again."""
    reviews: Sequence[Reviewing] = ()
    """Before a second visit or, where their time says so, after it."""

    @property
    def begun(self) -> dt.datetime:
        """When the consultation began."""
        minutes = 40 * (self.number - 1)
        return dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)

    @property
    def ident(self) -> str:
        """The case's id."""
        return f"{self.begun:%Y%m%d-%H%M%S}-example{self.number:02}"


def _tablets_taken(consultation: Consultation, now: dt.datetime) -> str:
    consultation.do(SetAnswer(question="vitals.systolic", value=138))
    consultation.do(SetAnswer(question="vitals.diastolic", value=84))
    note = "Third reading, two hours after the usual tablets, seated; 166/102 before them."
    consultation.do(SetNote(question="vitals.systolic", text=note))
    _talk_through(consultation, "spravato", now)
    decision = Decision(
        pathway="spravato", reason="Pressure is back in range; first session today.", by=_BY, at=now
    )
    for edit in deciding(consultation, decision):
        consultation.do(edit)
    return "blood pressure measured again in the afternoon"


def _pharmacy_called(consultation: Consultation, now: dt.datetime) -> str:
    taken = consultation.case.medications
    rows = (*taken, Medication(name="lorazepam", dose="0.5 mg at night"))
    consultation.do(SetMedications(rows=rows))
    decision = consultation.case.decision.replaced(
        reason="As before. Sessions are in the afternoon, long after the night dose.", at=now
    )
    for edit in deciding(consultation, decision):
        consultation.do(edit)
    return "the pharmacy's list names a medicine that was not told"


EXAMPLES: tuple[Example, ...] = (
    Example(
        1,
        "Example: two failed antidepressants, criteria met, invented",
        {},
        pathway="spravato",
        reason="On-label, and the patient prefers a nasal spray to a drip.",
        agreed=True,
    ),
    Example(
        2,
        "Example: lorazepam at night, caution overridden, invented",
        {**WOMAN, "patient.age": 41, "scales.phq9": 21},
        medicines=(("lorazepam", "0.5 mg at night"), ("sertraline", "150 mg in the morning")),
        pathway="spravato",
        reason="On-label. Sessions are in the afternoon, long after the night dose.",
        overrides={
            "cns-depressants": "0.5 mg at night, more than 12 hours before an afternoon session; "
            "oximetry for the full two hours."
        },
        agreed=True,
    ),
    Example(
        3,
        "Example: no safe way home yet, requirement unmet, invented",
        {"patient.age": 58, "logistics.transport": False},
        notes={"logistics.transport": "Lives alone; the neighbor can drive from next week on."},
        pathway="none",
        reason="No session before the way home is arranged. New appointment in a week.",
    ),
    Example(
        4,
        "Example: TIA nine years ago, not recommended and overridden, invented",
        {"patient.age": 57, "medical.stroke_tia": True},
        notes={"medical.stroke_tia": "One TIA nine years ago, carotids repaired, none since."},
        pathway="spravato",
        reason="Two treatments failed; ECT was declined. Neurology sees no reason against it.",
        overrides={
            "stroke-tia": "Single TIA nine years ago with its cause treated; neurology consulted "
            "in writing. Blood pressure is taken every ten minutes in the first hour."
        },
        agreed=True,
    ),
    Example(
        5,
        "Example: known brain aneurysm, contraindicated, invented",
        {**WOMAN, "patient.age": 49, "medical.aneurysmal_disease": True},
        notes={"medical.aneurysmal_disease": "4 mm, middle cerebral artery, followed by MRI."},
        pathway="none",
        reason="Aneurysm. Referred for TMS; neurosurgery informed.",
    ),
    Example(
        6,
        "Example: vital signs still to be taken, provisional, invented",
        {
            **WOMAN,
            **dict.fromkeys(
                ("vitals.systolic", "vitals.diastolic", "vitals.heart_rate", "vitals.spo2")
            ),
        },
        notes={"vitals.systolic": "Seen by video today; measured on site before the session."},
        pathway="spravato",
        reason="Planned for the first session, if pressure and oxygen allow it on the day.",
        agreed=True,
    ),
    Example(
        7,
        "Example: bipolar depression without a mood stabilizer, against the criteria, invented",
        {
            "indication.diagnosis": "bipolar_depression",
            "indication.first_line_tried": True,
            "depression.oral_antidepressant": None,
            "bipolar.mood_stabiliser": False,
            "setting.site": "inpatient_unit",
            "logistics.rems_patient_enrolled": None,
            "patient.age": 39,
        },
        medicines=(("quetiapine", "300 mg at night"),),
        notes={"bipolar.mood_stabiliser": "Lithium, valproate, lamotrigine stopped: side effects."},
        pathway="iv",
        reason="No mood stabilizer is tolerated; quetiapine 300 mg covers. Inpatient, second "
        "opinion agrees, mood watched daily for a switch.",
        agreed=True,
    ),
    Example(
        8,
        "Example: CRPS of the hand, infusion, invented",
        {
            **WOMAN,
            "patient.age": 58,
            "patient.can_become_pregnant": False,
            "patient.pregnant": None,
            "patient.contraception": None,
            "labs.pregnancy_test": None,
            "setting.prescriber": "pain_specialist",
            "indication.diagnosis": "crps",
            "indication.first_line_tried": True,
            "depression.acute_suicidality": None,
            "depression.psychotic_features": None,
            "depression.oral_antidepressant": None,
            "scales.phq9": None,
            "scales.madrs": None,
            "trials.rows_complete": None,
        },
        trials=(),
        medicines=(("ibuprofen", "400 mg as needed"),),
        pathway="iv",
        reason="Budapest criteria met; physiotherapy, gabapentin and blocks did not help enough.",
        agreed=True,
        by="R.S., pain medicine",
    ),
    Example(
        9,
        "Example: vessel malformation cannot be ruled out, invented",
        {"patient.age": 44, "medical.avm": None},
        unknown=("medical.avm",),
        notes={"medical.avm": "Told as a child of a vessel problem in the head; no records."},
        pathway="none",
        reason="Nothing before the MR angiography, which is ordered.",
    ),
    Example(
        10,
        "Example: called away half way, a draft, invented",
        {**WOMAN, "patient.age": 29},
        half_way=True,
    ),
    Example(
        11,
        "Example: high blood pressure in the morning, amended, invented",
        {"patient.age": 61, "vitals.systolic": 166, "vitals.diastolic": 102},
        medicines=(("amlodipine", "5 mg in the morning"),),
        pathway="none",
        reason="Blood pressure tablets forgotten today; measured again after they are taken.",
        afterwards=_tablets_taken,
    ),
    Example(
        12,
        "Example: reviewed, agreed and signed by two colleagues, invented",
        {**WOMAN, "patient.age": 34},
        pathway="spravato",
        reason="On-label; she works and can plan two afternoons a week.",
        agreed=True,
        reviews=(
            Reviewing(40, _DECIDER, (Step("request"),)),
            Reviewing(
                95,
                _PHARMACIST,
                (
                    Step("comment", "Checked against the refill record.", "answer:medications"),
                    Step("co-signed"),
                ),
            ),
            Reviewing(
                120,
                _COLLEAGUE,
                (Step("agree", "Both trials are documented and adequate."), Step("reviewed")),
            ),
        ),
    ),
    Example(
        13,
        "Example: signed, then amended: the first signature is of the old revision, invented",
        {"patient.age": 55},
        pathway="spravato",
        reason="On-label, and the patient prefers a nasal spray to a drip.",
        agreed=True,
        afterwards=_pharmacy_called,
        reviews=(
            Reviewing(60, _COLLEAGUE, (Step("agree", "Nothing stands against it."),)),
            Reviewing(61, _COLLEAGUE, (Step("reviewed"),)),
            Reviewing(210, _DECIDER, (Step("amended"),)),
        ),
    ),
    Example(
        14,
        "Example: a reviewer disagrees, a second review is awaited, invented",
        {"patient.age": 64, "vitals.systolic": 138, "vitals.diastolic": 88},
        pathway="iv",
        reason="The clinic has the chair free this week.",
        agreed=True,
        reviews=(
            Reviewing(
                75,
                _COLLEAGUE,
                (
                    Step("comment", "One reading only; please repeat.", "answer:vitals.systolic"),
                    Step("disagree", "A free chair is no reason against the approved product."),
                    Step("request"),
                ),
            ),
        ),
    ),
)

_HALF = ("setting", "patient", "indication")
_TEACH_BACK = "I may feel far away for an hour, and somebody else drives me home."
_STEP = dt.timedelta(seconds=40)


def _talk_through(consultation: Consultation, pathway: str, now: dt.datetime) -> None:
    """Discuss every consent item of a pathway that can apply."""
    values = consultation.assessment.values
    hidden = consultation.knowledge.consent_hidden
    for item in consultation.pack.consent.values():
        if pathway not in item.pathways:
            continue
        if item.id in hidden and hidden[item.id].value(values) is True:
            continue
        now += _STEP
        said = _TEACH_BACK if item.id == "consent.dissociation" else ""
        mark = ConsentMark(discussed_at=now, teach_back=said)
        consultation.do(MarkConsent(item=item.id, mark=mark))
    ended = Consent(
        outcome="agreed",
        ended_at=now,
        present="patient, nurse",
        interpreter="none needed",
        copy_given=True,
    )
    consultation.do(SetConsent(consent=ended))


def _answer(consultation: Consultation, example: Example) -> None:
    answers = {**USUAL, **example.answers}
    sections = [section.id for section in consultation.pack.sections]
    for section in sections[: len(_HALF)] if example.half_way else sections:
        for question in consultation.pack.by_section[section]:
            if answers.get(question.id) is not None:
                consultation.do(SetAnswer(question=question.id, value=answers[question.id]))
            elif question.id in example.unknown:
                consultation.do(SetAnswer(question=question.id, unknown=True))
        if section not in _HALF:
            consultation.answer_remaining(consultation.remaining_no(section))
    for ident, text in example.notes.items():
        consultation.do(SetNote(question=ident, text=text))
    if example.half_way:
        # The PHQ-9 was begun item by item: a half-filled scale is no total.
        consultation.do(SetAnswer(question="scales.phq9"))
        for item in ("interest", "mood", "sleep"):
            consultation.do(SetItem(question="scales.phq9", item=item, score=2))
        return
    if example.trials:
        consultation.do(SetTrials(rows=tuple(_trial(*row) for row in example.trials)))
    medicines = example.medicines
    if not medicines and consultation.case.answers.get("depression.oral_antidepressant"):
        medicines = _ANTIDEPRESSANT
    if medicines:
        rows = tuple(Medication(name=name, dose=dose) for name, dose in medicines)
        consultation.do(SetMedications(rows=rows))


def _trial(drug: str, dose: int, weeks: int, outcome: str) -> Trial:
    return read_table(
        {
            "drug": drug,
            "daily_dose_mg": dose,
            "weeks": weeks,
            "outcome": outcome,
            "adherent": True,
            "current_episode": True,
        },
        Trial,
    )


def _decide(consultation: Consultation, example: Example, now: dt.datetime) -> None:
    if example.pathway is None:
        return
    overrides = tuple(
        Override(pathway=example.pathway, rule=rule, reason=reason, by=example.by, at=now)
        for rule, reason in example.overrides.items()
    )
    decision = Decision(
        pathway=example.pathway, reason=example.reason, by=example.by, at=now, overrides=overrides
    )
    for edit in deciding(consultation, decision):
        consultation.do(edit)


def write_example(example: Example, knowledge: Knowledge, folder: Path) -> Path:
    """Walk through one example and save it.

    Args:
        example: The example.
        knowledge: The compiled pack.
        folder: Where it is saved; it holds no file of this id.

    Returns:
        The file.
    """
    begun = example.begun
    store = CaseStore(folder, knowledge.pack)
    record = Record(created_at=begun, created_by=example.by, program=program())
    case = Case(id=example.ident, record=record)
    consultation = Consultation(knowledge, case, today=lambda: DAY)
    consultation.do(SetLabel(text=example.label))
    _answer(consultation, example)
    if example.agreed and example.pathway is not None:
        _talk_through(consultation, example.pathway, begun + dt.timedelta(minutes=8))
    decided = begun + dt.timedelta(minutes=32)
    _decide(consultation, example, decided)
    why = "called away" if example.half_way else "end of the consultation"
    saved = store.save(completed(consultation), base=None, by=example.by, why=why, now=decided)
    later = begun + _AGAIN
    saved = _reviewed(store, saved, example, again=False)
    if example.afterwards is not None:
        consultation = Consultation(knowledge, saved.case, today=lambda: DAY)
        why = example.afterwards(consultation, later)
        saved = store.save(
            completed(consultation),
            base=saved.stamp,
            by=example.by,
            why=why,
            now=later + dt.timedelta(minutes=25),
        )
    return _reviewed(store, saved, example, again=True).stamp.path


def _reviewed(store: CaseStore, saved: Loaded, example: Example, *, again: bool) -> Loaded:
    """Save what reviewers said before, or after, the second visit."""
    for item in example.reviews:
        after = dt.timedelta(minutes=item.after)
        if (after >= _AGAIN) == again:
            now = example.begun + after
            saved = review(store, saved, item.steps, who=item.who, now=now).loaded
    return saved


def write_all(folder: Path) -> list[Path]:
    """Write every example.

    Args:
        folder: An empty folder.

    Returns:
        The files, in order.
    """
    knowledge = compile_pack(load_pack(ROOT / "criteria"))
    return [write_example(example, knowledge, folder) for example in EXAMPLES]


def main() -> None:
    """Replace the examples of ``saved_cases/`` and nothing else there."""
    with tempfile.TemporaryDirectory() as made:
        files = write_all(Path(made))
        wanted = {path.name for path in files}
        for path in files:
            write_atomically(FOLDER / path.name, path.read_bytes())
    for path in FOLDER.glob(PATTERN):
        if path.name not in wanted:
            path.unlink()


if __name__ == "__main__":
    main()
