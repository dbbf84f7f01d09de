"""The server's texts, each in the language of its reader: a gettext domain of its own."""

import gettext
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN = "factorycloud"
CATALOGUES = Path(__file__).parent.parent / "locale"
LANGUAGES = ("en", "es")
"""English, the language of the source, comes first: it is used for every language that is not here."""

_spoken: ContextVar[str] = ContextVar("spoken", default=LANGUAGES[0])


def speak(language: str) -> None:
    """Tell all texts of this call in `language` from now on."""
    _spoken.set(_known(language))


def spoken() -> str:
    """The language of this call."""
    return _spoken.get()


def told(message: str) -> str:
    """`message` in the language of this call."""
    return told_in(_spoken.get(), message)


def told_in(language: str, message: str) -> str:
    """`message` in the language of an account, or of a person who reads it later."""
    return _texts(_known(language)).gettext(message)


def system_words(error: OSError) -> str:
    """What the operating system says of a file, in the language of this call; in English where it is rare."""
    said = error.strerror or str(error)
    return told(said) if said in _OF_FILES else said


def marked(message: str) -> str:
    """A text for the catalogue; it is translated where it is told."""
    return message


_OF_FILES = frozenset(
    {
        marked("File exists"),
        marked("File name too long"),
        marked("File too large"),
        marked("Input/output error"),
        marked("Is a directory"),
        marked("No space left on device"),
        marked("No such file or directory"),
        marked("Not a directory"),
        marked("Operation not permitted"),
        marked("Permission denied"),
        marked("Read-only file system"),
    }
)


def language_wanted(accept_language: str) -> str:
    """The language that suits an `Accept-Language` best."""
    wishes = [wish.split(";") for wish in accept_language.split(",")[:20]]
    known = [(_weight(parameters), name.strip()[:2].lower()) for name, *parameters in wishes]
    heard = [(weight, name) for weight, name in known if name in LANGUAGES and weight > 0]
    return max(heard, key=lambda wish: wish[0])[1] if heard else LANGUAGES[0]


def _weight(parameters: list[str]) -> float:
    named = [parameter.strip().removeprefix("q=") for parameter in parameters]
    try:
        return float(named[0]) if named else 1.0
    except ValueError:
        return 0.0


def _known(language: str) -> str:
    return language[:2].lower() if language[:2].lower() in LANGUAGES else LANGUAGES[0]


@cache
def _texts(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, CATALOGUES, [language], fallback=language == LANGUAGES[0])
