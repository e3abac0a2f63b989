"""The parser is built for the arguments at hand, and says the same as a whole one."""

from __future__ import annotations

import argparse

import pytest

from ketatui.commands.parser import COMMANDS, build_parser
from ketatui.commands.parser_parts import Parser
from tests.each import each


def commands_of(parser: Parser) -> dict[str, Parser]:
    (action,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return dict(action.choices)


def test_a_lazy_parser_lists_the_same_commands_with_the_same_words() -> None:
    assert build_parser([]).format_help() == build_parser().format_help()
    assert set(commands_of(build_parser([]))) == set(COMMANDS)


@each("name", COMMANDS)
def test_a_command_that_is_named_takes_the_same_arguments(name: str) -> None:
    lazy, whole = commands_of(build_parser([name])), commands_of(build_parser())
    assert lazy[name].format_help() == whole[name].format_help()


@pytest.mark.parametrize("words", [["--cases", "assess", "walk"], ["--policy=x", "walk"]])
def test_an_option_before_the_command_is_no_command(words: list[str]) -> None:
    assert build_parser(words).parse_args(words).command == "walk"


@each(("words", "command"), [("cases show x --json", "cases show"), ("assess x --nope", "assess")])
def test_an_argument_that_there_is_not_is_refused_by_its_command(
    words: str, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        build_parser(words.split()).parse_args(words.split())
    said = f"ketatui {command}: unrecognized arguments: {words.split()[-1]} "
    assert capsys.readouterr().err == f"{said}(see ketatui {command} --help)\n"
