"""One export against the least its library can do."""

from __future__ import annotations

import json

from benchmarks.clock import in_turn
from benchmarks.material import DAY, examples, knowledge
from benchmarks.table import Row
from ketatui.reports.fhir import bundle, response
from ketatui.reports.note import note_report
from ketatui.reports.pdf import pdf

_GROUP = "Exports"
_MINIMAL = b"""#set document(title: "A page")
#set text(lang: "en")
= A page
One line.
"""


def measure() -> list[Row]:
    """Measure a PDF and a FHIR bundle of the first example."""
    import typst
    from fhir.resources.R4B.bundle import Bundle

    known, case = knowledge(), examples()[0][1]
    ours, theirs = in_turn(
        lambda: pdf(note_report(known, case, DAY)),
        lambda: typst.compile(
            _MINIMAL,
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=["a-3a", "ua-1"],
            timestamp=0,
        ),
        15,
    )
    minimal = "typst: a document of one line, same standards and fonts"
    rows = [Row("export.pdf", _GROUP, "a note as PDF", ours, minimal, theirs, aim=1.5)]
    data = json.loads(bundle(known.pack, [response(known, case, DAY)]))
    ours, theirs = in_turn(
        lambda: bundle(known.pack, [response(known, case, DAY)]),
        lambda: Bundle.model_validate(data).model_dump_json(),
        15,
    )
    built = "fhir.resources: the same bundle, built from ready data and written"
    rows.append(Row("export.fhir", _GROUP, "a FHIR bundle", ours, built, theirs, aim=1.5))
    return rows
