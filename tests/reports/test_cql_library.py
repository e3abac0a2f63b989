"""The conditions as CQL: everything is in it, departures are written out, texts are quoted.

That another engine comes to our results is held by `make interop`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.cli import main
from ketatui.cql import parse
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.reports.cql_library import cql_library, cql_text
from tests.each import each

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def library(knowledge: Knowledge) -> str:
    return cql_library(knowledge)


def names(library: str) -> list[str]:
    return re.findall(r'^(?:define|parameter) "([^"]+)"', library, re.MULTILINE)


def test_every_condition_is_a_definition_once(knowledge: Knowledge, library: str) -> None:
    pack, found = knowledge.pack, names(library)
    assert len(found) == len(set(found))
    wanted = {f"rule.{rule.id}" for rule in pack.rules.values() if rule.when is not None}
    wanted |= {f"rule.{r.id}.{on}" for r in pack.rules.values() for on, v in r.on.items() if v.when}
    wanted |= {f"support.{ident}" for ident in pack.support}
    wanted |= {f"contradiction.{ident}" for ident in pack.contradictions}
    wanted |= {f"payer.{payer.id}.{r.id}" for payer in pack.payers.values() for r in payer.rules}
    wanted |= {f"threshold.{name}" for name in pack.thresholds}
    wanted |= set(pack.derived)
    asked = {ident for ident, question in pack.questions.items() if question.kind != "rows"}
    wanted |= asked | {f"answer.{ident}" for ident in asked}
    wanted |= {f"hidden.{item.id}" for item in pack.consent.values() if item.hidden_when}
    assert set(found) == wanted


def test_every_name_that_is_read_is_defined(library: str) -> None:
    code = "\n".join(line for line in library.splitlines() if not line.startswith("//"))
    assert set(re.findall(r'"([^"]+)"', code)) == {*names(library), "Holds"}
    assert code.count("define function") == 1


@each(
    ("expression", "text"),
    [
        ("a.x in {'p', 'q'}", "((\"a.x\" = 'p') or (\"a.x\" = 'q'))"),
        ("a.x in {}", "false"),
        ("l contains 'p'", '"Holds"("l", \'p\')'),
        ("a.x in l", '"Holds"("l", "a.x")'),
        ("a != b", '("a" != "b")'),
        ("a <> b", '("a" != "b")'),
        ("not a is null", '(not ("a" is null))'),
        ("a is not true", '("a" is not true)'),
        ("a between 1 and 2.5", '("a" >= 1 and "a" <= 2.5)'),
        ("a + b * 2 > 3", '(("a" + ("b" * 2)) > 3)'),
        ("threshold.t >= -1.0", '("threshold.t" >= (- 1.0))'),
        ("a > +1.0", '("a" > (+ 1.0))'),
    ],
)
def test_an_expression_is_written_in_cql(expression: str, text: str) -> None:
    assert cql_text(parse(expression)) == text


def test_a_text_with_quotes_stays_that_text() -> None:
    text = r"""("a" = 'it\'s a \\')"""
    assert cql_text(parse(r"""a = 'it\'s a \\'""")) == text


def test_what_counts_while_a_question_is_not_asked_is_written_out(library: str) -> None:
    line = next(line for line in library.splitlines() if 'define "patient.pregnant"' in line)
    assert line == (
        'define "patient.pregnant": if "patient.can_become_pregnant" is false then false '
        'else "answer.patient.pregnant"'
    )


def test_what_a_calculation_of_ours_comes_to_is_given_from_outside(knowledge: Knowledge) -> None:
    fact = knowledge.pack.derived["derived.failed_trials"]
    new = fact.replaced(id="derived.new", calculation="new")
    pack = knowledge.pack.replaced(derived={**knowledge.pack.derived, new.id: new})
    assert 'parameter "derived.new" Integer' in cql_library(knowledge.replaced(pack=pack))


def test_a_local_policy_counts() -> None:
    policy = ROOT / "docs" / "examples" / "policy.toml"
    pack = load_pack(default_folder({}), policy)
    found = cql_library(compile_pack(pack))
    assert pack.threshold_values["bp_caution_systolic"] == Decimal(130)
    assert 'define "threshold.bp_caution_systolic": 130\n' in found
    assert "// Local policy: North Clinic" in found
    assert 'define "rule.north-alcohol-first": "derived.audit_c_positive"' in found


def test_the_command_prints_it_or_writes_it_once(
    tmp_path: Path, library: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["criteria", "export", "--format", "cql"]
    assert main(command) == 0
    assert capsys.readouterr().out == library
    assert main([*command, "--out", str(tmp_path / "new")]) == 0
    assert (tmp_path / "new" / "KetamineUs.cql").read_text("utf-8") == library
    assert main([*command, "--out", str(tmp_path / "new")]) == 2
    assert "is there already" in capsys.readouterr().err
