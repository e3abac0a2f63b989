"""Criteria that are put together once for all commands a test process runs."""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import tomli

from ketatui.cases.model import Case
from ketatui.commands import inputs, parser, practice, prefill
from ketatui.commands.parser import COMMANDS, build_parser
from ketatui.commands.parser_parts import Parser
from ketatui.criteria import loading, names, places, reader, records
from ketatui.criteria.default import default_folder
from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.pack import Pack
from ketatui.criteria.reader import Reader
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.decisive import FactRole, fact_roles
from ketatui.practice import checking, finding
from ketatui.practice import loading as practice_loading
from ketatui.practice.loading import PracticeLibrary
from ketatui.privacy import backtracking
from ketatui.privacy import checking as identifiers

SHIPPED = default_folder({})
"""No test writes there, and every second command reads it."""


def _contents(path: Path | None) -> tuple[object, ...]:
    """Tell a folder or file apart by what is in it."""
    if path is None or path == SHIPPED or not path.exists():
        return (path,)
    if path.is_file():
        look = path.stat()
        return (path, look.st_mtime_ns, look.st_size)
    return (path, *_files(str(path)))


def _files(folder: str) -> Iterator[tuple[str, int, int]]:
    # Every command looks at a hundred files: paths would take longer than the looks.
    with os.scandir(folder) as found:
        for entry in sorted(found, key=lambda it: it.name):
            if entry.is_dir():
                yield from _files(entry.path)
            else:
                look = entry.stat()
                yield (entry.path, look.st_mtime_ns, look.st_size)


def _roles_once() -> Callable[[Knowledge, Case, dt.date], dict[str, FactRole]]:
    """Work out what each fact of a case does once: it takes a hundred judgments, for every run."""
    told: list[tuple[Knowledge, Case, dt.date, dict[str, FactRole]]] = []

    @functools.wraps(fact_roles)
    def roles_of(knowledge: Knowledge, case: Case, on: dt.date) -> dict[str, FactRole]:
        for known, right, day, roles in told:
            if known is knowledge and day == on and right == case:
                return roles
        told.append((knowledge, case, on, fact_roles(knowledge, case, on)))
        return told[-1][-1]

    return roles_of


def _parsers_once() -> Callable[..., Parser]:
    """Build the parser of a command once: to build it takes as long as most commands do."""
    parsers: dict[frozenset[str], Parser] = {}

    def built(words: Sequence[str] | None = None) -> Parser:
        named = frozenset(COMMANDS if words is None else COMMANDS.keys() & set(words))
        if named not in parsers:
            parsers[named] = build_parser(words)
        return parsers[named]

    return built


class _ParsedOnce:
    """Stands for tomli where a pack is read: of a hundred files, a mistake is made in one."""

    loads = functools.cache(tomli.loads)
    TOMLDecodeError = tomli.TOMLDecodeError


def put_together_once(patch: pytest.MonkeyPatch) -> None:
    """Read and compile criteria anew only when one of their files is another one.

    Both are immutable values, and come from the program's own code; that a command reads what is
    on the disk at its start is tried by those that run it as a process. A line of the table of
    medicines' names, of which a check reads thousands, is read once; so is a pattern.
    """
    packs: dict[object, Pack] = {}

    def load_pack(folder: Path | None = None, policy: Path | None = None) -> Pack:
        folder = default_folder() if folder is None else folder
        key = (_contents(folder), _contents(policy))
        if key not in packs:
            packs[key] = loading.load_pack(folder, policy)
        return packs[key]

    # By identity: all packs are kept here, and a pack is as large as its files.
    knowledge: dict[int, Knowledge] = {}

    @functools.wraps(compile_pack)
    def compiled(pack: Pack) -> Knowledge:
        if id(pack) not in knowledge or knowledge[id(pack)].pack is not pack:
            knowledge[id(pack)] = compile_pack(pack)
        return knowledge[id(pack)]

    libraries: dict[object, PracticeLibrary] = {}

    def load_library(pack: Pack, own: Path | None = None) -> PracticeLibrary:
        key = (id(pack), _contents(own))
        if key not in libraries:
            libraries[key] = practice_loading.load_library(pack, own)
        return libraries[key]

    patch.setattr(parser, "build_parser", _parsers_once())
    # A policy of its own is put on top of the same tables, as long as none of them has changed.
    assemble = loading._assemble
    shipped = functools.cache(lambda: assemble(Reader(SHIPPED)))
    patch.setattr(
        loading,
        "_assemble",
        lambda reader: shipped() if reader.folder == SHIPPED else assemble(reader),
    )
    for module in (reader, places):
        patch.setattr(module, "tomli", _ParsedOnce)
    patch.setattr(names, "_medicine", functools.cache(names._medicine))
    endless = functools.cache(backtracking.may_backtrack_for_ever)
    patch.setattr(identifiers, "may_backtrack_for_ever", endless)
    mappings: dict[int, tuple[Pack, RecordFile]] = {}

    def load_records(pack: Pack) -> RecordFile:
        if id(pack) not in mappings or mappings[id(pack)][0] is not pack:
            mappings[id(pack)] = pack, records.load_records(pack)
        return mappings[id(pack)][1]

    patch.setattr(prefill, "load_records", load_records)
    roles = _roles_once()
    for module in (checking, finding):
        patch.setattr(module, "fact_roles", roles)
    patch.setattr(practice, "load_library", load_library)
    patch.setattr(inputs, "load_pack", load_pack)
    patch.setattr(inputs, "compile_pack", compiled)
