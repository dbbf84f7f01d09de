"""The mails that FactoryCLOUD writes to people, in the language of their account."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import Template
from typing import Literal

from factorypos_tui.server.words import marked, told_in

RESET_MINUTES = 10
CONFIRMATION_DAYS = 3
MOST_TERMINALS = 10
"""Named in one letter."""
LONGEST_NAME = 100

Kind = Literal[
    "confirmation",
    "password_reset",
    "password_changed",
    "proof",
    "report_conflict",
    "no_room",
    "alarms",
    "day",
    "terminal_assigned",
    "second_factor",
    "invitation",
    "members",
]
CONFIRMING: frozenset[Kind] = frozenset({"confirmation", "password_reset"})
"""What shows that its reader has the e-mail of the account; nothing else is mailed before that is known."""
TO_OTHERS: frozenset[Kind] = frozenset({"invitation"})
"""What is no letter to the account that has it written, so that its own e-mail does not count."""
Chosen = Literal["mail", "session", "host"]
"""How a new password was chosen: with a code or a link, while logged in, or by who runs the server."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in plain text."""

    kind: Kind
    to: str
    subject: str
    text: str


_SIGNED = "\n\nFactoryCLOUD\n"

_CONFIRMATION = (
    marked("Confirm your e-mail"),
    marked(
        "Hello $name,\n\nsomebody made an account in FactoryCLOUD with this e-mail. "
        "If it was you, open this page within $days days and confirm it:\n\n"
        "$link\n\n"
        "You can log in and work before that. What FactoryCLOUD has to tell you about your shops is mailed "
        "once the e-mail is confirmed.\n\n"
        "If it was not you, do nothing: no further mail comes by itself."
    ),
)

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

_CHANGED = marked("Your password was changed")
_CHANGED_BY: dict[Chosen, str] = {
    "mail": marked(
        "Hello $name,\n\na new password was chosen with a code or a link for your account. "
        "Every session was ended. Terminals keep sending their reports.\n\n"
        "If it was not you, ask for a new password at once: somebody else reads your mails."
    ),
    "session": marked(
        "Hello $name,\n\nyour password was changed by somebody who was logged in and knew the one before. "
        "Every other session was ended. Terminals keep sending their reports.\n\n"
        "If it was not you, ask for a new password at once."
    ),
    "host": marked(
        "Hello $name,\n\nthe person who runs this FactoryCLOUD gave your account a new password. "
        "Every session was ended. Terminals keep sending their reports.\n\n"
        "If you did not ask for it, speak with that person."
    ),
}

PROOF_MINUTES = 15
_PROOF = (
    marked("Your code"),
    marked(
        "Hello $name,\n\nyour code, good for $minutes minutes and a few tries:\n\n$code\n\n"
        "Somebody who is logged in with your account wants to do what cannot be taken back. "
        "Give this code to nobody. If it was not you, log out everywhere and choose a new password."
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

_CONFLICTS = (
    marked("$number reports contradict others"),
    marked(
        "Hello $name,\n\n$number reports came whose places are held by other reports. All of them are kept "
        "and your figures did not change: they count those that came first.\n\n"
        "$terminals\n\n"
        "This happens when a till was restored from a copy or its disk was cloned. "
        "Show this mail to the person who looks after the till: its queue shows what was refused, and the "
        "command verify there compares all of it with FactoryCLOUD. The host of this FactoryCLOUD sees each "
        "of them with the command cloud conflict list.\n\n"
        "What else comes within the hour is told in one further mail."
    ),
)
_NO_ROOM = (
    marked("Reports that contradict others are no longer kept"),
    marked(
        "Hello $name,\n\nFactoryCLOUD keeps as many reports that contradict others for your account as it "
        "may. Further ones are refused as before, and their content is not kept here. Your figures did not "
        "change, and all other reports arrive as before.\n\n"
        "Show this mail to the person who looks after the tills: once the reports that are kept are settled, "
        "there is room again. If you need more room, ask the person who runs this FactoryCLOUD.\n\n"
        "This is told once, until some are kept again."
    ),
)
_OF_TERMINAL = marked("- $terminal, $store: $number")
_MORE_TERMINALS = marked("- and $number terminals more")


def confirmation(to: str, name: str, language: str, link: str) -> Letter:
    values = {"name": harmless(name), "days": str(CONFIRMATION_DAYS), "link": link}
    return written("confirmation", to, language, _CONFIRMATION, values)


def no_room_for_conflicts(to: str, name: str, language: str) -> Letter:
    return written("no_room", to, language, _NO_ROOM, {"name": harmless(name)})


def password_reset(to: str, name: str, language: str, code: str, link: str | None) -> Letter:
    """The code, and the page that needs no code, if this server has an address."""
    way = Template(told_in(language, _WITH_LINK if link else _WITHOUT_LINK)).substitute(link=link)
    values = {"name": harmless(name), "code": code, "minutes": str(RESET_MINUTES), "way": way}
    return written("password_reset", to, language, _RESET, values)


def password_changed(to: str, name: str, language: str, chosen: Chosen) -> Letter:
    texts = _CHANGED, _CHANGED_BY[chosen]
    return written("password_changed", to, language, texts, {"name": harmless(name)})


def proof(to: str, name: str, language: str, code: str) -> Letter:
    """The code with which a session proves who it is."""
    values = {"name": harmless(name), "code": code, "minutes": str(PROOF_MINUTES)}
    return written("proof", to, language, _PROOF, values)


def report_conflict(to: str, name: str, language: str, values: dict[str, str]) -> Letter:
    """`values`: terminal, store, report, date, report_id, content_hash."""
    shown = {named: harmless(value) for named, value in {**values, "name": name}.items()}
    return written("report_conflict", to, language, _CONFLICT, shown)


def report_conflicts(
    to: str, name: str, language: str, terminals: Sequence[tuple[str, str, int]], *, or_more: bool = False
) -> Letter:
    """`terminals`: terminal, store, and how many of its reports contradict others. `or_more`: whether not all
    of them were counted."""
    beyond = "+" if or_more else ""
    row, more = (Template(told_in(language, text)) for text in (_OF_TERMINAL, _MORE_TERMINALS))
    lines = [
        row.substitute(terminal=harmless(terminal), store=harmless(store), number=f"{number}{beyond}")
        for terminal, store, number in terminals[:MOST_TERMINALS]
    ]
    if terminals[MOST_TERMINALS:]:
        lines.append(more.substitute(number=len(terminals[MOST_TERMINALS:])))
    number = f"{sum(number for _, _, number in terminals)}{beyond}"
    values = {"name": harmless(name), "number": number, "terminals": "\n".join(lines)}
    return written("report_conflict", to, language, _CONFLICTS, values)


def written(kind: Kind, to: str, language: str, texts: tuple[str, str], values: dict[str, str]) -> Letter:
    """A letter of two texts, subject and body, in which these values are filled in."""
    subject, text = (Template(told_in(language, told)).substitute(values) for told in texts)
    return Letter(kind, to, subject, text + _SIGNED)


def one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def harmless(text: str) -> str:
    """A name from outside in one short line that no program for mail makes a link of."""
    return re.sub(r"://|(?<=\w)\.(?=\w\w)", lambda found: found[0][0] + " ", one_line(text))[:LONGEST_NAME]
