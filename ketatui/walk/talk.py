"""Lines out, lines in: all that the plain walk knows of a terminal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ketatui.printable import printable
from ketatui.reports.summary import wrapped

Read = Callable[[], str]
"""Returns the next line with its line feed; an empty text at the end."""
Write = Callable[[str], None]

Waits = Callable[[], bool]
"""Tells whether a further line is there already."""

PROMPT = "> "
_MOST_SHOWN = 5
"""Lines that came at once of which so many are shown."""
_LONGEST = 4000
"""Characters of one typed line that are taken."""


class Leave(Exception):  # noqa: N818  (a wish, no error)
    """The clinician stops here, or the input has ended: the draft is kept."""


class Back(Exception):  # noqa: N818  (a wish, no error)
    """The clinician wants to go back."""


class Talk:
    """Says and asks, in lines of at most 80 columns."""

    def __init__(self, read: Read, write: Write, waits: Waits | None = None) -> None:
        """Nothing is said yet.

        Args:
            read: Where lines come from.
            write: Where text goes; called with whole lines and prompts.
            waits: Tells whether a further line is there already, as behind a pasted one; None
                where lines are no typing, as from a file.
        """
        self._read = read
        self._write = write
        self._waits = waits

    def say(self, text: str = "", indent: str = "", hanging: str | None = None) -> None:
        """Say a paragraph, or an empty line.

        Args:
            text: What; anything a terminal could act on is shown as an escape.
            indent: What its first line begins with.
            hanging: What its other lines begin with.
        """
        for line in wrapped(text, indent, hanging):
            self._write(line.rstrip() + "\n")

    def verbatim(self, text: str) -> None:
        """Say lines that are laid out already."""
        for line in text.split("\n"):
            self._write(printable(line) + "\n")

    def listen(self, prompt: str = PROMPT) -> str:
        """Wait for a line; of several at once none is taken, for they were pasted.

        Returns:
            What was typed, without blanks around it.

        Raises:
            Leave: ``q`` was typed, or there is no more input.
        """
        while len(lines := self.listen_to_all(prompt)) > 1:
            self.say(f"{len(lines)} lines came in at once, and one is asked for. Not taken:")
            for line in lines[:_MOST_SHOWN]:
                self.say(line, "  | ")
            if len(lines) > _MOST_SHOWN:
                self.say(f"  … and {len(lines) - _MOST_SHOWN} more")
        return lines[0]

    def listen_to_all(self, prompt: str = PROMPT) -> tuple[str, ...]:
        """Wait for a line, and take what came with it.

        Returns:
            One line, or several that came at once and of which none is empty.

        Raises:
            Leave: ``q`` was typed, or there is no more input.
        """
        self._write(prompt)
        lines = [self._line()]
        while self._waits is not None and self._waits():
            lines.append(self._line())
        if len(lines) == 1 and lines[0] in ("q", "Q"):
            raise Leave
        return tuple(line for line in lines if line) or ("",)

    def _line(self) -> str:
        line = self._read()
        if not line:
            self._write("\n")
            raise Leave
        # A byte that is no UTF-8 could be kept, but never saved.
        return line[:_LONGEST].encode("utf-8", "replace").decode().strip()

    def ask_text(self, question: str) -> str:
        """Ask for a text; empty is an answer.

        Raises:
            Leave: As `listen`.
            Back: ``b`` was typed.
        """
        self.say(question)
        text = self.listen()
        if text == "b":
            raise Back
        return text

    def ask_needed(self, question: str) -> str:
        """Ask until something is said.

        Raises:
            Leave: As `listen`.
            Back: ``b`` was typed.
        """
        while not (text := self.ask_text(question)):
            self.say("This cannot be left out; b goes back to the questions.")
        return text

    def ask_text_raw(self, question: str) -> str:
        """Ask for a text of which ``b`` is left to the caller.

        Raises:
            Leave: As `listen`.
        """
        self.say(question)
        return self.listen()

    def ask_rows(self, question: str) -> tuple[str, ...]:
        """Ask for a row of a table; several lines at once are as many rows.

        Raises:
            Leave: As `listen`.
        """
        self.say(question)
        return self.listen_to_all()

    def ask_yes(self, question: str) -> bool:
        """Ask until the answer is yes or no.

        Raises:
            Leave: As `listen`.
            Back: ``b`` was typed.
        """
        while True:
            text = self.ask_text(question).casefold()
            if text in ("y", "yes"):
                return True
            if text in ("n", "no"):
                return False
            self.say("Answer y (yes), n (no) or b (back).")

    def agrees(self, question: str) -> bool:
        """Ask until the answer is yes or no; going back is a no.

        Raises:
            Leave: As `listen`.
        """
        try:
            return self.ask_yes(question)
        except Back:
            return False

    def ask_one(self, question: str, options: Sequence[str], *, none: str) -> int | None:
        """Ask for one of some options by number.

        Args:
            question: What is asked.
            options: They are numbered from 1.
            none: What an empty line means.

        Returns:
            The place of the option, from 0; None for an empty line.

        Raises:
            Leave: As `listen`.
            Back: ``b`` was typed.
        """
        self.say(question)
        for number, option in enumerate(options, start=1):
            self.say(option, f"  {number} ")
        while True:
            text = self.ask_text(f"A number from 1 to {len(options)}; Enter: {none}; b: back.")
            if not text:
                return None
            if text.isdecimal() and 1 <= int(text) <= len(options):
                return int(text) - 1
            self.say(f"{text[:40]} is none of them.")
