"""What is wrong with an expression, and where in it."""

from __future__ import annotations


class ExpressionError(ValueError):
    """An expression that cannot be parsed, or compares what cannot be compared.

    Attributes:
        message: One sentence: what is wrong and what is allowed.
        position: 0-based offset in the expression's text.
    """

    def __init__(self, message: str, position: int = 0) -> None:
        """Args are kept as attributes; the text names the column, counted from one."""
        super().__init__(f"{message} (column {position + 1})")
        self.message = message
        self.position = position
