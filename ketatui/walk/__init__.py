"""The consultation in plain text, line by line: for screen readers and simple terminals.

Same state, same engine, same saved case as the app; no colors and no control sequences.
"""

from ketatui.walk.talk import Leave, Talk
from ketatui.walk.walk import Walk

__all__ = ["Leave", "Talk", "Walk"]
