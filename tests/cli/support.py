"""Runs the command line inside the test, with input as bytes."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass

import pytest

from ketatui.cli import main
from tests.contract.held import hold


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


class Command:
    """Runs ``ketatui`` with arguments, and holds what it prints as JSON to the contract."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.capsys = capsys
        self.patch = patch

    def __call__(self, *arguments: object, stdin: bytes = b"") -> Done:
        text = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8", errors="surrogateescape")
        self.patch.setattr(sys, "stdin", text)
        self.capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        found = self.capsys.readouterr()
        hold([str(argument) for argument in arguments], found.out)
        return Done(status, found.out, found.err)


CASE = """\
schema = 1
label = "CRPS of the left arm"

[answers.setting]
dea_ciii = true
site = "outpatient_clinic"

[answers.patient]
age = 44
sex = "female"
weight_kg = 70.5
height_cm = 171

[answers.indication]
diagnosis = "crps"

[answers.vitals]
systolic = 165
diastolic = 84

[answers.medications]
reviewed = true

[[medications]]
name = "lorazepam"
dose = "0.5 mg"

[[medications]]
name = "Blue pills"
"""
