"""The mails that FactoryCLOUD writes to people, in the language of their account."""

from dataclasses import dataclass
from string import Template

from factorypos_tui.server.words import marked, told_in

RESET_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in plain text."""

    to: str
    subject: str
    text: str


_SIGNED = "\n\nFactoryCLOUD\n"

_RESET = (
    marked("Choose a new password"),
    marked(
        "Hello $name,\n\nsomebody asked for a new password for this account. "
        "Your code, good for $minutes minutes and a few tries:\n\n"
        "$code\n$way\nIf it was not you, do nothing: your password stays as it is."
    ),
)
_WITH_LINK = marked("\nType it in FactoryPOS, or open this page:\n\n$link\n")
_WITHOUT_LINK = marked("\nType it in FactoryPOS.\n")

_CHANGED = (
    marked("Your password was changed"),
    marked(
        "Hello $name,\n\nyour password was changed and every session was ended. "
        "Terminals keep sending their reports.\n\n"
        "If it was not you, ask for a new password at once."
    ),
)

_CONFLICT = (
    marked("Two different reports for one close"),
    marked(
        "Hello $name,\n\nthe terminal $terminal of the store $store sent the report $report for $date, "
        "but another report already holds its place. Both are kept and your figures did not change: "
        "they count the first one.\n\n"
        "This happens when a till was restored from a copy or its disk was cloned. "
        "Show this mail to the person who looks after the till.\n\n"
        "Report: $report_id\nHash of the refused one: $content_hash"
    ),
)


def password_reset(to: str, name: str, language: str, code: str, link: str | None) -> Letter:
    """The code, and the page that needs no code, if this server has an address."""
    way = Template(told_in(language, _WITH_LINK if link else _WITHOUT_LINK)).substitute(link=link)
    values = {"name": _one_line(name), "code": code, "minutes": str(RESET_MINUTES), "way": way}
    return _letter(to, language, _RESET, values)


def password_changed(to: str, name: str, language: str) -> Letter:
    return _letter(to, language, _CHANGED, {"name": _one_line(name)})


def report_conflict(to: str, language: str, values: dict[str, str]) -> Letter:
    """`values`: name, terminal, store, report, date, report_id, content_hash."""
    return _letter(to, language, _CONFLICT, {name: _one_line(value) for name, value in values.items()})


def _letter(to: str, language: str, texts: tuple[str, str], values: dict[str, str]) -> Letter:
    subject, text = (told_in(language, told) for told in texts)
    return Letter(to, subject, Template(text).substitute(values) + _SIGNED)


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
