"""The walk asks for the rows of any table of the criteria."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.criteria.pack import Pack
from ketatui.engine import compile_pack
from ketatui.walk import Talk
from ketatui.walk.rows import ask_rows
from tests.further import INFUSIONS, with_infusions
from tests.walk.support import TODAY, Screen


def test_a_row_is_asked_for_cell_by_cell_and_can_go_again(pack: Pack, tmp_path: Path) -> None:
    further = with_infusions(pack)
    consultation = Consultation(compile_pack(further), Case(), today=lambda: TODAY)
    filled = ["Harbor clinic", "4000", "40", "6", "1", "y"]
    lines = [*filled, "Elsewhere", "", "", "", "", "2", "y", ""]
    screen = Screen(lines)
    question = further.questions[INFUSIONS]

    def do(edit: object) -> bool:
        consultation.do(edit)  # type: ignore[arg-type]
        return True

    left = ask_rows(Talk(screen.read, screen.write), consultation, question, do)
    assert left == ""
    assert consultation.case.tables[INFUSIONS] == (
        {
            "clinic": "Harbor clinic",
            "dose_mg": Decimal(40),
            "number": 6,
            "route": "iv",
            "helped": True,
        },
    )
    assert "Not understood: 0 to 900 mg" in screen.text
    assert "2 Elsewhere" in screen.text
