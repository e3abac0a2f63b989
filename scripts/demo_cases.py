"""Write many invented cases, to try the library with: ``make demo-cases N=10000``.

Every case is assembled at random, assessed by the program and sealed like a saved one. The same
number and seed give the same cases. They are written to a folder of their own, never among a
clinician's cases.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ketatui.cases.folders import prepare_folder  # noqa: E402
from ketatui.cases.identifiers import file_name  # noqa: E402
from ketatui.cases.model import (  # noqa: E402
    Case,
    Consent,
    Decision,
    Medication,
    Override,
    Record,
    Trial,
)
from ketatui.cases.revisions import drafted, with_revision  # noqa: E402
from ketatui.cases.writing import write_checked  # noqa: E402
from ketatui.commands.progress import Progress  # noqa: E402
from ketatui.consultation.completing import completed, program  # noqa: E402
from ketatui.consultation.consultation import Consultation  # noqa: E402
from ketatui.consultation.edits import (  # noqa: E402
    SetAnswer,
    SetConsent,
    SetDecision,
    SetLabel,
    SetMedications,
    SetNote,
    SetTrials,
)
from ketatui.criteria.loading import load_pack  # noqa: E402
from ketatui.criteria.models import Question  # noqa: E402
from ketatui.engine import Knowledge, compile_pack, establish  # noqa: E402
from ketatui.parallel import map_in_parallel  # noqa: E402
from ketatui.toml_structs import read_table  # noqa: E402
from scripts.examples import USUAL, WOMAN, Answers  # noqa: E402

FOLDER = ROOT / "demo_cases"
FIRST = dt.datetime(2023, 11, 20, 8, 0, tzinfo=dt.UTC)
LAST = dt.datetime(2026, 10, 1, 18, 0, tzinfo=dt.UTC)
_PEOPLE = (
    "K.L., psychiatrist",
    "M.A., psychiatrist",
    "R.T., nurse practitioner",
    "S.O., physician",
)
_COMPLAINTS = (
    "low mood",
    "low mood after a loss",
    "third winter",
    "tired, no appetite",
    "thoughts of dying",
    "pain in the left hand",
    "sleepless",
    "two failed tablets",
    "afraid of leaving the house",
    "back after a year",
)
_DRUGS = (
    ("sertraline", (50, 100, 150, 200)),
    ("venlafaxine", (75, 150, 225)),
    ("escitalopram", (10, 20)),
    ("bupropion", (150, 300)),
    ("mirtazapine", (15, 30, 45)),
    ("fluoxetine", (20, 40, 60)),
    ("duloxetine", (30, 60, 90)),
)
_MEDICINES = (
    ("lorazepam", "0.5 mg at night"),
    ("methylphenidate", "20 mg"),
    ("theophylline", "300 mg twice daily"),
    ("clarithromycin", "500 mg twice daily"),
    ("St John's wort", "300 mg three times daily"),
    ("levothyroxine", "75 micrograms"),
    ("lisinopril", "10 mg"),
    ("phenelzine", "45 mg"),
)
_NOTES = (
    "after five minutes of rest",
    "says so herself, no letter yet",
    "see the letter of the family doctor",
    "asked twice",
    "his wife agrees",
)
_REASONS = (
    "two adequate trials failed and the clinic is certified",
    "the patient prefers infusions after both were explained",
    "cost and cover were discussed",
    "blood pressure was taken again after rest",
)
_AGAINST = (
    "specialist advice was obtained by telephone",
    "the finding was ruled out by imaging last month",
    "benefit judged greater after a second opinion",
)
_SELDOM = 0.025
"""How often an answer is not the usual one."""


def make(number: int, seed: int, knowledge: Knowledge) -> Case:
    """Assemble, assess and seal one case.

    Args:
        number: Which one.
        seed: Other seeds give other cases.
        knowledge: The compiled pack.

    Returns:
        The case, with one or two revisions.
    """
    chance = random.Random(f"{seed} {number}")
    begun = FIRST + (LAST - FIRST) * chance.random()
    begun = begun.replace(microsecond=0)
    by = chance.choice(_PEOPLE)
    ident = f"{begun:%Y%m%d-%H%M%S}-demo{number:06}"
    record = Record(created_at=begun, created_by=by, program=program())
    consultation = Consultation(
        knowledge, Case(id=ident, record=record), today=lambda: begun.date()
    )
    _answer(consultation, chance)
    age = consultation.case.answers.get("patient.age", "?")
    sex = str(consultation.case.answers.get("patient.sex", "?"))[0]
    label = f"{age} {sex}, {chance.choice(_COMPLAINTS)} (invented)"
    consultation.do(SetLabel(text=label))
    decided = begun + dt.timedelta(minutes=chance.randint(12, 50))
    if chance.random() < 0.93:
        _decide(consultation, chance, by, decided)
    case = with_revision(
        completed(consultation),
        None,
        drafted(decided, by, "end of the consultation"),
        knowledge.pack,
    )
    if chance.random() < 0.2:
        case = _second_visit(
            case, chance, knowledge, decided + dt.timedelta(days=chance.randint(1, 40))
        )
    return case


def _answer(consultation: Consultation, chance: random.Random) -> None:
    usual: Answers = {**USUAL, **(WOMAN if chance.random() < 0.55 else {})}
    usual["patient.age"] = chance.randint(19, 79)
    usual["vitals.systolic"], usual["vitals.diastolic"] = _pressure(chance)
    usual["scales.phq9"] = chance.randint(8, 27)
    if chance.random() < 0.2:
        others = ("bipolar_depression", "ptsd", "crps", "neuropathic_pain", "mdd")
        usual["indication.diagnosis"] = chance.choice(others)
    left_out = chance.random() < 0.08
    for _ in range(3):
        # A second time for what is only asked because of an answer.
        for question in _asked(consultation):
            if left_out and chance.random() < 0.4:
                continue
            value = _value(question, usual, chance)
            if value is not None:
                consultation.do(SetAnswer(question=question.id, value=value))
        left_out = False
    consultation.do(SetTrials(rows=tuple(_trials(chance))))
    medicines = chance.sample(_MEDICINES, chance.choice((0, 0, 0, 1, 1, 2)))
    rows = tuple(Medication(name=name, dose=dose) for name, dose in medicines)
    consultation.do(SetMedications(rows=rows))
    if chance.random() < 0.3:
        about = chance.choice(("vitals.systolic", "medical.aneurysmal_disease", "patient.age"))
        consultation.do(SetNote(question=about, text=chance.choice(_NOTES)))


def _pressure(chance: random.Random) -> tuple[int, int]:
    systolic = round(chance.gauss(128, 14))
    return systolic, min(round(chance.gauss(79, 8)), systolic - 20)


def _asked(consultation: Consultation) -> list[Question]:
    knowledge, case = consultation.knowledge, consultation.case
    asked = establish(knowledge, case).asked
    return [
        question
        for ident, question in knowledge.pack.questions.items()
        if asked.get(ident) and question.kind != "rows" and ident not in case.answers
    ]


def _value(question: Question, usual: Answers, chance: random.Random) -> bool | int | str | None:
    odd = chance.random() < _SELDOM
    if question.kind == "bool":
        expected = usual.get(question.id, False)
        return (not expected) if odd else expected
    if question.kind == "choice":
        codes = [option.code for option in question.options]
        if question.id in usual and not odd:
            return usual[question.id]
        return chance.choice(codes) if odd or "none" not in codes else "none"
    return usual.get(question.id)


def _trials(chance: random.Random) -> list[Trial]:
    rows = []
    for drug, doses in chance.sample(_DRUGS, chance.choice((0, 1, 2, 2, 3, 3))):
        rows.append(
            read_table(
                {
                    "drug": drug,
                    "daily_dose_mg": chance.choice(doses),
                    "weeks": chance.randint(5, 24),
                    "outcome": chance.choice(
                        ("no_response", "no_response", "partial_response", "not_tolerated")
                    ),
                    "adherent": chance.random() < 0.9,
                    "current_episode": chance.random() < 0.85,
                },
                Trial,
            )
        )
    return rows


def _decide(consultation: Consultation, chance: random.Random, by: str, at: dt.datetime) -> None:
    ranked = sorted(consultation.assessment.pathways, key=lambda pathway: pathway.rank)
    best = ranked[0]
    wanted = best.id if best.verdict in ("fits", "caution", "incomplete") else "none"
    overrides: tuple[Override, ...] = ()
    reason = chance.choice(_REASONS)
    if wanted == "none" and chance.random() < 0.15:
        wanted, reason = best.id, chance.choice(_AGAINST)
        # Only what the tool lets a clinician set aside.
        overrides = tuple(
            Override(pathway=best.id, rule=finding.rule, reason=reason, by=by, at=at)
            for finding in best.findings
            if finding.effect == "not_recommended"
        )
    consultation.do(
        SetDecision(
            decision=Decision(pathway=wanted, reason=reason, by=by, at=at, overrides=overrides)
        )
    )
    if wanted != "none":
        talk = {
            "outcome": chance.choice(("agreed", "agreed", "agreed", "declined", "deferred")),
            "ended_at": at,
            "present": "patient, nurse",
            "copy_given": True,
        }
        consultation.do(SetConsent(consent=read_table(talk, Consent)))


def _second_visit(
    case: Case, chance: random.Random, knowledge: Knowledge, now: dt.datetime
) -> Case:
    consultation = Consultation(knowledge, case, today=lambda: now.date())
    systolic, diastolic = _pressure(chance)
    consultation.do(SetAnswer(question="vitals.diastolic", value=diastolic))
    consultation.do(SetAnswer(question="vitals.systolic", value=systolic))
    revision = drafted(now, case.record.created_by, "vital signs taken again")
    return with_revision(completed(consultation), case, revision, knowledge.pack)


def _prepared(about: tuple[Path, int]) -> tuple[Path, int, Knowledge]:
    return (*about, compile_pack(load_pack(ROOT / "criteria")))


def _write(state: tuple[Path, int, Knowledge], number: int) -> Path:
    folder, seed, knowledge = state
    case = make(number, seed, knowledge)
    path = folder / file_name(case.id)
    path.write_bytes(write_checked(case, knowledge.pack, str(path)))
    path.chmod(0o600)
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the cases and say where they are."""
    parser = argparse.ArgumentParser(description="Write invented cases to try the library with.")
    parser.add_argument("number", nargs="?", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where (demo_cases/)")
    parser.add_argument("--seed", type=int, default=1, help="another one gives other cases (1)")
    args = parser.parse_args(arguments)
    folder = args.folder.absolute()
    prepare_folder(folder)
    progress = Progress(args.number)
    written = map_in_parallel(_prepared, (folder, args.seed), _write, range(args.number))
    for done, _ in enumerate(written, 1):
        progress.say(done)
    progress.clear()
    said = f"{args.number} invented cases in {folder}; open them with: ketatui --cases {folder}"
    sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main()
