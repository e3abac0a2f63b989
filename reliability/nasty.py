"""A corpus of files that nobody should write, each with the outcome it must have.

The files are built, not kept: a folder of them would be larger than the program. ``corpus()``
gives case files as bytes; ``build(folder)`` writes them, for other tools to chew on.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

READ, REFUSED = 0, 2
"""Exit status of ``assess``."""
_HEAD = b'schema = 1\nlabel = "x"\n[answers.patient]\n'
_CASE = _HEAD + b"age = 46\n"


@dataclass(frozen=True)
class Nasty:
    """A file and what ``assess`` must make of it."""

    name: str
    data: bytes
    status: int
    says: str = ""
    """Words of the one line on standard error."""


def corpus() -> Iterator[Nasty]:
    """Yield every file; names are unique."""
    yield from _encodings()
    yield from _controls()
    yield from _not_toml()
    yield from _repeated()
    yield from _numbers()
    yield from _kinds()
    yield from _shapes()
    yield from _rows()
    yield from _names()
    yield from _deep()
    yield from _large()


def build(folder: Path) -> int:
    """Write the corpus into a folder, with a manifest; return how many files there are."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for item in corpus():
        (folder / f"{item.name}.toml").write_bytes(item.data)
        lines.append(f"{item.name}.toml\t{item.status}\t{item.says}\n")
    (folder / "MANIFEST.tsv").write_text("".join(lines), encoding="utf-8")
    return len(lines)


def _encodings() -> Iterator[Nasty]:
    text = _CASE.decode()
    bad = {
        "lone-ff": b"\xff",
        "lone-continuation": b"\x80",
        "overlong-nul": b"\xc0\x80",
        "overlong-slash": b"\xe0\x80\xaf",
        "surrogate": b"\xed\xa0\x80",
        "beyond-unicode": b"\xf4\x90\x80\x80",
        "five-bytes": b"\xf8\x88\x80\x80\x80",
        "cut-off": b"\xe2\x82",
        "latin-1": "Käse".encode("latin-1"),
    }
    for name, data in bad.items():
        for place, whole in (
            ("start", data + _CASE),
            ("string", _CASE.replace(b'"x"', b'"' + data + b'"')),
            ("comment", _CASE + b"# " + data + b"\n"),
            ("end", _CASE + data),
        ):
            yield Nasty(f"utf8-{name}-{place}", whole, REFUSED, "not UTF-8 text")
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        said = "not UTF-8 text" if name in ("utf-16", "utf-32") else "not readable as TOML"
        yield Nasty(f"encoded-{name}", text.encode(name), REFUSED, said)
    yield Nasty("bom", b"\xef\xbb\xbf" + _CASE, READ)
    yield Nasty("bom-twice", b"\xef\xbb\xbf\xef\xbb\xbf" + _CASE, READ)
    yield Nasty("bom-inside", _CASE + b"\xef\xbb\xbf\n", REFUSED, "not readable as TOML")
    yield Nasty("crlf", _CASE.replace(b"\n", b"\r\n"), READ)
    yield Nasty("cr-only", _CASE.replace(b"\n", b"\r"), REFUSED, "not readable as TOML")
    yield Nasty("no-last-line-feed", _CASE.rstrip(b"\n"), READ)


def _controls() -> Iterator[Nasty]:
    for code in (*range(9), 11, 12, *range(14, 32), 127):
        raw = _CASE.replace(b'"x"', b'"' + bytes([code]) + b'"')
        yield Nasty(f"control-raw-{code:02x}", raw, REFUSED, "not readable as TOML")
    for code in (0, 7, 8, 0x1B, 0x7F, 0x9B, 0x200B, 0x202E, 0x2066, 0x2028, 0xFEFF, 0x1F469):
        escaped = _CASE.replace(b'"x"', f'"\\U{code:08x}[31m"'.encode())
        yield Nasty(f"control-escaped-{code:04x}", escaped, READ)
    yield Nasty("nul-in-key", b"a\0b = 1\n" + _CASE, REFUSED, "not readable as TOML")
    yield Nasty("nul-only", b"\0" * 1000, REFUSED, "not readable as TOML")
    yield Nasty(
        "escaped-surrogate",
        _CASE.replace(b'"x"', b'"\\ud800"'),
        REFUSED,
        "not readable as TOML",
    )


def _not_toml() -> Iterator[Nasty]:
    no_case = {
        "empty": b"",
        "blank": b" \n\t\n\n",
        "comment": b"# nothing\n",
        "ini": b"[tool.ruff]\nline-length = 100\n",
        "schema-only": b"schema = 1\n",
    }
    for name, data in no_case.items():
        yield Nasty(f"no-case-{name}", data, REFUSED, "no answers")
    other = {
        "json": b'{"answers": {"patient": {"age": 46}}}',
        "yaml": b"answers:\n  patient:\n    age: 46\n",
        "xml": b"<case><age>46</age></case>",
        "csv": b"age,sex\n46,female\n",
        "html": b"<!doctype html><p>404",
        "merge": b"<<<<<<< HEAD\n" + _CASE + b"=======\n" + _CASE + b">>>>>>> other\n",
        "open-string": _CASE + b'note = "never closed\n',
        "open-long-string": _CASE + b'note = """never closed\n',
        "open-table": _CASE + b"[notes\n",
        "open-array": _CASE + b"unknown = [1,\n",
        "no-value": _CASE + b"weight_kg =\n",
        "no-key": _CASE + b"= 46\n",
        "two-on-a-line": _CASE + b"a = 1 b = 2\n",
        "half-a-file": _CASE[:-6],
        "bad-escape": _CASE.replace(b'"x"', b'"\\q"'),
        "bad-date": _CASE + b"x = 2026-13-45\n",
        "bad-time": _CASE + b"x = 25:61:00\n",
        "leading-zero": _CASE + b"weight_kg = 078\n",
        "double-point": _CASE + b"weight_kg = 7..8\n",
        "bare-word": _CASE + b"sex = female\n",
        "colon": _CASE + b"sex: 'female'\n",
    }
    for name, data in other.items():
        yield Nasty(f"not-toml-{name}", data, REFUSED, "not readable as TOML")
    binary = {"gzip": gzip.compress(_CASE, mtime=0), "elf": b"\x7fELF\x02\x01\x01" + b"\xff" * 50}
    for name, data in (binary | {"png": b"\x89PNG\r\n\x1a\n" + bytes(range(256))}).items():
        yield Nasty(f"binary-{name}", data, REFUSED, "not UTF-8 text")


def _repeated() -> Iterator[Nasty]:
    for name, data in {
        "key": _CASE + b"age = 47\n",
        "key-quoted": _CASE + b'"age" = 47\n',
        "table": _CASE + b"[answers.patient]\nsex = 'female'\n",
        "dotted": _CASE + b"[answers]\npatient.age = 3\n",
        "array-and-table": _CASE + b"[medications]\n[[medications]]\nname = 'x'\n",
        "value-and-table": _CASE + b"[label]\n",
        "inline-and-table": b"answers = {patient = {age = 46}}\n[answers.patient]\nsex = 'male'\n",
        "schema": b"schema = 1\n" + _CASE,
    }.items():
        yield Nasty(f"repeated-{name}", data, REFUSED, "not readable as TOML")


_UNUSABLE = {
    "inf": "is not a number that can be used",
    "-inf": "is not a number that can be used",
    "nan": "is not a number that can be used",
    "+nan": "is not a number that can be used",
    "1e9999999999999999999": "too large or too small to read",
    "9223372036854775808": "too large",
    "-9223372036854775809": "too large",
    "0x" + "f" * 20: "too large",
    "1" * 30: "too large",
    "9" * 5000: "too long to read",
}


def _numbers() -> Iterator[Nasty]:
    for index, (value, says) in enumerate(_UNUSABLE.items()):
        for key in ("age", "weight_kg"):
            data = _HEAD + f"{key} = {value}\n".encode()
            yield Nasty(f"number-{key}-{index}", data, REFUSED, says)
        data = _CASE + f"[x]\ny = [{{z = {value}}}]\n".encode()
        yield Nasty(f"number-elsewhere-{index}", data, REFUSED, says)
    for index, value in enumerate(("-1", "121", "9223372036854775807", "46.5", "1e3", "-0.0001")):
        data = _HEAD + f"age = {value}\n".encode()
        yield Nasty(f"age-out-of-range-{index}", data, REFUSED, "patient.age")
    for index, value in enumerate(("0", "-70", "1e300", "1e-300", "400.0000001", "1_0_0_0")):
        data = _HEAD + f"weight_kg = {value}\n".encode()
        yield Nasty(f"weight-out-of-range-{index}", data, REFUSED, "patient.weight_kg")
    for index, value in enumerate(("0x2e", "0o56", "0b101110", "4_6", "+46")):
        yield Nasty(f"age-spelled-{index}", _HEAD + f"age = {value}\n".encode(), READ)


_VALUES = {
    "text": "'46'",
    "true": "true",
    "date": "2026-11-21",
    "moment": "2026-11-21T10:00:00Z",
    "time": "10:00:00",
    "list": "[46]",
    "empty-list": "[]",
    "table": "{a = 46}",
    "empty-table": "{}",
    "empty-text": "''",
    "long-text": "'" + "x" * 10_000 + "'",
    "markup": "'[bold red]x[/]'",
    "ansi": '"\\u001b[2J"',
    "number": "46",
}
_TAKES = {"patient.age": {"number"}, "patient.sex": set(), "medical.avm": {"true"}}


def _kinds() -> Iterator[Nasty]:
    for ident, fine in _TAKES.items():
        section, _, key = ident.partition(".")
        for name, value in _VALUES.items():
            if name in ("table", "empty-table"):
                continue
            data = f"[answers.{section}]\n{key} = {value}\n".encode()
            status = READ if name in fine else REFUSED
            yield Nasty(f"kind-{key}-{name}", data, status, "" if name in fine else ident)


def _shapes() -> Iterator[Nasty]:
    tables = ("answers", "notes", "scale_items", "consent", "decision", "record")
    lists = ("unknown", "antidepressant_trials", "medications", "revisions")
    rest = b"\n[answers.patient]\nage = 46\n"
    for key in (*tables, *lists):
        for name in ("text", "true", "date", "number"):
            tail = b"" if key == "answers" else rest
            data = f"{key} = {_VALUES[name]}".encode() + b"\n" + tail
            yield Nasty(f"shape-{key}-{name}", data, REFUSED, key)
    for key in lists:
        data = f"{key} = [1, 'x', true]".encode() + rest
        yield Nasty(f"shape-{key}-of-scalars", data, REFUSED, key)
    for name, value in {
        "zero": "0",
        "negative": "-1",
        "newer": "99",
        "text": "'1'",
        "true": "true",
        "point": "1.0",
        "list": "[1]",
    }.items():
        yield Nasty(f"schema-{name}", f"schema = {value}".encode() + rest, REFUSED, "schema")
    for key in ("id", "label", "state", "practice"):
        for name in ("list", "date", "number"):
            yield Nasty(
                f"head-{key}-{name}", f"{key} = {_VALUES[name]}".encode() + rest, REFUSED, key
            )
    yield Nasty("head-state-unknown", b"state = 'finished'" + rest, REFUSED, "state")


def _rows() -> Iterator[Nasty]:
    for name, row, says in (
        ("drug-number", "drug = 7", "drug"),
        ("dose-text", "drug = 'x'\ndaily_dose_mg = '50'", "daily_dose_mg"),
        ("dose-negative", "drug = 'x'\ndaily_dose_mg = -5", "daily_dose_mg"),
        ("dose-huge", "drug = 'x'\ndaily_dose_mg = 1e200", "daily_dose_mg"),
        ("weeks-negative", "drug = 'x'\nweeks = -1", "weeks"),
        ("weeks-true", "drug = 'x'\nweeks = true", "weeks"),
        ("outcome-unknown", "drug = 'x'\noutcome = 'better'", "outcome"),
        ("outcome-number", "drug = 'x'\noutcome = 1", "outcome"),
        ("adherent-text", "drug = 'x'\nadherent = 'yes'", "adherent"),
    ):
        data = _CASE + f"[[antidepressant_trials]]\n{row}\n".encode()
        yield Nasty(f"trial-{name}", data, REFUSED, says)
    yield Nasty("trial-no-drug", _CASE + b"[[antidepressant_trials]]\nweeks = 6\n", READ)
    for name, row in (("no-name", "dose = '1 mg'"), ("name-list", "name = ['x']")):
        data = _CASE + f"[[medications]]\n{row}\n".encode()
        yield Nasty(f"medicine-{name}", data, REFUSED, "name")
    yield Nasty(
        "medicine-misspelled-list", _CASE + b"[[medication]]\nname = 'x'\n", REFUSED, "mean"
    )
    many = b"[[medications]]\nname = 'lithium'\n" * 2000
    yield Nasty("medicine-2000", _CASE + many, READ)


def _names() -> Iterator[Nasty]:
    for index, key in enumerate(
        (
            "aeg",
            "Age",
            "age ",
            "аge",  # noqa: RUF001  (a Cyrillic letter)
            "age\\u200b",
            "__class__",
            "../../etc/passwd",
            "\\u001b]0;x\\u0007",
            "[red]age[/]",
            "a" * 5000,
            "",
        )
    ):
        data = _HEAD + f'"{key}" = 46\n'.encode()
        yield Nasty(f"unknown-id-{index}", data, REFUSED, "patient.")
    for index, code in enumerate(("Female", "femal", "female\\n", "\\u202efemale", "x" * 5000)):
        yield Nasty(
            f"unknown-code-{index}", _HEAD + f'sex = "{code}"\n'.encode(), REFUSED, "patient.sex"
        )
    for index, ident in enumerate(("medical.nope", "medical", "", "patient.age", "a.b.c.d")):
        data = f'unknown = ["{ident}"]\n'.encode() + _CASE
        yield Nasty(f"unknown-list-{index}", data, REFUSED, ident or "no such question")
    yield Nasty("note-on-nothing", _CASE + b'[notes]\n"no.such" = "x"\n', REFUSED, "no.such")
    yield Nasty("hostile-id", b'id = "../../../x"\n' + _CASE, READ)
    yield Nasty("foreign-keys", b"x-mine = 1\n" + _CASE + b"[y]\nz = 1979-05-27\n", READ)


def _deep() -> Iterator[Nasty]:
    for depth in (52, 300, 5000, 100_000):
        said = "nested too deep"
        yield Nasty(f"deep-list-{depth}", _wrapped("[", "]", depth), REFUSED, said)
        yield Nasty(f"deep-table-{depth}", _wrapped("{a=", "}", depth, "1"), REFUSED, said)
        dotted = ".".join("a" * depth).encode()
        yield Nasty(f"deep-dotted-{depth}", dotted + b" = 1\n" + _CASE, REFUSED, said)
        yield Nasty(f"deep-heading-{depth}", _CASE + b"[" + dotted + b"]\n", REFUSED, said)
    yield Nasty("deep-bearable", _wrapped("[", "]", 40), READ)


def _wrapped(opens: str, closes: str, depth: int, core: str = "") -> bytes:
    return f"x-deep = {opens * depth}{core}{closes * depth}\n".encode() + _CASE


def _large() -> Iterator[Nasty]:
    too_large = "larger than 5 MB"
    string = b'[notes]\n"medical.avm" = "' + b"a" * 10_000_000 + b'"\n'
    yield Nasty("large-string-10mb", _CASE + string, REFUSED, too_large)
    yield Nasty("large-comment-6mb", _CASE + b"#" + b"x" * 6_000_000, REFUSED, too_large)
    yield Nasty("large-blank-6mb", _CASE + b"\n" * 6_000_000, REFUSED, too_large)
    yield Nasty("large-label-1mb", _CASE.replace(b'"x"', b'"' + b"a" * 1_000_000 + b'"'), READ)
    keys = b"".join(b"k%d = 1\n" % number for number in range(20_000))
    yield Nasty("many-keys", _CASE + keys, REFUSED, "patient.k")
    yield Nasty("many-foreign-keys", _CASE + b"[x]\n" + keys, READ)
    yield Nasty("many-lists", _CASE + b"[x]\ny = [" + b"[]," * 100_000 + b"]\n", READ)
