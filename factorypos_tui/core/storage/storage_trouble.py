"""What an error of SQLite or the disk means to the person at the till, in words."""

import re
from pathlib import Path

from factorypos_tui.core.language import _
from factorypos_tui.core.language.system_words import system_words

# All statements are ours. So if SQLite does not understand one, the tables are not those that we made. And
# we never wrote text that cannot be read.
_DAMAGE = (
    "decode",
    "malformed",
    "not a database",
    "no such table",
    "no such column",
    "no such function",
    "no such trigger",
    "no such index",
    "already exists",
    "duplicate column",
    "has no column",
    "values for",
    "syntax error",
)


def says_damaged(error: BaseException) -> bool:
    """Whether the error means that the file is not what SQLite, or this program, wrote."""
    detail = _detail(error).lower()
    return any(words in detail for words in _DAMAGE)


def says_full(error: BaseException) -> bool:
    """Whether the error means that the disk, or the user's share of it, is full."""
    detail = _detail(error).lower()
    return any(words in detail for words in ("full", "no space", "too large", "quota"))


def explain(error: BaseException, path: Path) -> str:
    """What an error of SQLite or the disk means to the person at the till."""
    detail = _detail(error).lower()
    if says_full(error):
        text = _(
            "The disk is full: nothing new can be saved in {file}. What was saved before is safe. "
            "Free some space."
        )
    elif "locked" in detail or "busy" in detail:
        text = _("Another program keeps {file} locked. Nothing was changed. Try again when it has finished.")
    elif "readonly" in detail or "read-only" in detail or "permission" in detail:
        text = _(
            "{file} cannot be written to. Nothing was changed. Check the folder's permissions and the disk."
        )
    elif "i/o error" in detail or "input/output error" in detail:
        text = _(
            "The disk did not take {file}: it may be full or failing. What was saved before is safe. "
            "Check the disk."
        )
    elif says_damaged(error):
        text = _("{file} is damaged. Keep a copy of it, do not delete it, and call support.")
    else:
        text = _("{file} cannot be used: {detail}. Nothing was changed.")
    return text.format(file=path, detail=system_words(_detail(error)))


def _detail(error: BaseException) -> str:
    """What the library or the system says, without the statement or path that it quotes: those do not help an
    operator, and they may hold any text."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    return re.sub(r"\s*\[.*?\]", "", str(error), flags=re.DOTALL)
