"""One export against the least its library can do."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from itertools import cycle
from time import perf_counter

from benchmarks.clock import in_turn
from benchmarks.material import DAY, examples, knowledge
from benchmarks.table import Row
from ketatui.cases.integrity import reading_of
from ketatui.reports.blocks import Report
from ketatui.reports.fhir import bundle, response
from ketatui.reports.note import note_report
from ketatui.reports.pdf import pdf

_GROUP = "Exports"
_ROUNDS = 28
_PAGE = re.compile(rb"/Type\s*/Page\b")
_MINIMAL = b"""#set document(title: "A page")
#set text(lang: "en")
= A page
One line.
"""
_WORDS = b"""#set document(title: "Pages")
#set text(lang: "en")
= Pages
#for text in json(bytes(sys.inputs.texts)) [#text

]
"""


def measure() -> list[Row]:
    """Measure a PDF and a FHIR bundle of the examples.

    Each time another one: of a document it has just laid out, typst keeps most of the work.
    """
    from fhir.resources.R4B.bundle import Bundle

    known, cases = knowledge(), [case for _, case in examples()]
    notes = cycle([note_report(known, reading_of(case, known.pack), DAY) for case in cases])
    ours, theirs = in_turn(lambda: pdf(next(notes)), lambda: _typst(_MINIMAL), _ROUNDS)
    what = "a note as PDF, of several pages"
    minimal = "typst: a document of one line, same standards and fonts"
    rows = [Row("export.pdf", _GROUP, what, ours, minimal, theirs, aim=2)]
    readings = [reading_of(case, known.pack) for case in cases]
    texts = cycle([_texts(note_report(known, reading, DAY)) for reading in readings])
    ours, theirs = in_turn(
        lambda: pdf(next(notes)), lambda: _typst(_WORDS, {"texts": next(texts)}), _ROUNDS
    )
    plain = "typst: the same words as plain paragraphs, same standards and fonts"
    rows.append(Row("export.pdf.words", _GROUP, "the same", ours, plain, theirs))
    rows.append(_pages([note_report(known, reading, DAY) for reading in readings]))
    case = cases[0]
    data = json.loads(bundle(known.pack, [response(known, reading_of(case, known.pack), DAY)]))
    ours, theirs = in_turn(
        lambda: bundle(known.pack, [response(known, reading_of(case, known.pack), DAY)]),
        lambda: Bundle.model_validate(data).model_dump_json(),
        15,
    )
    built = "fhir.resources: the same bundle, built from ready data and written"
    rows.append(Row("export.fhir", _GROUP, "a FHIR bundle", ours, built, theirs, aim=1.5))
    return rows


def _pages(notes: list[Report]) -> Row:
    """Measure notes one after the other, as a folder of them is exported: a page of each."""
    each: list[float] = []
    for note in notes:
        begun = perf_counter()
        made = pdf(note)
        each.append((perf_counter() - begun) * 1000 / len(_PAGE.findall(made)))
    return Row("export.pdf.page", _GROUP, "a page of a folder of notes", each, median_aim=10)


def _typst(source: bytes, inputs: dict[str, str] | None = None) -> object:
    """Make a document the way the library is used by itself."""
    import typst

    return typst.compile(
        source,
        format="pdf",
        sys_inputs=inputs or {},
        ignore_system_fonts=True,
        pdf_standards=["a-3a", "ua-1"],
        timestamp=0,
    )


def _texts(report: Report) -> str:
    """Return all that a report says, as a list."""
    blocks = (asdict(block).values() for block in report.blocks)
    said = (" ".join(part for part in values if isinstance(part, str)) for values in blocks)
    return json.dumps([*said])
