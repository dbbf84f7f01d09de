"""How much one stranger, one account and one terminal may do: every such limit stands here."""

from dataclasses import dataclass, field

from factorypos_tui.server.security.throttle import Limit

QUARTER = 15 * 60
HOUR = 60 * 60
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Tries:
    """How often something may be tried that asks who the caller is."""

    of_pair: Limit
    """By one network for one account."""
    of_network: Limit
    """By one network for all accounts."""
    of_account: Limit
    """For one account, by all networks from which it has not logged in before."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits that suit the open internet."""

    log_ins: Tries = field(default=Tries(Limit(10, QUARTER), Limit(60, QUARTER), Limit(30, QUARTER)))
    """Refused log-ins; those that succeed do not count."""
    resets: Tries = field(default=Tries(Limit(5, QUARTER), Limit(60, QUARTER), Limit(5, QUARTER)))
    """Letters with a code."""
    letters: Limit = field(default=Limit(20, DAY))
    """The same for one account in a day, by all networks from which it has not logged in before."""
    codes: Tries = field(default=Tries(Limit(10, QUARTER), Limit(60, QUARTER), Limit(30, QUARTER)))
    """Codes and links typed or followed."""
    app_codes: Tries = field(default=Tries(Limit(10, HOUR), Limit(60, QUARTER), Limit(20, DAY)))
    """Wrong codes of an authenticator app, by somebody who knows the password. One in 333,000 is right by
    chance, so somebody with many networks needs 45 years."""
    second_steps: Tries = field(default=Tries(Limit(10, QUARTER), Limit(60, QUARTER), Limit(30, QUARTER)))
    """Log-ins on the page that wait for their second step."""
    registrations: Limit = field(default=Limit(60, QUARTER))
    """Accounts made from one network."""
    enrolments: Limit = field(default=Limit(60, QUARTER))
    """Enrolment codes that are not good, from one network."""
    device_authorizations: Limit = field(default=Limit(20, 10 * 60))
    """Terminals of one network that ask to be assigned: with their life of ten minutes, so many are open."""
    all_device_authorizations: Limit = field(default=Limit(2_000, 10 * 60))
    """The same of all networks."""
    user_codes: Limit = field(default=Limit(5, 10 * 60))
    """Codes that no terminal shows, typed by one account."""
    user_codes_of_network: Limit = field(default=Limit(30, QUARTER))
    """The same from one network."""
    refusals_of_account: Limit = field(default=Limit(10, QUARTER))
    """Refusals to strangers that are noted in the audit for one e-mail, of an account or not; the log has
    all."""
    refusals_of_network: Limit = field(default=Limit(20, QUARTER))
    """The same for one network."""
    refusals: Limit = field(default=Limit(240, HOUR))
    """The same for all together."""
    invitations: Limit = field(default=Limit(100, DAY))
    """Invitations that one account mails."""
    invitations_to_one: Limit = field(default=Limit(5, DAY))
    """The same to one e-mail, by all accounts."""
    noted: Limit = field(default=Limit(20, HOUR))
    """Log-ins of one account that are noted in the audit; so many ends of its sessions, too."""


PLACES = 20
"""The networks that are remembered of one account: those from which it logged in last."""

SESSIONS = 50
"""Of one account; a further log-in ends the oldest."""
COMPANIES = 200
"""Of one account."""
STORES = 2_000
"""Of one account, in all its companies."""
TERMINALS = 2_000
"""Of one account; a terminal that was revoked counts until it is released."""
PASSKEYS = 20
"""Of one account."""
ENROLMENT_CODES = 100
"""Of one store that are good at the same time."""
MEMBERS = 500
"""Of one company."""
MEMBERSHIPS = 500
"""Of one account, in all companies."""
OPEN_INVITATIONS = 100
"""Of one company."""
MEMBER_LETTERS = Limit(100, DAY)
"""Changes of the members of one company of which its owners are told by mail; the audit has all."""
CHANGES = Limit(5_000, DAY)
"""By one account, or by one terminal, that can be made again and again and are noted in the audit each time:
assignments, settlements, names."""
REPORTS = Limit(20_000, DAY)
"""Of one terminal that are new, contradicting ones among them."""
CONFIGURATION_VERSIONS = 10_000
"""Of one store."""
KEPT_BYTES = 80 * 1024**3
"""Of one account: reports, those that contradict others, and versions of configurations. An X that made room
stays counted. It is more than all its terminals send in ten years, with a Z and an X of 5 KB a day."""
OPEN_CONFLICTS = 10_000
"""Reports of one account that contradict others, and about which nobody has decided."""
