"""The list of medicines as a form: one row a medicine, and what is not settled about it."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.cases.model import NONE_OF_THESE, NOT_ESTABLISHED, Medication
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.suggest import suggest
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.engine.medicines import Recognition
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span
from ketatui.tui.views.rows import Suggest, add_item, done_item

MEANT = "meant:"
"""What the code of an option begins with that puts another name in the place of one."""
CLASSES = "classes"
REMOVE = "remove"
_MOST_MEANT = 5


def medicine_text(medicine: Medication) -> str:
    """Write a medicine as it is typed: name and dose on one line."""
    return f"{medicine.name} {medicine.dose}".strip()


def medication_items(consultation: Consultation, suggest: Suggest) -> list[FormItem]:
    """Return the medicines as a form.

    Args:
        consultation: The consultation.
        suggest: Completes names of medicines.
    """
    question = consultation.pack.questions[MEDICATIONS]
    rows = consultation.case.medications
    items = [FormItem("head", question.label, "heading")]
    items += [_row(consultation, number, row) for number, row in enumerate(rows)]
    how = "Name, dose and times on one line. ↓ picks a name; a pasted list becomes rows."
    items.append(add_item("Add a medicine", how, suggest))
    items.append(done_item())
    return items


def _row(consultation: Consultation, number: int, row: Medication) -> FormItem:
    found = consultation.knowledge.medicines.recognize(row.name)
    item = FormItem(
        key=f"row:{number}",
        label=medicine_text(row).replace("  ", " "),
        kind="action",
        answer=("", "text") if consultation.blind else _classes(consultation, found, row),
        entry=medicine_text(row),
        editable=True,
        suggest=None,
        detail=(("Enter changes it; Backspace deletes the row.", "muted"),),
    )
    if found.known:
        return item
    return item.replaced(
        kind="choice",
        answer=_open_answer(consultation, found, row),
        options=_ways(consultation, found),
        chosen=row.classes[0] if len(row.classes) == 1 else None,
        detail=(*_said(consultation, found, row), *item.detail),
    )


def _classes(consultation: Consultation, found: Recognition, row: Medication) -> Span:
    titles = consultation.pack.drug_classes
    codes = dict.fromkeys((*(found.classes or found.so_far), *row.classes))
    named = [titles[code].title for code in codes if code in titles]
    return (", ".join(named), "text") if named else ("no rule applies", "muted")


def _open_answer(consultation: Consultation, found: Recognition, row: Medication) -> Span:
    if NONE_OF_THESE in row.classes:
        return "none of the classes", "text"
    if NOT_ESTABLISHED in row.classes:
        return "cannot be established", "caution"
    if row.classes and not consultation.blind:
        return _classes(consultation, found, row)
    return _STANDING[found.standing], "caution"


_STANDING = {
    "ambiguous": "which one?",
    "not_taken": "not taken?",
    "partly": "known in part",
    "unknown": "not recognized",
    "known": "",
}


def _said(consultation: Consultation, found: Recognition, row: Medication) -> tuple[Span, ...]:
    if row.classes and NOT_ESTABLISHED not in row.classes:
        return ()
    count = open_rules(consultation)
    kept = f" It keeps {count} rules open until it is settled." if count else ""
    why = {
        "ambiguous": f"“{row.name}” stands for several medicines.",
        "not_taken": "This reads as if it is not taken now.",
        "partly": "A part of it is not recognized.",
    }.get(found.standing, f"“{row.name}” is not recognized.")
    return ((f"! {why}{'' if consultation.blind else kept}", "caution"),)


def _ways(consultation: Consultation, found: Recognition) -> tuple[tuple[str, str], ...]:
    """Return the ways to settle a name, likeliest first."""
    index = consultation.knowledge.medicines
    meant: Sequence[str] = found.may_mean or ()
    if not meant and found.standing == "unknown":
        meant = suggest(index.known(), found.text or found.typed, 2)
    ways = [(f"{MEANT}{name}", f"It is {name}") for name in meant[:_MOST_MEANT]]
    if found.standing == "not_taken":
        ways.append((REMOVE, "It is not taken now: delete the row"))
    ways.append((NONE_OF_THESE, "It is in none of the classes that rules read"))
    ways.append((CLASSES, "Pick its classes"))
    ways.append((NOT_ESTABLISHED, "It cannot be established"))
    return tuple(ways)


def open_rules(consultation: Consultation) -> int:
    """Count the rules that wait for the list of medicines, each once."""
    return len(
        {
            rule.rule
            for pathway in consultation.assessment.pathways
            for rule in pathway.open
            if MEDICATIONS in rule.needs
        }
    )


def class_items(consultation: Consultation, row: Medication) -> list[FormItem]:
    """Return the drug classes to pick from for one medicine."""
    pack = consultation.pack
    items = [
        FormItem("head", f"Classes of “{row.name}”", "heading"),
        FormItem("how", "y or Enter picks a class, n takes it back.", "info", ("", "muted")),
    ]
    items += [
        FormItem(
            key=f"class:{code}",
            label=item.title,
            kind="tick",
            answer=("yes", "strong") if code in row.classes else ("·", "muted"),
        )
        for code, item in pack.drug_classes.items()
    ]
    items.append(done_item("Back to the list"))
    return items


def pending_items(consultation: Consultation, rows: Sequence[Medication]) -> list[FormItem]:
    """Return a pasted list as it was understood, and the question whether to add it."""
    index = consultation.knowledge.medicines
    items = []
    for number, row in enumerate(rows):
        found = index.recognize(row.name)
        said = _STANDING[found.standing]
        if not said and not consultation.blind:
            said = _classes(consultation, found, row)[0]
        dose = f" · {row.dose}" if row.dose else ""
        role = "text" if found.known else "caution"
        text = f"{row.name}{dose}" + (f" → {said}" if said else "")
        items.append(FormItem(f"pending{number}", text, "info", ("", role)))
    return confirm_items(f"Add these {len(rows)} medicines?", items)


def confirm_items(head: str, rows: Sequence[FormItem]) -> list[FormItem]:
    """Return rows that wait to be added, and the question whether to."""
    confirm = FormItem(
        "confirm",
        "Understood as below",
        "bool",
        answer=("y or n", "key"),
        detail=(("y adds them, a row each; n or Esc adds nothing.", "muted"),),
    )
    return [FormItem("head", head, "heading"), confirm, *rows]
