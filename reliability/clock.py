"""The program on a day that is not today: ``python -m reliability.clock DAYS …``."""

from __future__ import annotations

import datetime as dt
import runpy
import sys

_TRUE = dt.datetime
_SHIFT = dt.timedelta(days=int(sys.argv[1]) if __name__ == "__main__" else 0)


class Shifted(_TRUE):
    """The clock of the machine, set to another day."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> Shifted:
        then = _TRUE.now(tz) + _SHIFT
        return cls.combine(then.date(), then.timetz())


class Day(dt.date):
    """Its calendar."""

    @classmethod
    def today(cls) -> Day:
        then = _TRUE.now() + _SHIFT
        return cls(then.year, then.month, then.day)


if __name__ == "__main__":
    del sys.argv[1]
    # The draft's form of a value goes by the name of its class.
    Shifted.__name__, Day.__name__ = "datetime", "date"
    # Before anything of the program is imported.
    setattr(dt, "datetime", Shifted)  # noqa: B010  (a class is replaced, not called)
    setattr(dt, "date", Day)  # noqa: B010
    runpy.run_module("ketatui", run_name="__main__")
