"""Draw the pictures of the documentation from the real app: ``docs/images/*.svg``.

Run it after a change of the screens: ``.venv/bin/python scripts/screenshots.py``. The case is
invented. The pictures point at nothing outside themselves: web fonts are taken out.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from textual.pilot import Pilot  # noqa: E402

from ketatui.cases.model import Medication, Trial  # noqa: E402
from ketatui.consultation import saving  # noqa: E402
from ketatui.consultation.consultation import Consultation  # noqa: E402
from ketatui.consultation.edits import (  # noqa: E402
    SetAnswer,
    SetLabel,
    SetMedications,
    SetTrials,
)
from ketatui.settings import Settings  # noqa: E402
from ketatui.toml_structs import read_table  # noqa: E402
from ketatui.tui.app import KetaApp  # noqa: E402
from ketatui.tui.screens.consultation import ConsultationScreen  # noqa: E402
from ketatui.tui.session import Resources  # noqa: E402
from scripts.examples import PATTERN, TWO_FAILED, USUAL, WOMAN, Answers  # noqa: E402

IMAGES = ROOT / "docs" / "images"
KEPT_AT = dt.datetime(2026, 11, 21, 20, 41, 7, tzinfo=dt.UTC)
"""The moment of all pictures: the evening of the day on which the examples were saved."""
ANSWERS: Answers = {
    **USUAL,
    **WOMAN,
    "patient.age": 52,
    "patient.can_become_pregnant": False,
    "patient.pregnant": None,
    "patient.contraception": None,
    "labs.pregnancy_test": None,
    "scales.phq9": 18,
    "vitals.systolic": 146,
    "vitals.diastolic": 88,
}
MEDICINES = (("lorazepam", "0.5 mg at night"), ("St John's wort", "300 mg, from a shop"))
LABEL = "52 f, two failed, sleeps badly (invented)"
HALF = ("setting", "patient", "indication", "trials", "vitals", "medications")
"""Sections that the half-answered case has answers in."""
_TEXT = re.compile(
    r'<text( class="[^"]*" )x="([\d.]+)" y="([\d.]+)" textLength="([\d.]+)"([^>]*)>([^<]+)</text>'
)
_DOTS = r"\u2800-\u28ff"
_GROUP = re.compile(rf"[{_DOTS}]{{1,4}}|[^\xa0{_DOTS}]+(?:\xa0[^\xa0{_DOTS}]+)*")
"""Words with single spaces between them, and a few signs of dots: those are wider than letters."""
_FONTS = re.compile(r"@font-face\s*\{.*?\}|<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Picture:
    """One picture: the size of the terminal, how much is answered, and the keys pressed."""

    name: str
    width: int
    height: int
    whole: bool
    keys: Sequence[str]


_AGREED = ("c", "a", "y", "end", "up", "up", "1")
"""Everything was talked through, and the patient agrees."""

PICTURES = (
    Picture("consultation", 120, 40, False, (".", *"nnnnnn")),
    Picture("consultation-200x60", 200, 60, False, (".", *"nnnnnn")),
    Picture("consultation-80x24", 80, 24, False, (".", *"nnnnnn")),
    Picture("trials", 120, 40, True, ("/", *"trials", "enter")),
    Picture("explain", 120, 40, True, ("e",)),
    Picture("compare", 120, 40, True, ("t",)),
    Picture("consent", 120, 40, True, ("c", "y", "y", "y")),
    Picture("decide", 160, 48, True, ("d", "1", "home", *_AGREED, "d", "1")),
)
READING = (
    Picture("library", 160, 40, True, ("c", "down", "down")),
    Picture("saved-case", 120, 40, True, ("c", "end", "enter")),
    Picture("overview", 160, 40, True, ("c", "v")),
    Picture("practice", 120, 40, True, ("p", "enter", "down", "down")),
)
"""Pictures that begin on the home screen, over the example cases."""


def _fill(consultation: Consultation, *, whole: bool) -> None:
    consultation.do(SetLabel(text=LABEL))
    for section in consultation.pack.sections:
        if not whole and section.id not in HALF:
            continue
        for question in consultation.pack.by_section[section.id]:
            if ANSWERS.get(question.id) is not None:
                consultation.do(SetAnswer(question=question.id, value=ANSWERS[question.id]))
        consultation.answer_remaining(consultation.remaining_no(section.id))
    rows = tuple(
        read_table(
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
        for drug, dose, weeks, outcome in TWO_FAILED
    )
    consultation.do(SetTrials(rows=rows))
    medicines = tuple(Medication(name=name, dose=dose) for name, dose in MEDICINES)
    consultation.do(SetMedications(rows=medicines))


async def _settled(pilot: Pilot[int]) -> None:
    for _ in range(3):
        await pilot.pause(0.2)


async def _draw(picture: Picture, folder: Path) -> str:
    resources = Resources(folder, ROOT / "criteria", None, Settings(welcomed=True))
    resources.load()
    app = KetaApp(resources)
    async with app.run_test(size=(picture.width, picture.height)) as pilot:
        await _settled(pilot)
        await pilot.press("n")
        await _settled(pilot)
        opened = app.open_case
        assert opened is not None
        _fill(opened.consultation, whole=picture.whole)
        # The screen begins at the first open question, as it does for a draft that is resumed.
        await app.switch_screen(ConsultationScreen(opened))
        await _settled(pilot)
        for key in picture.keys:
            await pilot.press(key)
        opened.kept_at = KEPT_AT
        screen = app.screen
        if isinstance(screen, ConsultationScreen):
            screen.redraw()
        await _settled(pilot)
        return _taken(app)


async def _draw_reading(picture: Picture, folder: Path) -> str:
    for path in (ROOT / "saved_cases").glob(PATTERN):
        shutil.copy(path, folder)
    settings = Settings(welcomed=True, practice=str(folder / "practice"))
    resources = Resources(folder, ROOT / "criteria", None, settings)
    resources.load()
    app = KetaApp(resources)
    async with app.run_test(size=(picture.width, picture.height)) as pilot:
        await _settled(pilot)
        for key in picture.keys:
            await pilot.press(key)
            await _settled(pilot)
        await app.workers.wait_for_complete()
        await _settled(pilot)
        return _taken(app)


def _taken(app: KetaApp) -> str:
    if app.return_code:
        sys.exit("the app stopped because of an error of its own: no picture of that")
    return plain_svg(app.export_screenshot(title="KetaTUI"))


def plain_svg(svg: str) -> str:
    """Return a picture without anything that would be fetched from elsewhere.

    Args:
        svg: As Textual draws it.

    Returns:
        The picture; the reader's own fixed-width font takes the place of the web font.
    """
    svg = _FONTS.sub("", svg)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas")
    svg = _TEXT.sub(_apart, svg)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def _apart(found: re.Match[str]) -> str:
    """Write a line of text as its words' groups, each at its own place.

    Letters are not exactly as wide as the columns of the picture, and not every viewer stretches
    text: over a long line the columns would drift apart.
    """
    head, x, y, length, tail, escaped = found.groups()
    text = html.unescape(escaped)
    width = float(length) / len(text)
    made = []
    for part in _GROUP.finditer(text):
        place, size = float(x) + part.start() * width, len(part[0]) * width
        said = html.escape(part[0]).replace("\xa0", "&#160;")
        made.append(f'<text{head}x="{place:g}" y="{y}" textLength="{size:g}"{tail}>{said}</text>')
    return "".join(made)


def _stop_the_clock() -> None:
    """Let it be the same moment in every picture: an answer of long ago would be too old."""
    os.environ["TZ"] = "UTC"
    time.tzset()
    for name, module in list(sys.modules.items()):
        if name.startswith("ketatui.tui.") and hasattr(module, "now"):
            setattr(module, "now", lambda: KEPT_AT)  # noqa: B010 (a module as any other)
    for function in (saving.begin, saving.resume, saving.amend):
        defaults = function.__kwdefaults__
        assert defaults is not None
        defaults["today"] = KEPT_AT.date


def main() -> None:
    """Draw every picture."""
    os.environ.pop("NO_COLOR", None)
    # Whatever terminal it is run in, the pictures are of one with all colors.
    os.environ["COLORTERM"] = "truecolor"
    _stop_the_clock()
    IMAGES.mkdir(parents=True, exist_ok=True)
    for picture in (*PICTURES, *READING):
        draw = _draw_reading if picture in READING else _draw
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
            svg = asyncio.run(draw(picture, Path(folder)))
        (IMAGES / f"{picture.name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
