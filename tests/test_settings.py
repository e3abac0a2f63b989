"""Settings: what can be used is, and what cannot is told; none of it keeps the app away."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.settings import load_settings


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("theme = 5", "theme is not text; allowed: text in quotes"),
        ("blank_after = true", "blank_after is no whole number; allowed: a whole number"),
        ("blank_after = -1", "blank_after: -1 is out of range; allowed: 0 to 1440 minutes"),
        ("blank_after = 9223372036854775807", "blank_after: 9223372036854775807 is out of range"),
        ("practice_timer = 1", "practice_timer is not a yes or no; allowed: true, false"),
        ('keymap = "f5"', "keymap is no table; allowed: a table"),
        ('keymap = {"case.amend" = 5}', "keymap: case.amend is no key; allowed: text such as"),
    ],
)
def test_a_setting_of_the_wrong_kind_is_named_and_the_others_are_in_force(
    tmp_path: Path, line: str, said: str
) -> None:
    (tmp_path / "settings.toml").write_text(f'cases = "/srv/cases"\npolicy = "p.toml"\n{line}\n')
    found = load_settings(tmp_path)
    assert (found.cases, found.policy) == ("/srv/cases", "p.toml")
    assert said in found.problem
    assert found.problem.startswith(str(tmp_path / "settings.toml"))


def test_a_key_that_can_be_used_is_kept_beside_one_that_can_not(tmp_path: Path) -> None:
    text = 'keymap = {"case.amend" = "f5", "case.today" = ["f6"]}\n'
    (tmp_path / "settings.toml").write_text(text)
    assert load_settings(tmp_path).keymap == {"case.amend": "f5"}
