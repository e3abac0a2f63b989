"""Blocks as Markdown that is as readable in a terminal, at most 80 columns wide.

No text in it is ever markup: what Markdown could act on is escaped word by word, before lines
are broken, so that no line can begin a list, a heading or a rule by chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from ketatui.printable import printable
from ketatui.reports.blocks import (
    Banner,
    Blank,
    Block,
    Bullet,
    Heading,
    Paragraph,
    Quote,
    Signature,
    spaced,
)

WIDTH = 80
_LONGEST = 56
"""Columns of the longest piece of a word: it has to fit into the most indented line."""
_SPECIAL = re.compile(r"[\\`*_\[\]<>&#|~$^]")
_LINKING = re.compile(
    r"(?<=[A-Za-z]):(?=//)|(?<![:/])/(?=/)|\.(?=[^\W\d_]{2})|(?<=www)\.|(?<=WWW)\.|@"
)
"""What makes a link of words: some readers take anything with a dot in it for an address."""
_STARTING = re.compile(r"^[-+=:]")
_LABELED = re.compile(r"\w")
"""What a line begins with before any text of ours: marks only, or a label as well."""
_NUMBERING = re.compile(r"^(\d+)([.)])$")


def markdown(blocks: Iterable[Block]) -> str:
    """Write blocks as Markdown.

    Args:
        blocks: The content, as it was written: it is escaped here.

    Returns:
        The text, with a line feed at its end and nothing a terminal could act on.
    """
    lines = spaced((block, _lines(block)) for block in blocks)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is; line breaks become blanks."""
    return " ".join(_words(text))


def columns(text: str) -> int:
    """Count the columns a terminal needs for a text."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Banner():
            yield from _filled(block.text, "**", "", ending="**")
        case Heading():
            # A heading is one line, however long.
            text = escaped(block.text)
            yield from _cut(f"{'#' * block.level} {text}")
        case Paragraph():
            yield from _filled(block.text)
        case Quote():
            yield from _filled(block.text, "> ", "> ")
        case Bullet():
            yield from _bullet(block)
        case Blank():
            yield from _filled(f"{block.label}: {'.' * 40}")
        case Signature():
            yield from _filled(f"{block.who}: {'.' * 30} Date: {'.' * 12}")


def _bullet(block: Bullet) -> Iterator[str]:
    first = "  " * block.depth + "- "
    rest = " " * len(first)
    if block.code:
        yield f"{first}**{escaped(block.label)}:**"
        yield f"{rest}`{printable(block.text).replace('`', '')}`"
        return
    label = f"{escaped(block.label)}: " if block.label else ""
    if label and columns(first + label) < WIDTH // 2:
        yield from _filled(block.text, f"{first}**{label.rstrip()}** ", rest)
    else:
        said = f"{block.label}: {block.text}" if block.label else block.text
        yield from _filled(said, first, rest)


def _cut(line: str) -> Iterator[str]:
    """Break a heading that is too long: the rest of it follows as a paragraph."""
    words, head = line.split(" "), ""
    while words and columns(f"{head} {words[0]}".lstrip()) <= WIDTH:
        head = f"{head} {words.pop(0)}".lstrip()
    yield head
    if words:
        yield ""
        yield from _broken(words, "", "")


def _filled(text: str, first: str = "", rest: str = "", *, ending: str = "") -> Iterator[str]:
    words = list(_words(text)) or [""]
    words[-1] += ending
    yield from _broken(words, first, rest)


def _broken(words: Iterable[str], first: str, rest: str) -> Iterator[str]:
    line, begun = first, False
    for word in words:
        if begun and columns(line) + 1 + columns(word) > WIDTH:
            yield line
            line, begun = rest, False
        if begun:
            line += f" {word}"
        else:
            line += word if _LABELED.search(line) else _not_starting(word)
        begun = True
    yield line.rstrip()


def _words(text: str) -> Iterator[str]:
    for word in text.split():
        atoms = _atoms(printable(word))
        whole = "".join(atoms)
        if columns(whole) <= _LONGEST:
            yield whole
            continue
        pieces = [""]
        for atom in atoms:
            if columns(pieces[-1] + atom) <= _LONGEST:
                pieces[-1] += atom
            else:
                pieces.append(atom)
        yield from pieces


def _atoms(word: str) -> list[str]:
    """Return a word in parts that no line break may part: an escape and what it escapes."""
    linking = {found.start() for found in _LINKING.finditer(word)}
    if not linking and not _SPECIAL.search(word):
        return list(word)
    return [
        f"\\{character}" if at in linking or _SPECIAL.match(character) else character
        for at, character in enumerate(word)
    ]


def _not_starting(piece: str) -> str:
    """Return what begins a line so that it begins no list, rule or underlined heading."""
    piece = _NUMBERING.sub(r"\1\\\2", piece)
    return _STARTING.sub(r"\\\g<0>", piece)
