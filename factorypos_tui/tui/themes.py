"""The program's own colours: calm, and each with one meaning.

What is done is `success`, green; what waits is `warning`, yellow; what was refused is `error`, red; what has
the focus is `primary`, blue; all else is plain. A mark or a word always says the same. `line` frames what has
not the focus, `unusable-style` is the style of what cannot be used now."""

from textual.theme import Theme

from factorypos_tui.tui.tty.policy import Colours

_DARK = Theme(
    name="factorypos-dark",
    primary="#5fafff",
    accent="#5fafff",
    foreground="#e4e4e4",
    background="#121212",
    surface="#1c1c1c",
    panel="#262626",
    success="#5fd75f",
    warning="#ffd75f",
    error="#ff8787",
    dark=True,
    variables={"line": "#8a8a8a", "input-selection-background": "#005f87"},
)
_LIGHT = Theme(
    name="factorypos-light",
    primary="#005faf",
    accent="#005faf",
    foreground="#1c1c1c",
    background="#ffffff",
    surface="#eeeeee",
    panel="#e4e4e4",
    success="#005f00",
    warning="#5f5f00",
    error="#af0000",
    dark=False,
    variables={"line": "#626262", "text-muted": "#4e4e4e", "input-selection-background": "#afd7ff"},
)
_CONTRAST = Theme(
    name="factorypos-contrast",
    primary="#87d7ff",
    accent="#87d7ff",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    success="#5fff5f",
    warning="#ffff5f",
    error="#ff8787",
    dark=True,
    variables={
        "line": "#ffffff",
        "text-muted": "#ffffff",
        "text-disabled": "#d0d0d0",
        "input-selection-background": "#005f87",
    },
)
# The terminal's own colours. Where nothing tells whether the terminal is black or white, the driver takes
# those of the letters away: none of the sixteen can be read on both. Focus is cyan, since no blue can be read
# on black.
_CONSOLE = Theme(
    name="factorypos-console",
    ansi=True,
    primary="ansi_cyan",
    secondary="ansi_default",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    success="ansi_green",
    warning="ansi_bright_yellow",
    error="ansi_bright_red",
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
        "line": "ansi_default",
        "unusable-style": "dim",
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
