"""The TOML form of a case: what ``docs`` calls a case file."""

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.reading import read_case
from ketatui.cases.writing import write_case

__all__ = ["QuestionCatalog", "read_case", "write_case"]
