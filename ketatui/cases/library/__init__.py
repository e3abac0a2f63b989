"""The library: the saved cases of a folder, found through an index.

The TOML files are the truth. The index (SQLite) is made from them, follows what changed, and can
be deleted at any time.
"""

from ketatui.cases.library.counts import Overview
from ketatui.cases.library.library import Library, Update, index_path
from ketatui.cases.library.query import FACETS, SORTS, Query
from ketatui.cases.library.scan import look

__all__ = ["FACETS", "SORTS", "Library", "Overview", "Query", "Update", "index_path", "look"]
