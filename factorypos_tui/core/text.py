"""Text from outside, made harmless before it reaches a screen, a log or a terminal."""

import unicodedata

_JOINERS = "\u200c\u200d"  # written by Persian, Indic scripts and emoji; they move nothing
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}


def plain(text: str, limit: int = 500) -> str:
    """`text` on one line, without control characters, escape sequences, bidi overrides or surrogates.

    At most `limit` characters; a longer one ends in an ellipsis. Markup such as `[b]` is left alone: only
    the screen that shows it knows its own.
    """
    line = " ".join(text[: 4 * limit].split())
    kept = "".join(c for c in line if c in _JOINERS or unicodedata.category(c) not in _DROPPED)
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
