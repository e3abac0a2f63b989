"""The plain walk says what looks like an identifier, and asks before it saves."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.cases.store import CaseStore
from ketatui.engine import Knowledge
from tests.cli.support import Command
from tests.walk.support import walk_with


@pytest.mark.parametrize("replaced", [True, False])
def test_it_says_so_at_once_and_asks_before_saving(
    tmp_path: Path, knowledge: Knowledge, replaced: bool
) -> None:
    lines = ["o cell 555-0188", "o cell 555-0188 and nothing else new", "e"]
    replies = (
        ("s skips consent", "s"),
        ("b: back.", ""),
        ("Save the case now", "y"),
        ("Replace all of them", "y" if replaced else "n"),
        ("Saved by", "dr"),
        ("Who was present", ""),
        ("Interpreter?", ""),
        ("Copy handed over?", ""),
        ("Why is it saved?", ""),
        ("", "e"),
    )
    walk, screen = walk_with(
        tmp_path / "cases", knowledge, lines, label="since March 2019", replies=replies
    )
    saved = walk.run()
    assert saved is not None, screen.text[-1500:]
    said = " ".join(screen.text.split())
    # Once for the note as it is entered; what was there before is not said again.
    assert said.count("Please check: “555-0188” looks like a telephone number.") == 1
    assert "Label: “March 2019”, date finer than a year" in said
    assert "“555-0188”, telephone number" in said
    case = CaseStore(tmp_path / "cases", knowledge.pack).load(saved).case
    texts = [case.label, *case.notes.values()]
    assert texts == (
        ["since [date removed]", "cell [telephone removed] and nothing else new"]
        if replaced
        else ["since March 2019", "cell 555-0188 and nothing else new"]
    )


def test_the_label_can_be_typed_anew_before_anything_is_kept(
    ketatui: Command, tmp_path: Path
) -> None:
    cases = tmp_path / "cases"
    typed = b"Mr Quill\n52 m, low mood\nn\nq\n"
    done = ketatui("walk", "--new", "--cases", cases, stdin=typed)
    assert done.status == 0
    assert "“Quill” looks like a name of a person. Another label, or Enter keeps" in " ".join(
        done.out.split()
    )
    (draft,) = (cases / "drafts").glob("*.jsonl")
    text = draft.read_text("utf-8")
    assert "52 m, low mood" in text
    assert "Quill" not in text


def test_a_label_can_be_kept_all_the_same(ketatui: Command, tmp_path: Path) -> None:
    cases = tmp_path / "cases"
    done = ketatui("walk", "--new", "--cases", cases, stdin=b"Mr Quill\n\nn\nq\n")
    assert done.status == 0
    (draft,) = (cases / "drafts").glob("*.jsonl")
    assert "Mr Quill" in draft.read_text("utf-8")


@pytest.fixture
def ketatui(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capsys, monkeypatch)
