"""The mails about a second factor: whoever changes it, or uses a recovery code, does not go unseen."""

from typing import Literal

from factorypos_tui.server.mail.letters import Letter, harmless, written
from factorypos_tui.server.words import marked

News = Literal[
    "app_added", "app_removed", "passkey_added", "passkey_removed", "code_used", "new_codes", "taken_away"
]

_TEXTS: dict[News, tuple[str, str]] = {
    "app_added": (
        marked("An authenticator app is set up"),
        marked(
            "Hello $name,\n\nan authenticator app was set up for your account. From now on a log-in needs "
            "the password and a second factor.\n\n"
            "If it was not you, somebody else is logged in with your account: log out everywhere, choose a "
            "new password, and ask the person who runs this FactoryCLOUD to take the second factor away."
        ),
    ),
    "app_removed": (
        marked("The authenticator app is removed"),
        marked(
            "Hello $name,\n\nthe authenticator app of your account was removed by somebody who was logged in "
            "and showed a second factor. Its codes do nothing any more.\n\n"
            "If it was not you, log out everywhere and choose a new password at once."
        ),
    ),
    "passkey_added": (
        marked("A passkey is added"),
        marked(
            "Hello $name,\n\nthe passkey $passkey was added to your account. From now on a log-in needs the "
            "password and a second factor.\n\n"
            "If it was not you, somebody else is logged in with your account: log out everywhere, choose a "
            "new password, and remove that passkey."
        ),
    ),
    "passkey_removed": (
        marked("A passkey is removed"),
        marked(
            "Hello $name,\n\nthe passkey $passkey of your account was removed by somebody who was logged in "
            "and showed a second factor.\n\n"
            "If it was not you, log out everywhere and choose a new password at once."
        ),
    ),
    "code_used": (
        marked("A recovery code was used"),
        marked(
            "Hello $name,\n\na recovery code of your account was used as its second factor. Codes left: "
            "$codes.\n\n"
            "If you lost your phone, remove its app or its passkey on the page Account, and make new codes. "
            "If it was not you, log out everywhere, choose a new password and make new codes at once."
        ),
    ),
    "new_codes": (
        marked("New recovery codes"),
        marked(
            "Hello $name,\n\nnew recovery codes were made for your account. Those of before do nothing any "
            "more.\n\n"
            "If it was not you, log out everywhere and choose a new password at once."
        ),
    ),
    "taken_away": (
        marked("Your second factor was taken away"),
        marked(
            "Hello $name,\n\nthe person who runs this FactoryCLOUD took the second factor of your account "
            "away: its app, its passkeys and its recovery codes do nothing any more. A log-in needs the "
            "password alone, until you set a new one up on the page Account.\n\n"
            "If you did not ask for it, speak with that person."
        ),
    ),
}


def letter(to: str, name: str, language: str, news: News, passkey: str, codes: int) -> Letter:
    """`passkey` is the name of one, `codes` how many recovery codes are left; each where it is told."""
    values = {"name": harmless(name), "passkey": harmless(passkey), "codes": str(codes)}
    return written("second_factor", to, language, _TEXTS[news], values)
