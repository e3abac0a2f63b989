"""pyte prints parts of valid control sequences, and passes over others in silence.

Who tests a terminal program with it sees text that no terminal shows: the parameters of a color
with colons (ITU T.416), and what is within a device control string (ECMA-48, 5.6). Repeating a
character (REP) and scrolling (SU) do nothing.
"""

from __future__ import annotations

from finding import python_package, report

PINNED = "pyte==0.8.2"
WRITTEN = {
    "color with colons, then X": "\x1b[38:2::1:2:3mX",
    "curly underline, then X": "\x1b[4:3mX",
    "request of a setting (DCS), then Y": "\x1bP$qm\x1b\\Y",
    "- repeated four times, then |": "-\x1b[4b|",
    "a, b, c on three lines, scrolled up once": "a\r\nb\r\nc\x1b[S",
}
# A terminal shows: X, X, Y, -----|, and b above c.
AS_FOUND = {
    "color with colons, then X": ["2::1:2:3mX"],
    "curly underline, then X": ["3mX"],
    "request of a setting (DCS), then Y": ["$qmY"],
    "- repeated four times, then |": ["-|"],
    "a, b, c on three lines, scrolled up once": ["a", "b", "c"],
}


def shown(written: str) -> list[str]:
    import pyte

    screen = pyte.Screen(20, 3)
    pyte.Stream(screen).feed(written)
    return [line.rstrip() for line in screen.display if line.strip()]


if __name__ == "__main__":
    with python_package(PINNED):
        report(PINNED, {what: shown(text) for what, text in WRITTEN.items()}, AS_FOUND)
