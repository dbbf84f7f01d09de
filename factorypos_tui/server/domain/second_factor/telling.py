"""What happens to a second factor stands in the audit and is mailed to the person whose it is."""

from datetime import datetime, timedelta

from peewee import Database

from factorypos_tui.server.domain.cloud import instant
from factorypos_tui.server.mail import factor_letters, outbox
from factorypos_tui.server.mail.factor_letters import News as What
from factorypos_tui.server.storage.audit import audit
from factorypos_tui.server.storage.tables import Account

_ACTIONS: dict[What, str] = {
    "app_added": "second_factor.app_added",
    "app_removed": "second_factor.app_removed",
    "passkey_added": "second_factor.passkey_added",
    "passkey_removed": "second_factor.passkey_removed",
    "code_used": "second_factor.recovery_code_used",
    "new_codes": "second_factor.recovery_codes_made",
    "taken_away": "second_factor.taken_away",
}
NEWS = timedelta(days=3)
"""So long after it happened the letter may be tried."""


def tell(
    database: Database,
    now: str,
    account: Account,
    news: What,
    *,
    actor: str = "",
    address: str = "",
    passkey: str = "",
    codes: int = 0,
) -> None:
    """Note it and write it, in the caller's transaction. `passkey` is its name, `codes` how many are left."""
    audit(database, now, actor or account.id, _ACTIONS[news], account.id, network=address)
    letter = factor_letters.letter(account.email, account.name, account.language, news, passkey, codes)
    outbox.put(database, letter, account.id, now, until=instant(datetime.fromisoformat(now) + NEWS))
