"""One test for a whole table: thousands of small tests cost more to keep apart than to run."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

Law = Callable[..., None]


def each(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[Law], Law]:
    """Try a law on every row of a table, and tell of all rows that break it.

    To be used like ``pytest.mark.parametrize``. Fixtures are the same for all rows, so a law that
    changes what it is given does not belong here.

    Args:
        names: The law's parameters that a row gives; a string for one that is no tuple.
        rows: The table.

    Returns:
        A decorator.
    """
    table = list(rows)

    def over(law: Law) -> Law:
        signature = inspect.signature(law)
        given = (names,) if isinstance(names, str) else names
        fixtures = [it for name, it in signature.parameters.items() if name not in given]

        def test(**known: Any) -> None:
            assert table, "there is no row"
            broken = []
            for row in table:
                values = (row,) if isinstance(names, str) else row
                try:
                    law(**known, **dict(zip(given, values, strict=True)))
                except Exception as error:
                    error.add_note(f"in the row {row!r}")
                    broken.append(error)
            if broken:
                raise ExceptionGroup(f"{len(broken)} of {len(table)} rows", broken)

        functools.update_wrapper(test, law)
        del test.__dict__["__wrapped__"]
        test.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return test

    return over
