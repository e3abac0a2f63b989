"""What can be wrong with a cohort: said in a line, with what would be right."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class CohortError(Exception):
    """The input, or what is asked of it, cannot be used; the text is what to say, a line each."""


_EXTRA_OF = {
    "duckdb": "cohort",
    "polars": "cohort",
    "sqlglot": "cohort",
    "pyspark": "spark",
    "pyspark.sql": "spark",
}


def extra(module: str) -> Any:
    """Import a library that is installed only for cohorts.

    Args:
        module: Its name.

    Returns:
        The module.

    Raises:
        CohortError: It is not installed; says how to install it.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        name = _EXTRA_OF[module]
        raise CohortError(
            f"ketatui cohort: the library {module} is not installed; "
            f"install the extra: pip install 'ketatui[{name}]'"
        ) from None
