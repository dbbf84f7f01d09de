"""Text from outside, made harmless before it reaches a screen, a log or a terminal."""

import json
import unicodedata

_JOINERS = "\u200c\u200d"  # Persian, Indic scripts and emoji need them; they move nothing
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_MOVING = {"Cc", "Cs", "Zl", "Zp"}


def is_harmless(text: str) -> bool:
    """Whether `text` can be kept as it is: one line, with nothing that reverses, moves or breaks the text
    beside it."""
    return text.isprintable() or not any(
        character in _TURNING or unicodedata.category(character) in _MOVING for character in text
    )


def plain(text: str, limit: int = 500) -> str:
    """`text` on one line, without control characters, escape sequences, bidi overrides or surrogates.

    At most `limit` characters; a longer one ends in an ellipsis. Markup such as `[b]` is left alone: only
    each screen knows its own markup."""
    line = " ".join(text[: 4 * limit].split())
    kept = "".join(c for c in line if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"


def harmless(text: str) -> str:
    """`text` safe for a terminal: lines and columns stay, control characters, escape sequences, bidi
    overrides and surrogates go."""
    return text if text.isprintable() else "".join(map(_harmless, text))


def one_line(text: str) -> str:
    """The same on one line: a name from outside must not look like a second line of ours."""
    return harmless(text).replace("\n", " ")


def escaped(json_text: str) -> str:
    """The same JSON, with everything escaped that a terminal would obey."""
    if json_text.isprintable():
        return json_text
    return "".join(c if _harmless(c) == c else json.dumps(c)[1:-1] for c in json_text)


def folded(text: str) -> str:
    """`text` without case and accents, to compare what people type."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def as_sentence(words: str) -> str:
    """`words` with a capital letter and a full stop; no words stay none."""
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def width(text: str) -> int:
    """How many columns `text` takes on paper or on a screen."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(_columns_of(letter) for letter in text)


def cut(text: str, columns: int) -> str:
    """`text` in at most so many columns; a longer one ends in an ellipsis."""
    if width(text) <= columns:
        return text
    shortened = ""
    for letter in text:
        if width(shortened) + _columns_of(letter) >= columns:
            break
        shortened += letter
    return shortened + "…"


def filled(text: str, columns: int) -> str:
    """`text` with spaces behind it, up to so many columns."""
    return text + " " * (columns - width(text))


def to_the_right(text: str, columns: int) -> str:
    """`text` with spaces before it, up to so many columns."""
    return " " * (columns - width(text)) + text


def at_both_ends(left: str, right: str, columns: int) -> str:
    """Two texts on a line of so many columns, one at each end. The left one is cut to fit."""
    room = max(1, columns - width(right) - 1)
    return filled(cut(left, room), room) + " " + right


def _harmless(letter: str) -> str:
    if letter == "\n" or letter in _JOINERS:
        return letter
    category = unicodedata.category(letter)
    if letter == "\t" or category in ("Zl", "Zp"):
        return " "
    return "" if category in _DROPPED else letter


def _columns_of(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in _DROPPED:
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
