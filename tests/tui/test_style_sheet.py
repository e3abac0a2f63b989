"""The style sheet is parsed once for the same colors, and says the same as Textual's own."""

from __future__ import annotations

import pytest
from textual.css.stylesheet import Stylesheet, StylesheetParseError

from ketatui.tui.style_sheet import KeptSheet

TEXT = "Screen { color: $ink; } .bar { height: 1; background: $paper; }"
DARK, LIGHT = {"ink": "white", "paper": "black"}, {"ink": "black", "paper": "white"}


def said(sheet: Stylesheet) -> list[str]:
    return [rule.css for rule in sheet.rules]


def test_the_same_colors_leave_what_was_parsed_and_others_change_it() -> None:
    kept, fresh = KeptSheet(variables=DARK), Stylesheet(variables=DARK)
    for sheet in (kept, fresh):
        sheet.add_source(TEXT, read_from=("here", ""))
    parsed = kept.rules[0]
    for colors, anew in ((DARK, False), (LIGHT, True), (DARK, True)):
        for sheet in (kept, fresh):
            sheet.set_variables(dict(colors))
            sheet.reparse()
        assert said(kept) == said(fresh)
        assert (kept.rules[0] is not parsed) is anew
        parsed = kept.rules[0]
    assert "#FFFFFF" in said(kept)[0]


def test_what_is_added_is_parsed_and_a_fault_leaves_the_rules() -> None:
    sheet = KeptSheet(variables=DARK)
    sheet.add_source(TEXT, read_from=("here", ""))
    before = said(sheet)
    sheet.add_source(".more { width: 2; }", read_from=("more", ""))
    sheet.reparse()
    assert said(sheet)[: len(before)] == before
    assert "width: 2" in said(sheet)[-1]
    rules = list(sheet.rules)
    sheet.add_source(".bad { width: nonsense; }", read_from=("bad", ""))
    with pytest.raises(StylesheetParseError):
        sheet.reparse()
    assert sheet._rules == rules
