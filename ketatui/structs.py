"""The base of the immutable values that the rooms hand to each other."""

from __future__ import annotations

import sys
from typing import Any, Self

# msgspec prefers typing_extensions to typing, for Pythons older than ours. Importing that takes
# longer than everything else msgspec needs, so it is hidden until msgspec has been imported.
_hides_it = "typing_extensions" not in sys.modules
if _hides_it:
    sys.modules["typing_extensions"] = None  # type: ignore[assignment]
try:
    from msgspec import Struct
    from msgspec.structs import replace
finally:
    if _hides_it:
        del sys.modules["typing_extensions"]


class Frozen(Struct, frozen=True):
    """An immutable value, equal to another of its kind with equal fields.

    A frozen dataclass would say the same, but takes forty times as long to define, and there are
    more than a hundred of them to define at a start.
    """

    def replaced(self, **changes: Any) -> Self:
        """Return the same with some fields changed; new values are trusted.

        Raises:
            TypeError: There is no such field.
        """
        return replace(self, **changes)
