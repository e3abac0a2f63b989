"""The tables of the index, and an entry as a row of them."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from pathlib import Path
from typing import Any, get_args

from ketatui.cases.due_index import NO_VISIT
from ketatui.cases.entries import Entry
from ketatui.cases.library.query import BEGINNINGS
from ketatui.cases.treatment_state import DueRow, Treated
from ketatui.criteria.models import Effect, Verdict

_EFFECTS: tuple[str, ...] = get_args(Effect)
_VERDICTS: tuple[str, ...] = get_args(Verdict)

_PREFIX = " ".join(str(letters) for letters in range(1, BEGINNINGS + 1))

TABLES = f"""
create table about (name text primary key, value text);
create table cases (
    key integer primary key,  -- the moment in microseconds, moved on where two share one
    name text unique not null,
    mark text not null,       -- what the disk said of the file when it was read
    changed_at text not null,
    id text, label text, diagnosis text, state text, practice integer, pathway text,
    standing text, verdict text, verdict_rank integer, worst_effect text, worst_rule text,
    worst_rank integer, overrides text, override_count integer, pack_version text, saved_at text,
    sound integer, seal text, warnings text, problem text, reviewer text, agreed integer,
    disagreed integer,
    file text,                -- sound, changed or unreadable
    again text not null default '',
    again_under text not null default '',
    treatment text,           -- how the last course stands; empty without one
    stop_reason text,
    due_by text,              -- the soonest day of what is due
    settled text,             -- from this day on, what is due is as it stands here
    age integer, sex text
);
create table due (
    key integer not null, called text not null, course text not null, what text not null,
    visit integer not null,   -- {NO_VISIT} for what is about none
    by text not null,
    settled text not null     -- as of its case; empty where it always holds
);
-- In the order it is told in, with all that is told: no other row is looked up for it.
create index due_by on due (by, called, course, visit, what, settled, key);
create index due_of on due (key);
create trigger no_longer_due after delete on cases begin
    delete from due where key = old.key;
end;
create index by_id on cases (id);
create index by_label on cases (label collate nocase);
create index by_state on cases (state);
create index by_altered on cases (name) where seal = 'altered';
create index by_problem on cases (name) where problem is not null;
-- Apart from the cases: whoever goes through those need not go through all words too.
create table texts (key integer primary key, text text);
create virtual table found using fts5 (
    text, content = 'texts', content_rowid = 'key', detail = 'none', prefix = '{_PREFIX}',
    tokenize = 'unicode61 remove_diacritics 2'
);
create trigger added after insert on texts begin
    insert into found (rowid, text) values (new.key, new.text);
end;
create trigger removed after delete on cases begin
    insert into found (found, rowid, text)
        select 'delete', key, text from texts where key = old.key;
    delete from texts where key = old.key;
end;
"""

COLUMNS = (
    "key, name, mark, changed_at, id, label, diagnosis, state, practice, pathway, standing, "
    "verdict, verdict_rank, worst_effect, worst_rule, worst_rank, overrides, override_count, "
    "pack_version, saved_at, sound, problem, reviewer, agreed, disagreed, file, seal, warnings, "
    "treatment, stop_reason, due_by, settled, age, sex"
)
READ = (
    "name, changed_at, id, label, diagnosis, state, practice, pathway, standing, verdict, "
    "worst_effect, worst_rule, overrides, pack_version, saved_at, sound, problem, "
    "reviewer, agreed, disagreed, again, "
    "(select other.name from cases other where other.id = cases.id and other.id <> '' "
    "and other.name <> cases.name limit 1) as twin, seal, warnings, treatment, stop_reason, "
    "due_by, settled, age, sex"
)


def moment_of(entry: Entry) -> int:
    """Return the moment a case sorts by.

    Args:
        entry: The case.

    Returns:
        Microseconds since 1970.
    """
    return int(entry.when.timestamp() * 1_000_000)


def free_key(base: sqlite3.Connection, key: int) -> int:
    """Return the first place in time from a moment on that no case has."""
    while base.execute("select 1 from cases where key = ?", [key]).fetchone():
        key += 1
    return key


def row_of(entry: Entry, key: int, mark: str) -> tuple[Any, ...]:
    """Return an entry as values for `COLUMNS`.

    Args:
        entry: The case.
        key: Its place in time.
        mark: What the disk said of the file.

    Returns:
        The values, in the order of the columns.
    """
    file = "unreadable" if entry.problem is not None else "sound" if entry.sound else "changed"
    return (
        key,
        entry.path.name,
        mark,
        entry.changed_at.isoformat(),
        entry.id,
        entry.label,
        entry.diagnosis,
        entry.state,
        entry.practice,
        entry.pathway,
        entry.standing,
        entry.verdict,
        _rank(_VERDICTS, entry.verdict),
        entry.worst_effect,
        entry.worst_rule,
        _rank(_EFFECTS, entry.worst_effect),
        json.dumps(entry.overrides),
        len(entry.overrides),
        entry.pack_version,
        entry.saved_at.isoformat() if entry.saved_at else None,
        entry.sound,
        entry.problem,
        entry.reviewer,
        entry.agreed,
        entry.disagreed,
        file,
        entry.seal,
        json.dumps(entry.warnings),
        entry.treatment.state,
        entry.treatment.stop_reason,
        entry.treatment.due[0].by.isoformat() if entry.treatment.due else None,
        entry.treatment.settled.isoformat() if entry.treatment.settled else None,
        entry.age,
        entry.sex,
    )


def due_of(entry: Entry, key: int) -> list[tuple[Any, ...]]:
    """Return what is due of a case, as rows of the table ``due``.

    Args:
        entry: The case.
        key: Its place in time.

    Returns:
        The rows.
    """
    treatment = entry.treatment
    called = entry.id or entry.label or entry.path.name
    settled = "" if treatment.settled is None else treatment.settled.isoformat()
    return [
        (
            key,
            called,
            row.course,
            row.what,
            NO_VISIT if row.for_visit is None else row.for_visit,
            row.by.isoformat(),
            settled,
        )
        for row in treatment.due
    ]


def entry_from(row: sqlite3.Row, folder: Path) -> Entry:
    """Return a row as an entry.

    Args:
        row: The values of `READ`.
        folder: Where the case files are.

    Returns:
        The entry.
    """
    saved_at, due_by, settled = row["saved_at"], row["due_by"], row["settled"]
    return Entry(
        folder / row["name"],
        dt.datetime.fromisoformat(row["changed_at"]),
        id=row["id"],
        label=row["label"],
        diagnosis=row["diagnosis"],
        state=row["state"],
        practice=bool(row["practice"]),
        pathway=row["pathway"],
        standing=row["standing"],
        verdict=row["verdict"],
        worst_effect=row["worst_effect"],
        worst_rule=row["worst_rule"],
        overrides=_overrides(row["overrides"]),
        pack_version=row["pack_version"],
        saved_at=dt.datetime.fromisoformat(saved_at) if saved_at else None,
        sound=bool(row["sound"]),
        problem=row["problem"],
        reviewer=row["reviewer"],
        agreed=row["agreed"],
        disagreed=row["disagreed"],
        again=row["again"],
        twin=row["twin"] or "",
        seal=row["seal"],
        warnings=tuple(json.loads(row["warnings"])),
        treatment=Treated(
            state=row["treatment"],
            stop_reason=row["stop_reason"],
            # The soonest is all a list needs; the table has the others.
            due=(DueRow("", "", None, dt.date.fromisoformat(due_by)),) if due_by else (),
            settled=dt.date.fromisoformat(settled) if settled else None,
        ),
        age=row["age"],
        sex=row["sex"] or "",
    )


def _overrides(text: str) -> tuple[tuple[str, str, str], ...]:
    if text == "[]":
        return ()
    return tuple((pathway, rule, why) for pathway, rule, why in json.loads(text))


def _rank(order: tuple[str, ...], value: str) -> int:
    """Return the worst first, what is missing last."""
    return order.index(value) if value in order else len(order)
