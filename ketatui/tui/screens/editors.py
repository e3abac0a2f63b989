"""Which editor a table or scale of the consultation has."""

from __future__ import annotations

from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.tui.screens.further_table import RowsEditor
from ketatui.tui.screens.medicines import MedicinesEditor
from ketatui.tui.screens.table_editors import EditorOwner, ScaleEditor, TableEditor, TrialsEditor


def editor_of(screen: EditorOwner, ident: str) -> TableEditor:
    """Return what edits a table or scale.

    Args:
        screen: The screen it works on.
        ident: The question's id.
    """
    if ident == MEDICATIONS:
        return MedicinesEditor(screen, ident)
    if ident == TRIALS:
        return TrialsEditor(screen, ident)
    if screen.consultation.pack.questions[ident].kind == "rows":
        return RowsEditor(screen, ident)
    return ScaleEditor(screen, ident)
