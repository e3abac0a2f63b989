"""Themes: dark, light, high contrast, and the terminal's own sixteen colors.

Few colors, one meaning each: green met, amber caution, blue more information, violet
requirements, orange advised against, pink outside the indication, red stop. A symbol and a word
always stand beside them.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="ketatui-dark",
    primary="#7aa2c8",
    secondary="#8fb3d1",
    success="#7fc37f",
    warning="#e0b45c",
    error="#f07f7f",
    accent="#9ecbff",
    foreground="#d6dae0",
    background="#14171c",
    surface="#14171c",
    panel="#242a33",
    dark=True,
    variables={
        "keta-muted": "#949dab",
        "keta-info": "#7fb2e8",
        "keta-unmet": "#c79be8",
        "keta-advised": "#f29a5b",
        "keta-outside": "#e88bc0",
        "keta-focus": "#263244",
        "keta-line": "#343c48",
        "keta-typing": "#33301f",
    },
)
LIGHT = Theme(
    name="ketatui-light",
    primary="#2d5f8a",
    secondary="#3d6f98",
    success="#1f6b2c",
    warning="#7d5200",
    error="#a8211f",
    accent="#164d80",
    foreground="#1d232b",
    background="#fbfaf7",
    surface="#fbfaf7",
    panel="#e9e7e1",
    dark=False,
    variables={
        "keta-muted": "#5a626d",
        "keta-info": "#1a5896",
        "keta-unmet": "#6d3a96",
        "keta-advised": "#9a4300",
        "keta-outside": "#8f2368",
        "keta-focus": "#dfe8f2",
        "keta-line": "#c9c6be",
        "keta-typing": "#f0e6c8",
    },
)
CONTRAST = Theme(
    name="ketatui-contrast",
    primary="#ffffff",
    secondary="#ffffff",
    success="#6dff6d",
    warning="#ffd84d",
    error="#ff9d9d",
    accent="#8fe3ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={
        "keta-muted": "#cfcfcf",
        "keta-info": "#9bd0ff",
        "keta-unmet": "#e7b8ff",
        "keta-advised": "#ffab5e",
        "keta-outside": "#ff9fdc",
        "keta-focus": "#00284a",
        "keta-line": "#8a8a8a",
        "keta-typing": "#2a2400",
    },
)
ANSI = Theme(
    name="ketatui-ansi",
    ansi=True,
    # Plain blue is hardly read on black in many terminals; bright blue is, and on white, too.
    primary="ansi_bright_blue",
    secondary="ansi_cyan",
    success="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    dark=True,
    variables={
        "keta-muted": "ansi_default",
        "keta-info": "ansi_cyan",
        "keta-unmet": "ansi_magenta",
        "keta-advised": "ansi_bright_red",
        "keta-outside": "ansi_bright_magenta",
        "keta-focus": "ansi_default",
        "keta-line": "ansi_default",
        "keta-typing": "ansi_default",
        # Textual's own styles name these; without them its parser stops the app.
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-selection-background": "ansi_blue",
        "input-selection-foreground": "ansi_white",
        "screen-selection-background": "ansi_blue",
        "screen-selection-foreground": "ansi_white",
    },
)

_FULL = ("truecolor", "24bit")
"""What terminals say of themselves that have all colors."""
_MANY = ("256color", "kitty")
"""How the names of terminals end that have 256 colors: all others are drawn in sixteen."""


def has_few_colors(environment: Mapping[str, str]) -> bool:
    """Return whether Rich draws in sixteen colors at most, by what the terminal says of itself.

    There the other themes come out as black, gray and white: the focused line of the light one
    could not be seen, and what is good or bad looks alike. A system without such names (Windows)
    says nothing, and has them all.
    """
    term = environment.get("TERM", "").strip().lower()
    if not term or environment.get("COLORTERM", "").strip().lower() in _FULL:
        return False
    return term.rpartition("-")[2] not in _MANY


THEMES: tuple[Theme, ...] = (DARK, LIGHT, CONTRAST, ANSI)
TITLES = {
    "ketatui-dark": "Dark",
    "ketatui-light": "Light",
    "ketatui-contrast": "High contrast",
    "ketatui-ansi": "The terminal's own colors",
}
