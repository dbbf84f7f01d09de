"""The mails about the members of a company: the invitation, and what its owners are told."""

from dataclasses import dataclass
from typing import Literal

from factorypos_tui.server.mail.letters import Letter, harmless, written
from factorypos_tui.server.words import marked, told_in

INVITATION_DAYS = 7

_INVITATION = (
    marked("Invitation to $company"),
    marked(
        "Hello,\n\n$who invites you to $company in FactoryCLOUD, as $role.\n\n"
        "Open this page within $days days. It asks you to log in, or to make an account:\n\n"
        "$link\n\n"
        "The link works once, for whoever opens it: give it to nobody. If you know nothing of this, do "
        "nothing."
    ),
)

News = Literal["joined", "left", "owner", "handed_over", "closed", "opened", "factor_rule_lowered"]
"""What owners are told of their company."""
_NEWS: dict[News, tuple[str, str]] = {
    "joined": (
        marked("$person joined $company"),
        marked(
            "Hello $name,\n\n$person ($email) is a member of $company now, as $role. $who invited that "
            "person.\n\nOn the page of the company, under Members, an owner can change that."
        ),
    ),
    "left": (
        marked("$person left $company"),
        marked(
            "Hello $name,\n\n$person ($email) is no member of $company any more. It was done by $who.\n\n"
            "What tills send arrives as before."
        ),
    ),
    "owner": (
        marked("$person is an owner of $company"),
        marked(
            "Hello $name,\n\n$person ($email) is an owner of $company now, and may do everything there. It "
            "was done by $who.\n\nIf that is not right, change it on the page of the company, under Members."
        ),
    ),
    "handed_over": (
        marked("$person answers for $company"),
        marked(
            "Hello $name,\n\n$company was handed over: $person ($email) answers for it now. What is kept "
            "there counts as that account's. It was done by $who.\n\nTills go on as before."
        ),
    ),
    "closed": (
        marked("$company was closed"),
        marked(
            "Hello $name,\n\n$who closed $company. Its tills can send no more. Its figures can be read until "
            "$until; after that, all that FactoryCLOUD has of it is deleted.\n\n"
            "Until then any owner can open it again, on its page. What is to be kept must be saved before."
        ),
    ),
    "opened": (
        marked("$company is open again"),
        marked(
            "Hello $name,\n\n$who opened $company again. Nothing of it is deleted. Each till is assigned "
            "again before it can send."
        ),
    ),
    "factor_rule_lowered": (
        marked("$company asks fewer people for a second factor"),
        marked(
            "Hello $name,\n\nWho needs a second factor in $company was changed: now it is $role. It was done "
            "by $who.\n\nIf that is not right, change it on the page of the company."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter to the owners of a company says."""

    news: News
    company: str
    who: str
    """The name of who did it."""
    person: str = ""
    """The name of the person whom it is about."""
    email: str = ""
    role: str = ""
    """What that person is now, or who needs a second factor now: a text for `told_in`."""
    until: str = ""
    """A day, as it is read."""


def invitation(to: str, language: str, who: str, company: str, role: str, link: str) -> Letter:
    """`who` invites; `role` is a text for `told_in`."""
    values = {
        "who": harmless(who),
        "company": harmless(company),
        "role": told_in(language, role),
        "days": str(INVITATION_DAYS),
        "link": link,
    }
    return written("invitation", to, language, _INVITATION, values)


def news_of_members(to: str, name: str, language: str, told: Told) -> Letter:
    values = {
        "name": harmless(name),
        "company": harmless(told.company),
        "who": harmless(told.who),
        "person": harmless(told.person),
        "email": told.email,
        "role": told_in(language, told.role) if told.role else "",
        "until": told.until,
    }
    return written("members", to, language, _NEWS[told.news], values)
