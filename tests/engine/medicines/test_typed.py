"""What people type: recognized whole, or open; and lines and lists of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketatui.engine import Knowledge
from ketatui.engine.medicines import MedicineIndex
from ketatui.engine.medicines.lines import split_line, split_list
from tests.each import each
from tests.strategies import shipped

ROWS = [
    tuple(part.strip() for part in line.split(" => "))
    for line in Path(__file__).with_name("typed_names.txt").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture
def index(knowledge: Knowledge) -> MedicineIndex:
    return knowledge.medicines


def test_there_are_many_of_both_kinds() -> None:
    assert sum(len(row) == 4 for row in ROWS) > 350
    assert sum(len(row) == 2 for row in ROWS) > 100


@each("row", [row for row in ROWS if len(row) == 4])
def test_what_people_type_is_recognized(index: MedicineIndex, row: tuple[str, ...]) -> None:
    typed, ingredients, classes, dose = row
    found = index.recognize(typed)
    assert found.standing == "known"
    assert " + ".join(found.ingredients) == ingredients
    assert " ".join(found.classes or ()) == classes.strip("-")
    assert found.so_far == found.classes
    assert (found.dose or "-") == dose


@each("row", [row for row in ROWS if len(row) == 2])
def test_what_is_not_understood_or_not_taken_stays_open(
    index: MedicineIndex, row: tuple[str, ...]
) -> None:
    typed, said = row
    standing, _, may_mean = said.removeprefix("? ").partition(": ")
    found = index.recognize(typed)
    assert found.standing == standing
    assert ", ".join(found.may_mean) == may_mean
    assert found.classes is None
    assert (found.name, found.antidepressant, found.other) == ("", "", False)
    assert index.classes(typed) is None
    if standing == "not_taken":
        assert found.so_far == ()
        assert (found.text, found.dose) == (typed, "")


@pytest.mark.parametrize(
    ("typed", "so_far"),
    [
        ("lorazepam and the blue one", ("benzodiazepine",)),
        ("hydrocodone/xyzamine", ("opioid",)),
        ("lorazepam, bars", ("benzodiazepine",)),
        ("lorazepamxyz", ()),
        ("wife's lorazepam", ()),
        ("lorazepam and no lithium", ()),
    ],
)
def test_of_a_combination_known_in_part_the_classes_so_far_are_said(
    index: MedicineIndex, typed: str, so_far: tuple[str, ...]
) -> None:
    found = index.recognize(typed)
    assert found.classes is None
    assert found.so_far == so_far


@each(
    ("typed", "tabled"),
    [
        ("Wellbutrin XL 300", "bupropion"),
        ("Effexor XR 225", "venlafaxine"),
        ("venlafaxine er", "venlafaxine"),
        ("Venlafaxine HCl ER 150 mg", "venlafaxine"),
        ("Paxil", "paroxetine"),
        ("Paxil CR 25", "paroxetine cr"),
        ("paroxetine er", "paroxetine cr"),
        ("24 HR paroxetine 25 MG Extended Release Oral Tablet", "paroxetine cr"),
        ("Zoloft (sertraline)", "sertraline"),
        ("Aplenzin 348", "bupropion"),
        ("Emsam 9 mg/24 h", "selegiline transdermal"),
        ("selegiline patch", "selegiline transdermal"),
        ("selegiline 5 mg", ""),
        ("tofranil-pm", "imipramine"),
        ("Contrave", ""),
        ("Auvelity", ""),
        ("sertraline + bupropion", ""),
        ("stopped sertraline", ""),
        ("aripiprazole", ""),
    ],
)
def test_an_antidepressant_is_known_however_it_is_written(
    index: MedicineIndex, typed: str, tabled: str
) -> None:
    assert (index.antidepressant(typed) or "") == tabled


@each(
    "name",
    ["aripiprazole", "Abilify 5", "lithium", "quetiapine XR 150", "buspirone", "liothyronine",
     "lamotrigine", "methylphenidate", "olanzapine", "pramipexole", "lisinopril", "ketamine"],
)  # fmt: skip
def test_a_drug_that_is_no_antidepressant_is_told_apart(index: MedicineIndex, name: str) -> None:
    assert index.recognize(name).other


@each(
    "name",
    ["sertraline", "Wellbutrin XL 300", "Exxua", "Symbyax", "Auvelity",
     "perphenazine/amitriptyline",
     "dosulepin", "sertralin", "potion", "stopped lithium", "bup", ""],
)  # fmt: skip
def test_what_is_or_could_be_an_antidepressant_is_no_other_drug(
    index: MedicineIndex, name: str
) -> None:
    assert not index.recognize(name).other


# --- lines and lists ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "name", "dose"),
    [
        ("lorazepam 1mg qhs", "lorazepam", "1mg qhs"),
        ("- Wellbutrin XL 300", "Wellbutrin XL", "300"),
        ("2 beers a night", "beers", "2 a night"),
        ("fluticasone 50 mcg nasal", "fluticasone nasal", "50 mcg"),
        ("zorblax 10 mg daily", "zorblax", "10 mg daily"),
        ("blue tablet from Mexico", "blue tablet from Mexico", ""),
        ("stopped lithium 300 mg", "stopped lithium 300 mg", ""),
    ],
)
def test_a_line_is_split_into_name_and_dose(
    index: MedicineIndex, typed: str, name: str, dose: str
) -> None:
    found = split_line(index, typed)
    assert (found.name, found.dose) == (name, dose)


LISTS = [
    (
        "1. Sertraline 100 mg daily\n2) Lorazepam 1 mg qhs prn\n- gabapentin 600mg TID\n"
        "• losartan/HCTZ 50-12.5\r\n* Ozempic 0.5 mg weekly",
        ["Sertraline|100 mg daily", "Lorazepam|1 mg qhs prn", "gabapentin|600mg TID",
         "losartan/HCTZ|50-12.5", "Ozempic|0.5 mg weekly"],
    ),
    (
        "sertraline 100, lorazepam 1mg qhs, hydrocodone 5, 325, Adderall XR 20",
        ["sertraline|100", "lorazepam|1mg qhs", "hydrocodone|5, 325", "Adderall XR|20"],
    ),
    ("Zoloft 50mg; Xanax 0.5 prn; wine", ["Zoloft|50mg", "Xanax|0.5 prn", "wine|"]),
    ("lorazepam,sertraline,wine", ["lorazepam|", "sertraline|", "wine|"]),
    ("Hydrocodone 5,325 mg", ["Hydrocodone|5,325 mg"]),
    ("sertraline 100mg and lorazepam 1mg", ["sertraline|100mg", "lorazepam|1mg"]),
    ("sertraline 50 mg daily. Lorazepam 1 mg", ["sertraline|50 mg daily", "Lorazepam|1 mg"]),
    ("St. John's wort 300 mg", ["St. John's wort|300 mg"]),
    ("buprenorphine 8 mg and naloxone 2 mg", ["buprenorphine and naloxone|8 mg 2 mg"]),
    ("n,n-dimethyltryptamine", ["n,n-dimethyltryptamine|"]),
    ("sertraline, blue pill, lorazepam", ["sertraline|", "blue pill|", "lorazepam|"]),
    ("no lithium, lorazepam", ["no lithium, lorazepam|"]),
    ("Medications:\nlisinopril 10\n\nmetformin 500 bid", ["lisinopril|10", "metformin|500 bid"]),
    ("Meds: lisinopril 10, wine", ["lisinopril|10", "wine|"]),
    (
        "Allergies:\npenicillin\ncodeine\n\nMeds:\nlorazepam",
        ["Allergies: penicillin|", "Allergies: codeine|", "lorazepam|"],
    ),
    (
        "levothyroxine (SYNTHROID, LEVOTHROID) 75 MCG tablet\n"
        "albuterol (PROVENTIL HFA;VENTOLIN HFA) 108 (90 Base) MCG/ACT inhaler",
        ["levothyroxine (SYNTHROID, LEVOTHROID)|75 MCG tablet",
         "albuterol (PROVENTIL HFA;VENTOLIN HFA)|108 (90 Base) MCG/ACT inhaler"],
    ),
    ("meds", ["meds|"]),
    ("\n - \n", ["-|"]),
    ("  ", []),
    ("\x1f", []),
]  # fmt: skip


@each(("typed", "rows"), LISTS)
def test_a_pasted_list_becomes_rows(index: MedicineIndex, typed: str, rows: list[str]) -> None:
    assert [f"{item.name}|{item.dose}" for item in split_list(index, typed)] == rows


def test_a_text_too_long_for_a_name_is_open_and_kept(index: MedicineIndex) -> None:
    for text in ("lorazepam " * 300, "lorazepam, (" * 5_000):
        assert index.recognize(text).standing == "unknown"
        (row,) = split_list(index, text)
        assert row.name.startswith("lorazepam")
        assert not row.recognition.known


# --- laws -----------------------------------------------------------------------------------------

NAMES = sorted(shipped().pack.medicines)
JUNK = st.text("abcdefghijklmnopqrstuvwxyzéß?!", min_size=1, max_size=8).map(lambda t: f"zq{t}")
BESIDE = st.sampled_from(
    ["10 mg", "qhs", "prn", "daily", "tablet", "for sleep", "ER", "nasal", "and", "+", "/", ",",
     "(", ")", "with", "takes", "2", "x 3 days", "-", "no", "stopped", "sodium"]
)  # fmt: skip


@given(st.lists(st.sampled_from(NAMES) | BESIDE, max_size=5), JUNK, st.integers(0, 5))
def test_whatever_holds_a_word_that_nobody_understands_is_open(
    beside: list[str], junk: str, at: int
) -> None:
    index = shipped_index()
    found = index.recognize(" ".join([*beside[:at], junk, *beside[at:]]))
    assert found.classes is None
    assert found.standing != "known"
    assert not found.other
    assert not found.antidepressant


@given(st.lists(st.sampled_from(NAMES) | BESIDE | JUNK, min_size=1, max_size=6))
def test_a_name_split_from_its_dose_is_in_the_same_classes(words: list[str]) -> None:
    index = shipped_index()
    line = split_line(index, " ".join(words))
    if line.recognition.known:
        assert index.classes(line.name) == line.recognition.classes


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    index = shipped_index()
    found = index.recognize(text)
    assert found.typed == text
    assert (found.classes is None) == (found.standing != "known")
    rows = split_list(index, text)
    assert bool(rows) == bool(text.strip())


def shipped_index() -> MedicineIndex:
    return shipped().medicines
