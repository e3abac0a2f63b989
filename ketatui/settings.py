"""What the app remembers between runs: theme, folders, policy, payer, who is deciding."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli
from msgspec import field
from msgspec.structs import asdict

from ketatui.paths import full_path, user_folder
from ketatui.structs import Frozen

SETTINGS_FILE = "settings.toml"
"""Its name in the folder of the settings."""
FIRST_CASE = "KETATUI_OPEN"
"""Variable with the id of the case that the app opens first; the service sets it."""
_LONGEST_BLANK = 1440


class Settings(Frozen, frozen=True):
    """The settings of one person on one machine.

    Attributes:
        theme: Name of the theme.
        cases: Folder of saved cases; empty for the default.
        policy: Local policy file; empty for none.
        payer: Payer profile new consultations begin with; empty for none.
        by: Name or initials recorded with decisions and saves.
        role: Role recorded with reviews and signatures.
        practice: Folder of practice attempts; empty for the default.
        practice_cases: Folder of a teacher's own practice cases; empty for none.
        practice_timer: Whether practice runs are timed.
        blank_after: Minutes without a key after which the screen is blanked; 0 for never.
        age_identity: File with the secret key of encrypted cases; empty for none.
        weight_unit: What a weight without a unit is in: kg or lb; empty for kg, asking in doubt.
        welcomed: Whether the first-run screen was read.
        keymap: Keys by action id, where they differ from the defaults.
        site: Answers of the place by question id, offered in each new consultation.
        problem: Why the file could not be read; it is then left as it is.
    """

    theme: str = "ketatui-dark"
    cases: str = ""
    policy: str = ""
    payer: str = ""
    by: str = ""
    role: str = ""
    practice: str = ""
    practice_cases: str = ""
    practice_timer: bool = True
    blank_after: int = 5
    age_identity: str = ""
    weight_unit: str = ""
    welcomed: bool = False
    keymap: dict[str, str] = field(default_factory=dict)
    site: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    _extra: dict[str, Any] = field(default_factory=dict)


def settings_folder() -> Path:
    """Return the folder of the settings file."""
    return user_folder("config")


def practice_folder_to_use(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the folder of practice attempts: flag, environment, settings, then default.

    It is never the folder of clinical cases, nor within a checkout.
    """
    named = environ.get("KETATUI_PRACTICE") or load_settings().practice
    chosen = explicit or (Path(named) if named else None)
    if chosen is None:
        return user_folder("data") / "practice"
    return full_path(chosen)


def own_cases_folder(explicit: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the folder of a teacher's own practice cases: flag, environment, then settings.

    Often there is none.
    """
    named = environ.get("KETATUI_PRACTICE_CASES") or load_settings().practice_cases
    chosen = explicit or (Path(named) if named else None)
    return None if chosen is None else full_path(chosen)


def load_settings(folder: Path | None = None) -> Settings:
    """Read the settings; a file that cannot be read gives defaults and says why."""
    try:
        path = (folder or settings_folder()) / SETTINGS_FILE
    except OSError:
        return Settings(problem="there is no home folder here: settings cannot be kept")
    if path.exists() and not path.is_file():
        # To open a pipe would wait forever.
        return Settings(problem=f"{path}: this is a folder, pipe or device", welcomed=True)
    try:
        data = tomli.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        return Settings(problem=f"{path}: {error}", welcomed=True)
    known: dict[str, Any] = {}
    wrong: list[str] = []
    for name, default in asdict(Settings()).items():
        value = data.pop(name, None)
        if name.startswith("_") or name == "problem" or value is None:
            continue
        usable, said = _usable(name, value, default)
        if said:
            wrong.append(said)
        if usable is not None:
            known[name] = usable
    # The settings that can be used are: without the folder of cases there would seem to be none.
    problem = f"{path}: {'; '.join(wrong)}; the other settings are in force" if wrong else ""
    return Settings(**known, problem=problem, _extra=data)


_WRONG = {
    str: "is not text; allowed: text in quotes",
    bool: "is not a yes or no; allowed: true, false",
    int: "is no whole number; allowed: a whole number",
    dict: "is no table; allowed: a table",
}


def _usable(name: str, value: Any, default: Any) -> tuple[Any, str]:
    """Return what can be used of a setting, None for nothing, and what is wrong with it."""
    if type(value) is not type(default):  # To Python, true is a whole number too.
        return None, f"{name} {_WRONG[type(default)]}"
    if name == "blank_after" and not 0 <= value <= _LONGEST_BLANK:
        return None, f"{name}: {value} is out of range; allowed: 0 to {_LONGEST_BLANK} minutes"
    if not isinstance(value, dict):
        return value, ""
    if name == "site":
        answers = {key: said for key, said in value.items() if isinstance(said, bool | int | str)}
        wrong = [key for key in value if key not in answers]
        said = ", ".join(f"{key} is no answer" for key in wrong)
        return answers, f"{name}: {said}; allowed: true, false, a number, text" if wrong else ""
    wrong = [key for key, keys in value.items() if not (isinstance(keys, str) and keys.strip())]
    kept = {key: keys for key, keys in value.items() if key not in wrong}
    said = ", ".join(f"{key} is no key" for key in wrong)
    return kept, f'{name}: {said}; allowed: text such as "f5"' if wrong else ""
