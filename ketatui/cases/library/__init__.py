"""The library: the saved cases of a folder, found through an index.

The TOML files are the truth. The index (SQLite) is made from them, follows what changed, and can
be deleted at any time.
"""

from ketatui.cases.library.counts import Overview
from ketatui.cases.library.library import Library, Update
from ketatui.cases.library.query import FACETS, SORTS, Query

__all__ = ["FACETS", "SORTS", "Library", "Overview", "Query", "Update"]
