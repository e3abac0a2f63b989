"""The consultation that the harness types: steps that can be begun anywhere, after any death.

Every step finds its own question, so that it can be typed after a restart; every step is one
change, so that the number of changes in a draft says which steps are in it.
"""

from __future__ import annotations

from dataclasses import dataclass

HOME, END, DOWN, ESCAPE, ENTER = "\x1b[H", "\x1b[F", "\x1b[B", "\x1b", "\r"
AMEND = "\x1b[20~"
"""F9, on a saved case."""


@dataclass(frozen=True)
class Step:
    """One change.

    Attributes:
        keys: What is typed, from the questions of the consultation.
        shows: Words of one line of the screen once the change is on it, if a line says it.
        back: Keys that lead back to the questions.
    """

    keys: tuple[str, ...]
    shows: tuple[str, ...] = ()
    back: tuple[str, ...] = ()


def _find(question: str, *keys: str, shows: tuple[str, ...] = (), back: str = "") -> Step:
    return Step(("/", question, ENTER, *keys), shows, tuple(back))


def _trial(line: int, *keys: str, shows: tuple[str, ...]) -> Step:
    return _find(
        "antidepressant_trials", ENTER, HOME, *[DOWN] * line, *keys, shows=shows, back=ESCAPE
    )


def _consent(line: int) -> Step:
    return Step(("c", HOME, *[DOWN] * line, "y"), back=(ESCAPE,))


FIRST = (
    _find("setting.prescriber", "1", shows=("Prescriber", "Psychiatrist")),
    _find("setting.dea_ciii", "y", shows=("License and DEA", "yes")),
    _find("patient.age", "52", ENTER, shows=("Age", "52")),
    Step(("l", "52 m, bed by the window [b]", ENTER), shows=("KetaTUI", "bed by the window [b]")),
)
"""A few changes, for harnesses that repeat everything many times."""

SCRIPT = (
    *FIRST,
    _find("patient.sex", "2", shows=("Sex", "Male")),
    _find("patient.weight_kg", "78.5", ENTER, shows=("Weight", "78.5")),
    _find("indication.diagnosis", "1", ENTER, shows=("Diagnosis", "Major depress")),
    _find("antidepressant_trials", ENTER, "sertraline", ENTER, shows=("Drug", "sertraline"),
          back=ESCAPE),
    _trial(3, "150", ENTER, shows=("Daily dose", "150 mg")),
    _trial(4, "10", ENTER, shows=("Weeks", "10 weeks")),
    _trial(5, "1", shows=("Outcome", "No response")),
    _find("medical.avm", "u", shows=("Arteriovenous", "unknown")),
    _find("medical.intracerebral_hemorrhage", "n", shows=("Ever bled", "no")),
    _find("medical.cystitis", "n", shows=("Bladder", "no")),
    _find("medical.cystitis", "o", "after 5 min; \x60rm\x60 = no", ENTER),
    _find("vitals.systolic", "165", ENTER, shows=("Systolic", "165")),
    _find("vitals.diastolic", "85", ENTER, shows=("Diastolic", "85")),
    Step(("/", "vitals.heart_rate", ENTER, "7", "2", ENTER), shows=("Heart", "72")),
    _find("medications", ENTER, "lithium", ENTER, back=ESCAPE),
    _find("vitals.systolic", "128", ENTER, shows=("Systolic", "128")),
    _find("logistics.transport", "y", shows=("Safe way home", "yes")),
    _consent(1),
    _consent(2),
    Step(("d", HOME, "0"), back=(ESCAPE,)),
    Step(("d", HOME, DOWN, DOWN, "dr b", ENTER), shows=("Decided by", "dr b"), back=(ESCAPE,)),
)  # fmt: skip
"""A whole consultation, decided against every pathway."""

AMENDED = (_find("vitals.spo2", "97", ENTER, shows=("Oxygen", "97")),)
"""What is changed in the case once it was saved."""
