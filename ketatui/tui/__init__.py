"""The app: it draws state and sends intents. No rule, no file format, no arithmetic lives here."""

from ketatui.tui.lean_textual import import_textual

import_textual()
