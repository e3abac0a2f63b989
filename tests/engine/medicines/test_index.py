"""Names of medicines: matched whole after folding, else kept as unrecognised."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from ketatui.cql import PartialList
from ketatui.criteria.models import Medicine
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from ketatui.engine.medicines import MedicineIndex
from tests.each import each
from tests.engine.clean import ON, clean

CLINICAL = Path(__file__).parents[4] / "shared" / "clinical" / "drug_classes.csv"


def classes(knowledge: Knowledge, *names: str, reviewed: bool | None = True) -> object:
    case = clean({"medications.reviewed": reviewed}, takes=names)
    return assess(knowledge, case, ON, with_changes=False).values["derived.drug_classes"]


@each(
    ("name", "found"),
    [
        ("lorazepam", ("benzodiazepine",)),
        ("Lorazepam", ("benzodiazepine",)),
        ("  LORAZEPAM ", ("benzodiazepine",)),
        ("Ativan", ("benzodiazepine",)),
        ("methylphenidate hydrochloride", ("psychostimulant",)),
        ("Methylphenidate HCl", ("psychostimulant",)),
        ("lithium carbonate", ("lithium", "mood_stabiliser")),
        ("lithium citrate", ("lithium", "mood_stabiliser")),
        ("St John’s Wort", ("cyp_inducer",)),
        ("st.  john's wort", ("cyp_inducer",)),
        ("voriconazole", ("cyp2b6_inhibitor", "cyp3a4_inhibitor")),
        ("phenobarbital", ("cyp_inducer", "sedative_hypnotic")),
        ("sodium oxybate", ("sedative_hypnotic",)),
        ("sertraline", ()),
        ("sertraline hydrochloride", ()),
    ],
)
def test_a_name_is_known_after_folding_case_spaces_and_salts(
    knowledge: Knowledge, name: str, found: tuple[str, ...]
) -> None:
    assert classes(knowledge, name) == found
    assert assess(knowledge, clean(takes=[name]), ON).unrecognised == ()


@pytest.mark.parametrize(
    "name",
    ["lorazepan", "loraz", "lorazepam 1 mg?", "not lorazepam", "hydrochloride", "", "olorazepam"],
)
def test_a_name_that_only_resembles_one_is_kept_as_unrecognised(
    knowledge: Knowledge, name: str
) -> None:
    found = assess(knowledge, clean(takes=[name, "lithium"]), ON)
    assert found.unrecognised == (name,)
    assert found.values["derived.drug_classes"] == PartialList(["lithium", "mood_stabiliser"])
    assert found.to_data()["derived"]["drug_classes"] == ["lithium", "mood_stabiliser"]
    assert found.to_data()["unrecognised_medications"] == [name]


@pytest.mark.parametrize("reviewed", [None, False])
def test_of_a_list_that_is_not_reviewed_what_is_on_it_counts(
    knowledge: Knowledge, reviewed: bool | None
) -> None:
    assert classes(knowledge, "lorazepam", reviewed=reviewed) == PartialList(["benzodiazepine"])
    assert classes(knowledge, reviewed=reviewed) is None
    assert classes(knowledge, reviewed=True) == ()


@pytest.mark.parametrize(
    ("name", "depressant"),
    [
        ("diazepam", True),
        ("oxycodone", True),
        ("gabapentin", True),
        ("zolpidem", True),
        ("wine", True),
        ("naltrexone", False),
        ("quetiapine", False),
    ],
)
def test_five_classes_depress_the_central_nervous_system(
    knowledge: Knowledge, name: str, depressant: bool
) -> None:
    found = assess(knowledge, clean(takes=[name]), ON)
    assert found.values["derived.cns_depressant"] is depressant


@pytest.mark.skipif(not CLINICAL.is_file(), reason="the clinical notes are not here")
def test_every_name_of_the_clinical_notes_has_its_classes(knowledge: Knowledge) -> None:
    wanted: dict[str, set[str]] = defaultdict(set)
    with CLINICAL.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            wanted[row["name"]].add(row["class"])
    missing = {
        name: sorted(names - set(knowledge.medicines.classes(name) or ()))
        for name, names in wanted.items()
        if names - {"other"} - set(knowledge.medicines.classes(name) or ())
    }
    assert missing == {}


@each(
    ("name", "kind"),
    [
        ("aurorix", "maoi"),
        ("Manerix", "maoi"),
        ("selegiline patch", "maoi"),
        ("Serzone", "cyp3a4_inhibitor"),
        ("St Johns wort", "cyp_inducer"),
        ("St John´s Wort", "cyp_inducer"),  # noqa: RUF001 (an acute accent)
        ("lora\u200bzepam", "benzodiazepine"),
        ("ｌｏｒａｚｅｐａｍ", "benzodiazepine"),  # noqa: RUF001 (full-width letters)
    ],
)
def test_a_medicine_is_in_its_class_under_every_spelling(
    knowledge: Knowledge, name: str, kind: str
) -> None:
    assert kind in (knowledge.medicines.classes(name) or ())


def test_a_list_of_medicines_that_can_not_be_established_is_no_empty_list(
    knowledge: Knowledge,
) -> None:
    case = clean({"medications.reviewed": True}).replaced(
        unknown=frozenset({"medications"}), medications=()
    )
    found = assess(knowledge, case, ON)
    assert found.values["derived.drug_classes"] is None
    assert {item.verdict for item in found.pathways} == {"incomplete"}
    assert "ketamine-elsewhere" in {item.rule for item in found.pathway("spravato").open}


@pytest.mark.parametrize("name", ["paroxetine hydrochloride cr", "Paroxetine CR HCl"])
def test_a_salt_may_stand_before_the_release_form_as_well(knowledge: Knowledge, name: str) -> None:
    assert knowledge.medicines.resolve(name) == "paroxetine cr"
    assert knowledge.medicines.resolve(name.replace("aroxetine", "arocetin")) is None


def test_all_known_names_are_in_alphabetical_order(knowledge: Knowledge) -> None:
    known = knowledge.medicines.known()
    assert list(known) == sorted(known)
    asked = {"bars", "bup", "levo"}
    assert asked <= set(knowledge.pack.medicines)
    assert not asked & set(known)
    assert {"bupropion", "st. john's wort"} <= set(known)
    assert set(knowledge.medicines.antidepressants) <= set(known)


def test_the_classes_of_a_name_are_in_one_order(pack: Pack) -> None:
    many = tuple(f"class_{number}" for number in range(9, 0, -1))
    index = MedicineIndex({"potion": Medicine(classes=many)}, pack.vocabulary, {})
    assert index.classes("Potion") == many[::-1]
