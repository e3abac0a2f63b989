"""The style sheet: parsed once for the same colors."""

from __future__ import annotations

from textual.css.stylesheet import Stylesheet


class KeptSheet(Stylesheet):
    """A style sheet that is parsed anew only where its variables have changed.

    Textual parses all of it twice at a start: once for its own theme, and again for the theme that
    the app has chosen before anything was shown.
    """

    def __init__(self, *, variables: dict[str, str] | None = None) -> None:
        """Args: the colors and other variables that rules name."""
        super().__init__(variables=variables)
        self._known = dict(variables or {})

    def set_variables(self, variables: dict[str, str]) -> None:
        """Take other variables; the same ones leave what was parsed."""
        if variables != self._known:
            self._known = dict(variables)
            super().set_variables(variables)

    def reparse(self) -> None:
        """Parse what is not known under these variables; rules stay if something cannot be read.

        Raises:
            StylesheetParseError: Something is wrong with a rule.
        """
        self.parse()
