"""``ketatui cases export``: where files land, and what is refused."""

from __future__ import annotations

import csv
import io
import json
import shutil
import stat
import sys
from pathlib import Path

import pytest

from ketatui.reports.exports import maker
from ketatui.reports.forms import DATA, DOCUMENTS, LAYOUTS, WAYS
from tests.cli.support import CASE, Command

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO = "20261121-080000-example01", "20261121-084000-example02"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the shipped examples, which the command line means."""
    cases = tmp_path / "cases"
    cases.mkdir()
    for path in ROOT.glob("saved_cases/*-example??.toml"):
        shutil.copy(path, cases)
    monkeypatch.setenv("KETATUI_CASES", str(cases))
    return cases


@pytest.mark.parametrize(
    ("name", "kind", "start"),
    [
        ("md", "summary", b"# Case "),
        ("md", "consent", b"# Consent record of case "),
        ("csv", "summary", b"id,integrity,"),
        ("fhir", "summary", b'{"resourceType":"Bundle",'),
        ("pdf", "summary", b"%PDF-"),
        ("pdf", "consent", b"%PDF-"),
    ],
)
def test_a_case_is_written_in_every_format_for_its_owner_only(
    name: str, kind: str, start: bytes, ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"case.{name}"
    done = ketatui("cases", "export", ONE, "--format", name, "--kind", kind, "--out", out)
    assert (done.status, done.out, done.err) == (0, f"Written: {out}\n", "")
    assert out.read_bytes().startswith(start)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == [out.name, "cases"]


def test_without_out_it_goes_to_standard_output(ketatui: Command, folder: Path) -> None:
    done = ketatui("cases", "export", ONE, folder / f"{TWO}.toml", "--format", "md")
    assert (done.status, done.err) == (0, "")
    assert f"# Case {ONE}" in done.out
    assert f"\n---\n\n# Case {TWO}" in done.out
    done = ketatui("cases", "export", ONE, TWO, "--format", "csv")
    assert [row["id"] for row in csv.DictReader(io.StringIO(done.out))] == [ONE, TWO]
    done = ketatui("cases", "export", ONE, TWO, "--format", "fhir")
    assert len(json.loads(done.out)["entry"]) == 5


def test_a_folder_named_means_every_case_in_it(ketatui: Command, folder: Path) -> None:
    (folder / "notes.txt").write_text("no case", "utf-8")
    done = ketatui("cases", "export", folder, "--format", "csv")
    ids = [row["id"] for row in csv.DictReader(io.StringIO(done.out))]
    assert ids == sorted(path.stem for path in folder.glob("*.toml"))
    assert done.err == ""


def test_a_folder_takes_a_document_a_case(ketatui: Command, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    for kind in ("summary", "consent"):
        arguments = ("--format", "pdf", "--kind", kind, "--paper", "a4", "--out", out)
        assert ketatui("cases", "export", ONE, TWO, *arguments).status == 0
    assert sorted(path.name for path in out.iterdir()) == [
        f"{ONE}-consent.pdf",
        f"{ONE}.pdf",
        f"{TWO}-consent.pdf",
        f"{TWO}.pdf",
    ]


def test_a_file_that_is_there_is_kept_unless_forced(
    ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "case.md"
    out.write_text("mine", "utf-8")
    out.chmod(0o644)
    done = ketatui("cases", "export", ONE, "--format", "md", "--out", out)
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{out}: is there already; --force writes over it\n"
    assert out.read_text("utf-8") == "mine"
    assert ketatui("cases", "export", ONE, "--format", "md", "--out", out, "--force").status == 0
    assert out.read_text("utf-8").startswith("# Case ")
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_a_link_to_nothing_is_something_that_is_there(
    ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "link.md"
    out.symlink_to(tmp_path / "nowhere.md")
    done = ketatui("cases", "export", ONE, "--format", "md", "--out", out)
    assert done.status == 2
    assert not (tmp_path / "nowhere.md").exists()


def test_a_case_that_cannot_be_read_is_named_and_the_others_are_exported(
    ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[answers.patient]\nage = 200\n", "utf-8")
    for name in ("md", "csv", "fhir"):
        out = tmp_path / f"out.{name}"
        into = tmp_path if name == "md" else out
        done = ketatui("cases", "export", ONE, bad, "--format", name, "--out", into)
        written = tmp_path / f"{ONE}.md" if name == "md" else out
        assert (done.status, done.out) == (2, f"Written: {written}\n")
        first, last = done.err.splitlines()
        assert first.startswith(f"{bad}:2: patient.age: 200")
        assert last == "1 file left out, which cannot be read; 1 exported"
        assert ONE in written.read_text("utf-8")
    done = ketatui("cases", "export", bad, "--format", "csv", "--out", tmp_path / "none.csv")
    assert (done.status, done.out) == (2, "")
    assert not (tmp_path / "none.csv").exists()


@pytest.mark.parametrize("kind", ["md", "csv", "fhir"])
def test_no_export_takes_the_place_of_a_case(
    ketatui: Command, folder: Path, tmp_path: Path, kind: str
) -> None:
    kept = folder / f"{ONE}.toml"
    elsewhere = tmp_path / "mine.toml"
    elsewhere.write_bytes(kept.read_bytes())
    for out in (kept, elsewhere, folder / "new.toml"):
        before = out.read_bytes() if out.exists() else None
        done = ketatui("cases", "export", ONE, "--format", kind, "--out", out, "--force")
        assert (done.status, done.out) == (2, "")
        assert "here a case is kept" in done.err
        assert (out.read_bytes() if out.exists() else None) == before


def test_a_table_can_begin_with_a_byte_order_mark(
    ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "t.csv"
    assert ketatui("cases", "export", ONE, "--format", "csv", "--bom", "--out", out).status == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbfid,integrity,")
    assert ketatui("cases", "export", ONE, "--format", "md", "--bom").status == 2


def test_plain_text_holds_what_markdown_does_without_markup(ketatui: Command, folder: Path) -> None:
    for kind in ("summary", "consent"):
        done = ketatui("cases", "export", ONE, "--format", "txt", "--kind", kind)
        assert done.status == 0
        assert max(map(len, done.out.splitlines())) <= 80
        assert "**" not in done.out
        assert "\\" not in done.out
    assert "Signatures" in done.out
    assert "Patient:\n  ____" in done.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((ONE, "--format", "pdf"), "a PDF is not for the terminal: name a file with --out"),
        ((ONE, "--format", "csv", "--kind", "consent"), "--kind consent goes with --format md"),
        ((ONE, "--format", "fhir", "--out", "."), "this is a folder; name a file, such as"),
        ((ONE, TWO, "--format", "md", "--out", "new.md"), "--out names a folder that is there"),
        ((ONE, ONE, "--format", "md", "--out", "."), "two of these cases would be written to one"),
        ((ONE, "--format", "md", "--out", "no/such/x.md"), "No such file or directory"),
        ((ONE, "--format", "md", "--out", "x\0.md"), "cannot be the name of a file"),
        ((ONE, "--format", "docx"), "invalid choice: 'docx'"),
        ((ONE,), "--format"),
        (("empty", "--format", "csv"), "empty: there are no cases"),
        (("20200101-000000-aaaa", "--format", "md"), "No such file or directory"),
        (("no-such-case", "--format", "csv"), "No such file or directory"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(
    arguments: tuple[str, ...],
    said: str,
    ketatui: Command,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    done = ketatui("cases", "export", *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cases", "empty"]


def test_without_its_library_a_pdf_says_what_to_install(
    ketatui: Command, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What an import finds of a library that is not installed.
    monkeypatch.setitem(sys.modules, "typst", None)
    done = ketatui("cases", "export", ONE, "--format", "pdf", "--out", tmp_path / "x.pdf")
    assert (done.status, done.out) == (2, "")
    assert 'pip install "ketatui[pdf]"' in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "x.pdf").exists()


def test_a_file_that_was_never_saved_is_assessed_for_the_day_named(
    ketatui: Command, folder: Path, case_file: Path
) -> None:
    done = ketatui("cases", "export", case_file, "--format", "md", "--on", "2027-01-02")
    assert done.status == 0
    assert "ASSESSED FOR THIS EXPORT" in done.out
    assert "**Assessed for:** 2027-01-02" in done.out


def test_a_hostile_id_names_no_file_elsewhere(
    ketatui: Command, folder: Path, tmp_path: Path
) -> None:
    path = tmp_path / "odd.toml"
    path.write_text('id = "../../x"\n' + CASE, "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    done = ketatui("cases", "export", path, "--format", "md", "--out", out)
    assert done.status == 0, done.err
    assert [item.name for item in out.iterdir()] == ["odd.md"]
    assert not re_control(done.out)


def re_control(text: str) -> bool:
    """Tell whether a terminal could act on a text."""
    return any(not c.isprintable() for c in text.replace("\n", ""))


def test_every_form_is_offered_in_the_app_and_what_makes_it_is_there() -> None:
    offered = {(way.format, "" if way.format in DATA else way.kind) for way in WAYS}
    assert {name for name, _ in offered} == {*LAYOUTS, *DATA}
    assert {kind for _, kind in offered} == {"", *DOCUMENTS}
    for content in (*DOCUMENTS.values(), *DATA.values()):
        assert callable(maker(content))
