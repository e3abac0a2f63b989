"""The program on a day that is not today: ``python -m reliability.clock DAYS …``."""

from __future__ import annotations

import datetime as dt
import runpy
import sys
from typing import Any

_TRUE, _TRUE_DAY = dt.datetime, dt.date
_SHIFT = dt.timedelta(days=int(sys.argv[1]) if __name__ == "__main__" else 0)


class _Alike(type):
    """Takes what the true classes make for its own."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, cls.__mro__[1])


class Shifted(dt.datetime, metaclass=_Alike):
    """The clock of the machine, set to another day. What it makes are true moments."""

    def __new__(cls, *parts: Any, **more: Any) -> dt.datetime:  # type: ignore[misc]
        return _TRUE(*parts, **more)

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
        return _TRUE.now(tz) + _SHIFT


class Day(dt.date, metaclass=_Alike):
    """Its calendar."""

    def __new__(cls, *parts: Any, **more: Any) -> dt.date:  # type: ignore[misc]
        return _TRUE_DAY(*parts, **more)

    @classmethod
    def today(cls) -> dt.date:  # type: ignore[override]
        return (_TRUE.now() + _SHIFT).date()


if __name__ == "__main__":
    del sys.argv[1]
    # What reads tables knows the types of their fields by the true classes.
    import ketatui.cases.model  # noqa: F401

    # Before anything that asks for the time is imported.
    setattr(dt, "datetime", Shifted)  # noqa: B010  (a class is replaced, not called)
    setattr(dt, "date", Day)  # noqa: B010
    runpy.run_module("ketatui", run_name="__main__")
