"""The documentation holds: its commands run, its links lead somewhere, its tables are current."""

from __future__ import annotations

import argparse
import json
import re
import shlex
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import ketatui
from ketatui.cli import main
from ketatui.commands.parser import build_parser
from ketatui.criteria import models as m
from ketatui.criteria.models.policy import PolicyFile
from ketatui.toml_structs import read_table
from ketatui.tui.actions import ACTIONS, KEY_NAMES
from scripts import performance_page
from scripts.examples import PATTERN
from scripts.keys import PAGE, keyboard_page
from tests.each import each
from tests.one_duckdb import one_duckdb

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("saved_cases/*.md")])
PICTURES = sorted(ROOT.glob("docs/images/*.svg"))

_FENCE = re.compile(r"^[ ]*```(\w*)\n(.*?)^[ ]*```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"^\s*(?:\.venv/bin/)?(ketatui(?: .*)?)$")
_ELLIPSIS = "…"
NEEDS_A_TERMINAL = {None, "walk"}
NEVER_ENDS = {"serve"}
ADDED_BY_THE_READER = "medical.motion_sickness"
"""A question that CONTRIBUTING has the reader add: no pack knows it yet."""


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def without_fences(text: str) -> str:
    return _FENCE.sub("", text)


def commands_of(page: Path) -> Iterator[str]:
    """Every command line of a page: lines of code blocks, and code within the text."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in _FENCE.finditer(text) for line in block[2].splitlines()]
    lines += [found[1] for found in _CODE.finditer(without_fences(text))]
    for line in lines:
        found = _COMMAND.match(line)
        if found and not any(part.isupper() or _ELLIPSIS in part for part in found[1].split()):
            yield found[1]


COMMANDS = sorted({(name_of(page), line) for page in PAGES for line in commands_of(page)})


def is_a_mention(arguments: list[str]) -> bool:
    """Tell whether it names a command, such as `ketatui cases`, and shows no use of it."""
    mentions = (
        *("assess", "cases", "cases show", "cases review"),
        *("criteria", "criteria eval", "completion", "cohort", "cohort screen"),
    )
    return " ".join(arguments) in mentions


once = pytest.fixture(scope="module", autouse=True, name="one_duckdb")(one_duckdb)


@pytest.fixture(scope="module")
def criteria(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The criteria as a clone has them, which commands only read."""
    return shutil.copytree(ROOT / "criteria", tmp_path_factory.mktemp("clone") / "criteria")


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, criteria: Path) -> Path:
    """A folder to run commands in, with everything they name and nothing of anybody else's."""
    cases = tmp_path / "saved_cases"
    cases.mkdir()
    for path in ROOT.glob(f"saved_cases/{PATTERN}"):
        shutil.copy(path, cases)
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    (tmp_path / "criteria").symlink_to(criteria)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KETATUI_CASES", str(cases))
    monkeypatch.delenv("KETATUI_CRITERIA", raising=False)
    return tmp_path


def test_the_documentation_shows_commands() -> None:
    assert len(COMMANDS) > 20


def test_every_command_shown_is_understood() -> None:
    parser = build_parser()
    for page, line in COMMANDS:
        arguments = shlex.split(line)[1:]
        if not is_a_mention(arguments):
            try:
                parser.parse_args(arguments)
            except SystemExit:
                pytest.fail(f"{page}: {line}")


def commands_below(parser: argparse.ArgumentParser, name: str) -> Iterator[str]:
    """Yield every command by its name, those of groups and not the groups."""
    below = [
        (word, child)
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for word, child in action.choices.items()
    ]
    for word, child in below:
        yield from commands_below(child, f"{name} {word}")
    if not below:
        yield name


def test_the_page_of_commands_names_them_all() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(ketatui(?: [a-z][a-z-]*)+)", page, re.MULTILINE)
    assert Counter(rows) == Counter(commands_below(build_parser(), "ketatui"))


CHECKED = {"ketatui criteria check", "ketatui practice check"}
"""What `make check` runs every time."""
SCREENING = next((line for _, line in COMMANDS if line.startswith("ketatui cohort screen doc")), "")
AFTER = {"ketatui cohort funnel screened": SCREENING}
"""Commands that tell of what another has made, and which: they are run behind it."""
ONCE = [
    pytest.param(page, line, marks=pytest.mark.long if line in CHECKED else ())
    for page, line in {line: (page, line) for page, line in COMMANDS}.values()
    if line not in AFTER
]
"""Commands that several pages show are run once."""


@pytest.mark.parametrize(("page", "line"), ONCE)
def test_every_command_shown_that_needs_no_terminal_runs(
    page: str, line: str, clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = shlex.split(line)[1:]
    if is_a_mention(arguments) or ADDED_BY_THE_READER in arguments:
        return
    parsed = build_parser(arguments).parse_args(arguments)
    runs = getattr(parsed, "action", None) in ("run", "drill")
    if runs or parsed.command in NEEDS_A_TERMINAL | NEVER_ENDS:
        return
    for each_line in (line, *(behind for behind, made_by in AFTER.items() if made_by == line)):
        assert main(shlex.split(each_line)[1:]) == 0, capsys.readouterr().err
        said = capsys.readouterr()
        assert said.out, each_line
        assert not said.err, each_line


def test_what_is_run_behind_another_command_is_shown_as_it_is() -> None:
    assert {*AFTER, *AFTER.values()} <= {line for _, line in COMMANDS}


@each("page", PAGES)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    for link in _LINK.findall(without_fences(page.read_text(encoding="utf-8"))):
        target, _, heading = link.partition("#")
        if "://" in target:
            continue
        found = (page.parent / target).resolve() if target else page
        assert found.is_relative_to(ROOT), link
        assert found.exists(), link
        if heading:
            assert heading in headings_of(found), link


def headings_of(page: Path) -> set[str]:
    """The names that headings can be linked by."""
    lines = without_fences(page.read_text(encoding="utf-8")).splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def test_the_page_of_keys_is_what_the_table_of_actions_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == keyboard_page(), "run scripts/keys.py"


def test_the_readme_names_only_keys_there_are() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## The keyboard")[2].partition("All keys")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    shown = {key for row in rows for key in _CODE.findall(row)}
    bound = {KEY_NAMES.get(key, key) for action in ACTIONS for key in action.keys.split(",")}
    assert shown
    assert shown <= bound


def test_the_readme_names_every_verdict_as_the_criteria_do() -> None:
    data = tomllib.loads((ROOT / "criteria" / "wording.toml").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for words in read_table(data, m.WordingFile).verdicts.values():
        assert f"| {words.symbol} | {words.title} |" in readme


def test_the_readme_says_which_criteria_and_until_when() -> None:
    data = tomllib.loads((ROOT / "criteria" / "pack.toml").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`{data['id']}` {data['version']}" in readme
    assert f"**{data['review_by']}**" in readme


def test_the_policy_shown_is_the_one_that_ships() -> None:
    page = (ROOT / "docs" / "writing-criteria.md").read_text(encoding="utf-8")
    shown = [tomllib.loads(found[2]) for found in _FENCE.finditer(page) if found[1] == "toml"]
    shipped = tomllib.loads((ROOT / "docs/examples/policy.toml").read_text(encoding="utf-8"))
    read_table(shipped, PolicyFile)
    assert shipped in shown


@each("page", PAGES)
def test_every_toml_shown_is_toml(page: Path) -> None:
    for found in _FENCE.finditer(page.read_text(encoding="utf-8")):
        if found[1] == "toml":
            tomllib.loads(found[2])


TABLES: dict[str, type[m.PackModel]] = {
    "questions": m.Question,
    "derived": m.Derived,
    "thresholds": m.Threshold,
    "rows": m.SupportRow,
    "items": m.ConsentItem,
    "contradictions": m.Contradiction,
    "sources": m.Source,
    "identifiers": m.IdentifierKind,
}
"""What the tables of a pack that pages show are made of."""


@pytest.mark.parametrize("name", ["docs/writing-criteria.md", "CONTRIBUTING.md"])
def test_every_table_of_a_pack_shown_is_one_a_pack_may_hold(name: str) -> None:
    shown = 0
    for found in _FENCE.finditer((ROOT / name).read_text(encoding="utf-8")):
        data = tomllib.loads(found[2]) if found[1] == "toml" else {}
        if "id" in data:
            whole: type[m.PackModel] = m.Payer if "policy" in data else PolicyFile
            read_table(data, whole)
            shown += 1
            continue
        for key, rows in data.items():
            for row in rows:
                read_table(row, TABLES.get(key, m.Rule))
                shown += 1
    assert shown


def test_the_case_file_shown_can_be_assessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "case-files.md").read_text(encoding="utf-8")
    shown = next(found[2] for found in _FENCE.finditer(page) if found[1] == "toml")
    file = tmp_path / "case.toml"
    file.write_text(shown, encoding="utf-8")
    assert main(["assess", str(file)]) == 0, capsys.readouterr().err


def test_every_example_case_is_listed_beside_them() -> None:
    page = (ROOT / "saved_cases" / "README.md").read_text(encoding="utf-8")
    examples = {path.stem for path in ROOT.glob(f"saved_cases/{PATTERN}")}
    assert examples == set(re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE))


def test_the_architecture_lists_the_rooms_as_the_layers_have_them() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [
        item["layers"]
        for item in config["tool"]["importlinter"]["contracts"]
        if item["type"] == "layers"
    ]
    height = {
        room: number
        for number, layer in enumerate(reversed(layers))
        for room in re.findall(r"\w+", layer)
    }
    tree = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    rooms = [name for name in re.findall(r"(?m)^  ([a-z_]+)(?:/|\.py)", tree) if name != "cli"]
    assert {*rooms, "cli", "__main__"} == height.keys()
    heights = [height[room] for room in rooms]
    assert heights == sorted(heights)


def test_the_architecture_names_every_folder() -> None:
    tree = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    shown = {word.rstrip(",") for word in tree.split()}
    found = [*ROOT.iterdir(), *(ROOT / "ketatui").iterdir()]
    folders = {
        item.name for item in found if item.is_dir() and not item.name.startswith((".", "_"))
    }
    built = {"build", "dist", "ketatui.egg-info"}
    missing = sorted(name for name in folders - built if f"{name}/" not in shown)
    assert not missing


def test_the_changelog_has_this_version() -> None:
    assert ketatui.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_there_are_pictures() -> None:
    assert PICTURES


@pytest.mark.parametrize("picture", PICTURES, ids=name_of)
def test_no_picture_fetches_anything(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert "://" not in text
    assert "@import" not in text
    assert "<script" not in text


def test_the_figures_of_the_performance_page_are_those_that_were_measured() -> None:
    data = json.loads(performance_page.FIGURES.read_text(encoding="utf-8"))
    text = performance_page.PAGE.read_text(encoding="utf-8")
    assert performance_page.page(text, data) == text
    assert all(row["what"].strip() in text for row in data["rows"])
