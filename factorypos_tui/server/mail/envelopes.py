"""A letter as it travels. What stands in its headers is one line each, in any script (RFC 2047)."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from factorypos_tui.server.mail.letters import one_line
from factorypos_tui.server.storage.tables import StoredLetter

_NEVER = set(' <>,;:()[]\\"')
"""Has a meaning of its own in a header; our forms take no address with any of these."""


def message_of(letter: StoredLetter, sender: str) -> EmailMessage:
    """Raises whatever `email` raises where the address is none."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = _address(letter.recipient)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2].strip('> ') or 'localhost'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text or "")
    return message


def _address(email: str) -> Address:
    local, _, domain = email.rpartition("@")
    if not local or not domain or one_line(email) != email or set(email) & _NEVER or "@" in local:
        raise ValueError("this is no address of a mailbox")
    return Address("", local, domain if domain.isascii() else domain.encode("idna").decode())
