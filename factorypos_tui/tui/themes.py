"""The program's own colours: calm, high contrast, one accent."""

from textual.theme import Theme

from factorypos_tui.tui.tty.policy import Colours

_DARK = Theme(
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
_LIGHT = Theme(
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
_CONTRAST = Theme(
    name="factorypos-contrast",
    primary="#ffffff",
    accent="#ffff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    success="#00ff00",
    warning="#ffff00",
    error="#ffaf87",
    dark=True,
    variables={"text-muted": "#ffffff", "text-disabled": "#d0d0d0"},
)
# The terminal's own colours, whether its background is black or white: letters can be read on both in its own
# colour, in magenta and in red only. None that a console with a font of 512 glyphs cannot show.
_CONSOLE = Theme(
    name="factorypos-console",
    ansi=True,
    primary="ansi_default",
    secondary="ansi_default",
    accent="ansi_magenta",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_default",
    warning="ansi_magenta",
    error="ansi_red",
    dark=True,
    variables={
        "ansi-background": "ansi_black",
        "ansi-foreground": "ansi_white",
        "border-blurred": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-background": "ansi_white",
        "block-cursor-text-style": "reverse",
        "button-focus-text-style": "bold reverse",
        "input-cursor-background": "ansi_white",
        "input-cursor-foreground": "ansi_black",
        "input-cursor-text-style": "none",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
        "marked-foreground": "ansi_black",
        "marked-background": "ansi_white",
        "text-muted": "ansi_default",
    },
)
THEMES = {"dark": _DARK, "light": _LIGHT, "contrast": _CONTRAST, "console": _CONSOLE}
"""Value of the setting `theme`, other than `auto` -> theme."""


def theme_name(setting: str, colours: Colours) -> str:
    """The theme for a value of the setting; `auto` asks how many colours the terminal has.

    A theme with shades would look patchy on a terminal without shades."""
    if setting == "auto" or colours is Colours.NONE:
        setting = "dark" if colours >= Colours.MANY else "console"
    return THEMES[setting].name
