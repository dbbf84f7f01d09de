"""What an operator can set, declared once: commands and screens read the same table."""

from collections.abc import Mapping
from dataclasses import dataclass

from factorypos_tui.core.errors import UsageError
from factorypos_tui.core.language import LANGUAGES, N_, _, language_of_environment, use_language
from factorypos_tui.core.storage.database import Database
from factorypos_tui.core.storage.facts import keep_fact


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of the operator's."""

    name: str
    title: str
    """Translated when it is shown, as are `purpose` and the names of the choices."""
    choices: Mapping[str, str]
    """Word -> name; the first is the default."""
    purpose: str
    """What it does."""


SETTINGS: Mapping[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting(
            "send_x_report",
            N_("Send X Report"),
            {"off": N_("off"), "on": N_("on")},
            N_("Send the running day's sales to FactoryCLOUD between closes"),
        ),
        Setting(
            "language",
            N_("Language (Idioma)"),
            {"auto": N_("as this machine"), **LANGUAGES},
            N_("Language of screens and messages"),
        ),
        Setting(
            "theme",
            N_("Theme"),
            {
                "auto": N_("as this terminal"),
                "dark": N_("dark"),
                "light": N_("light"),
                "contrast": N_("high contrast"),
                "console": N_("16 colours"),
            },
            N_("Colours of the screens"),
        ),
        Setting(
            "colours",
            N_("Number of colours"),
            {
                "auto": N_("as this terminal"),
                "none": N_("no colours"),
                "16": "16",
                "256": "256",
                "all": N_("all"),
            },
            N_("How many colours the terminal can show"),
        ),
        Setting(
            "glyphs",
            N_("Characters"),
            {
                "auto": N_("as this terminal"),
                "all": N_("all"),
                "console": N_("those of a text console"),
                "ascii": N_("plain ASCII"),
            },
            N_("Letters and lines that the terminal's font has"),
        ),
        Setting(
            "mouse",
            N_("Mouse"),
            {"off": N_("off"), "on": N_("on")},
            N_("Click with the mouse; then the terminal cannot mark text with it"),
        ),
    )
}


def get_setting(database: Database, name: str) -> str:
    """The value in force; raises `UsageError` for a name that is no setting."""
    setting = _known(name)
    kept = database.value("SELECT value FROM setting WHERE name = ?", name)
    return kept if kept in setting.choices else next(iter(setting.choices))


def speak_the_language_set(database: Database) -> None:
    """Show all texts from now on in the language that the setting asks for."""
    language = get_setting(database, "language")
    use_language(language_of_environment() if language == "auto" else language)


def set_setting(database: Database, name: str, value: str) -> None:
    """Keep a value; raises `UsageError` for a name that is no setting or a value that is no choice."""
    setting = _known(name)
    if value not in setting.choices:
        raise UsageError(
            _("{name} can be: {choices}. Nothing was changed.").format(
                name=name, choices=", ".join(setting.choices)
            )
        )
    keep_fact(database, name, value)


def _known(name: str) -> Setting:
    if name not in SETTINGS:
        raise UsageError(
            _("There is no setting {name}. The settings are: {names}.").format(
                name=name, names=", ".join(SETTINGS)
            )
        )
    return SETTINGS[name]
