"""Keeping the settings: written as a case is, whole or not at all."""

from __future__ import annotations

from msgspec.structs import asdict

from ketatui.cases.atomic import write_atomically
from ketatui.settings import SETTINGS_FILE, Settings, settings_folder


def save_settings(settings: Settings) -> None:
    """Write the settings; keys of another version are kept.

    Raises:
        OSError: The file cannot be written.
    """
    import tomli_w

    if settings.problem:
        # A file that could not be understood is not ours to overwrite.
        return
    where = settings_folder()
    where.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = asdict(settings)
    extra = data.pop("_extra")
    data.pop("problem")
    write_atomically(where / SETTINGS_FILE, tomli_w.dumps({**data, **extra}).encode())
