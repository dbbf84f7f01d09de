"""States of reports and reasons of failures in words, the same for commands and screens."""

from factorypos_tui.core.errors import Cause
from factorypos_tui.core.language import N_, _, counted
from factorypos_tui.core.language.text import folded, plain
from factorypos_tui.core.queue.states import State
from factorypos_tui.core.queue.waiting import Waiting

_REASONS = {
    "dns": N_("FactoryCLOUD's address cannot be found; check the network"),
    "connection": N_("FactoryCLOUD cannot be reached; check the network"),
    "timeout": N_("FactoryCLOUD does not answer in time"),
    "tls": N_("no protected connection to FactoryCLOUD can be made; check cloud_url"),
    Cause.CONNECTION_REFUSED: N_("nobody answers at FactoryCLOUD's address; check its port in cloud_url"),
    Cause.CERTIFICATE_EXPIRED: N_(
        "FactoryCLOUD's certificate has expired; check this machine's clock, then tell the person who runs "
        "FactoryCLOUD"
    ),
    Cause.CERTIFICATE_UNTRUSTED: N_(
        "FactoryCLOUD's certificate is not trusted; check this machine's clock and ca_file"
    ),
    Cause.WRONG_HOST: N_("the certificate there is another address's; check the name in cloud_url"),
    Cause.NOT_TLS: N_("what answers there does not speak https; check the port in cloud_url"),
    Cause.PROXY_AUTHENTICATION: N_(
        "the proxy wants a user name and a password; set them in proxy in config.toml"
    ),
    Cause.PROXY_UNREACHABLE: N_("the proxy cannot be reached; check proxy in config.toml"),
    Cause.REDIRECT: N_(
        "something else answers and sends everybody on, the log says where; check cloud_url, or is there a "
        "log-in page on this network?"
    ),
    Cause.KEYRING_LOCKED: N_(
        "the keyring of this machine does not give the token; `doctor credentials` says what to do"
    ),
    Cause.TOKEN_MISSING: N_("this terminal's token is missing; assign the store again"),
    "overloaded": N_("FactoryCLOUD is busy"),
    "server_error": N_("FactoryCLOUD has trouble of its own"),
    "not_factorycloud": N_(
        "something else answers for FactoryCLOUD; check cloud_url, or is there a log-in page on this network?"
    ),
    "wrong_receipt": N_("FactoryCLOUD's receipts do not match; call support"),
    "terminal_revoked": N_("this terminal was revoked; assign the store again, or use a code"),
    "company_closed": N_("the company was closed; an owner can open it again for 30 days"),
    "unauthorized": N_("this terminal's token is not accepted; assign the store again"),
    "configuration": N_("the address or certificate in config.toml cannot be used"),
    "storage": N_("the token of this terminal cannot be read"),
    "unexpected": N_("something unexpected went wrong; the log says more"),
    "no_token": N_("this terminal's token is missing; assign the store again"),  # of older versions
    "store_not_assigned": N_("FactoryCLOUD has that store in another account"),
    "quota_reached": N_(
        "FactoryCLOUD keeps as much of this account as it may; ask the person who runs it for more room"
    ),
    "forbidden": N_("FactoryCLOUD does not let this terminal send; call support"),
    "not_found": N_("FactoryCLOUD does not know what was asked for; check cloud_url"),
    "refuses_everything": N_("FactoryCLOUD refuses every report; call support"),
    "interrupted": N_("sending was interrupted"),
    "crashes": N_("the program ended three times while it sent this report; call support"),
    "damaged": N_("the copy kept here was damaged; the till makes it again"),
    "not_rebuilt": N_("the copy kept here is lost, and the till no longer makes the same report"),
    "report_conflict": N_("FactoryCLOUD holds another report with this number"),
    "invalid": N_("FactoryCLOUD finds the report invalid"),
    "too_large": N_("the report is too large for FactoryCLOUD"),
}
_LONGEST_NAME = 60
TOKEN_REASONS = frozenset({"terminal_revoked", "company_closed", "unauthorized", "no_token"})
"""Reasons of a held link that end when the store is assigned again."""
PERSONS_REASONS = TOKEN_REASONS | {"configuration", "forbidden", "refuses_everything"}
"""Reasons of a link that only a person can end."""
UNREACHABLE_REASONS = frozenset({"not_factorycloud", "wrong_receipt", "tls"})
"""Reasons of a held link that say FactoryCLOUD was not reached, though something answered."""
OWN_REASONS = frozenset({"crashes", "not_rebuilt"})
"""Reasons of this terminal, not of FactoryCLOUD, why a report needs a person."""


def state_name(state: State) -> str:
    """A shipment's state in a word."""
    return _(state.about.word)


def reason_words(reason: str) -> str:
    """What a machine word of a failure means; an unknown word is shown as it is."""
    return _(_REASONS[reason]) if reason in _REASONS else reason


def waiting_words(waiting: Waiting) -> str:
    """What waits for a store that cannot be sent to now, and who can change that."""
    store = plain(waiting.store.name, _LONGEST_NAME)
    if waiting.assigned_by:
        return counted(
            "{n} report waits for {store}: log in as {account} and assign that store again.",
            "{n} reports wait for {store}: log in as {account} and assign that store again.",
            waiting.reports,
            store=store,
            account=waiting.assigned_by,
        )
    return counted(
        "{n} report waits for {store}: assign that store again.",
        "{n} reports wait for {store}: assign that store again.",
        waiting.reports,
        store=store,
    )


def store_words(waiting: Waiting) -> str:
    """The same for one of these reports."""
    sentence = (
        _("It waits for {store}: log in as {account} and assign that store again.")
        if waiting.assigned_by
        else _("It waits for {store}, until that store is assigned again.")
    )
    return sentence.format(store=plain(waiting.store.name, _LONGEST_NAME), account=waiting.assigned_by)


def states_named(word: str) -> list[State]:
    """The states whose name begins with `word`."""
    return [state for state in State if folded(state_name(state)).startswith(folded(word))]


def reasons_saying(word: str) -> list[str]:
    """The machine words of the failures whose meaning has `word` in it."""
    return [reason for reason in _REASONS if folded(word) in folded(reason_words(reason))]
