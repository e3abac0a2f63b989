"""Every name of the table as people write it, and names that look alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from ketatui.consultation.suggest import suggest
from ketatui.criteria.models import Medicine
from ketatui.engine import Knowledge
from ketatui.engine.medicines import MedicineIndex, Recognition
from tests.each import each
from tests.effort import EFFORT

FORMS: tuple[Callable[[str], str], ...] = (
    str,
    str.upper,
    str.title,
    lambda name: f"  {name}  ",
    lambda name: f"{name} 10 mg",
    lambda name: f"{name} 10mg po bid prn",
    lambda name: f"{name} 20 MG Oral Tablet",
    lambda name: f"[{name}]",
    lambda name: name.replace("'", "’").replace("-", "‑"),  # noqa: RUF001
    lambda name: f"{name} - 1 tab at bedtime",
    lambda name: f"• {name}, 5 mg q6h",
    lambda name: f"takes {name} for sleep",
)


def is_itself(found: Recognition, medicine: Medicine) -> bool:
    if medicine.may_mean is not None:
        return found.classes is None and found.may_mean == medicine.may_mean
    return (
        found.standing == "known"
        and set(found.classes or ()) == set(medicine.classes)
        and set(found.ingredients) == set(medicine.ingredients)
    )


def test_every_name_of_the_table_is_recognized_in_every_written_form(knowledge: Knowledge) -> None:
    index, names = knowledge.medicines, knowledge.pack.medicines
    # Every form at every change, of so many-th name; `make test-long` tries all of them.
    every = max(1, round(1 / EFFORT))
    wrong = [
        form(name)
        for number, form in enumerate(FORMS)
        for name in list(names)[number % every :: every]
        if not is_itself(index.recognize(form(name)), names[name])
    ]
    assert len(names) > 3271
    assert wrong == []


@pytest.mark.parametrize(
    "ending", ["-D", " dm", "-PM", " HCT", " AC", " #3", " plus", " compound", " U", " w/", " /"]
)
def test_an_ending_that_is_a_drug_is_never_dropped(knowledge: Knowledge, ending: str) -> None:
    index, names = knowledge.medicines, knowledge.pack.medicines
    plain = [name for name in names if name.isalpha() and names[name].may_mean is None]
    known = {name for name in plain[::20] if index.recognize(name + ending).known}
    tabled = {name for name in plain if f"{name} {ending.strip(' -').lower()}" in names}
    assert known <= tabled
    # Beside a number the letter is the unit it can be.
    assert index.recognize("insulin U-100").known
    assert index.recognize("insulin 10 U").known


def one_edit_apart(names: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs that one letter more, less or another, or two turned round, tell apart."""
    by_rest: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for rest in {name, *(name[:at] + name[at + 1 :] for at in range(len(name)))}:
            by_rest[rest].add(name)
    pairs = {
        (one, other)
        for near in by_rest.values()
        for one in near
        for other in near
        if one < other and is_one_edit(one, other)
    }
    yield from sorted(pairs)


def is_one_edit(one: str, other: str) -> bool:
    if len(one) == len(other):
        differ = [at for at in range(len(one)) if one[at] != other[at]]
        turned = len(differ) == 2 and differ[1] == differ[0] + 1
        first, last = differ[0], differ[-1]
        return len(differ) == 1 or (
            turned and one[first] == other[last] and one[last] == other[first]
        )
    short, long = sorted((one, other), key=len)
    return len(long) == len(short) + 1 and any(
        long[:at] + long[at + 1 :] == short for at in range(len(long))
    )


@pytest.fixture(scope="module")
def look_alikes(knowledge: Knowledge) -> list[tuple[str, str]]:
    names = knowledge.pack.medicines
    pairs = [
        (one, other)
        for one, other in one_edit_apart(list(names))
        if set(names[one].classes) != set(names[other].classes)
    ]
    assert len(pairs) >= 40
    return pairs


def test_look_alikes_in_different_classes_are_never_taken_for_each_other(
    knowledge: Knowledge, look_alikes: list[tuple[str, str]]
) -> None:
    index, names = knowledge.medicines, knowledge.pack.medicines
    for pair in look_alikes:
        for name in pair:
            for form in FORMS:
                assert is_itself(index.recognize(form(name)), names[name]), form(name)
            # Written in full it is the first suggestion, and no look-alike is offered with it.
            if names[name].may_mean is None and len(name) > 1:
                first, *rest = suggest(index.known(), name)
                assert first == name
                assert all(name in other for other in rest)


def test_what_could_be_either_of_two_look_alikes_suggests_neither(
    knowledge: Knowledge, look_alikes: list[tuple[str, str]]
) -> None:
    index = knowledge.medicines
    known = index.known()
    tried = 0
    for one, other in look_alikes:
        if len(one) != len(other) or one not in known or other not in known:
            continue
        at = next(at for at in range(len(one)) if one[at] != other[at])
        typed = one[:at] + "q" + one[at + 1 :]
        if at + 1 < len(one) and not index.recognize(typed).known:
            tried += 1
            assert not {one, other} & set(suggest(known, typed)), typed
    assert tried >= 8


@each(
    ("typed", "meant"),
    [
        ("hydroxyzine", "hydralazine"),
        ("bupropion", "buspirone"),
        ("clonidine", "clonazepam"),
        ("lamotrigine", "terbinafine"),
        ("metoprolol", "misoprostol"),
        ("tramadol", "trazodone"),
        ("celexa", "celebrex"),
        ("zyprexa", "zyrtec"),
    ],
)
def test_names_that_are_known_to_be_mixed_up_are_kept_apart(
    knowledge: Knowledge, typed: str, meant: str
) -> None:
    index: MedicineIndex = knowledge.medicines
    assert index.recognize(typed).ingredients != index.recognize(meant).ingredients
    assert meant not in suggest(index.known(), typed)
    assert typed not in suggest(index.known(), meant)


def test_a_name_that_reads_like_another_stands_for_the_same(knowledge: Knowledge) -> None:
    from ketatui.engine.medicines.folding import keys_of

    names = knowledge.pack.medicines
    by_key: dict[str, set[object]] = defaultdict(set)
    for name, key in zip(names, keys_of(names), strict=True):
        item = names[name]
        by_key[key].add((item.ingredients, item.classes, item.may_mean))
    assert {key for key, found in by_key.items() if len(found) > 1} == set()
