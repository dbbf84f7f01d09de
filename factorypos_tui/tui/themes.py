"""The program's own colours: calm, high contrast, one accent."""

from textual.theme import Theme

DARK = Theme(
    name="factorypos-dark",
    primary="#5fafd7",
    accent="#ffd75f",
    foreground="#e4e4e4",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    success="#87d787",
    warning="#ffd75f",
    error="#ff8787",
    dark=True,
)
LIGHT = Theme(
    name="factorypos-light",
    primary="#005f87",
    accent="#875f00",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#f4f4f4",
    panel="#e4e4e4",
    success="#005f00",
    warning="#875f00",
    error="#af0000",
    dark=False,
)
THEMES = {"dark": DARK, "light": LIGHT}
"""Value of the setting `theme` -> theme."""
