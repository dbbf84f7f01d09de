"""The bounds that docs/hosting.md tells are those of the program."""

import re
from pathlib import Path

from factorypos_tui.server import connections
from factorypos_tui.server.catalogue import tables as catalogue
from factorypos_tui.server.documents import configuration, faults, reading, report
from factorypos_tui.server.domain import (
    charts,
    deleting,
    device_authorizations,
    enrolments,
    exported,
    limits,
    ranges,
)
from factorypos_tui.server.domain.alarms import day_mails, rounds
from factorypos_tui.server.domain.closings import looking as closings
from factorypos_tui.server.domain.second_factor import codes, steps
from factorypos_tui.server.http import bodies, gate, lanes
from factorypos_tui.server.live import hearing, listeners
from factorypos_tui.server.mail import people_letters
from factorypos_tui.server.storage import audit, database, paging, postgresql
from factorypos_tui.server.web import audit as audit_page
from factorypos_tui.server.web import closings as closings_page

PAGE = Path(__file__).parents[2] / "docs" / "hosting.md"
KIB, MIB, GIB = 1024, 1024**2, 1024**3
LIMITS = postgresql.WHILE_SERVING
OPEN = limits.Limits()

BOUNDS = {
    "A form: every body but those of the next row": (
        f"{bodies.FORM_BYTES // KIB} KiB, packed and unpacked; {bodies.FORM_SECONDS} s to arrive"
    ),
    "A document: reports, a configuration, a form with a file": (
        f"{bodies.MAX_BYTES // MIB} MiB, packed and unpacked; {bodies.DOCUMENT_SECONDS} s to arrive"
    ),
    "A file of what was done in a company": f"its newest {audit_page.MOST_EXPORTED:,} entries",
    "A page and a file of closings": f"{closings_page.AT_ONCE}; its newest {closings_page.MOST_EXPORTED:,}",
    "A chart of accounts that a company keeps": (
        f"{charts.MOST_BYTES // KIB} KiB, {charts.MOST_ENTRIES} payments, {charts.MOST_ENTRIES} taxes"
    ),
    "A table in CSV": (
        f"{catalogue.LARGEST // MIB} MiB, {configuration.MOST_RECORDS:,} lines, {catalogue.MOST_COLUMNS} "
        f"columns; the first {faults.MOST_FAULTS} faults are named"
    ),
    "A document whose token is not good": f"{bodies.FORM_BYTES // KIB} KiB of it are received",
    "All documents that are held, beyond 16 KiB each": f"{bodies.HELD_BYTES // MIB} MiB as they came",
    f"Documents over {gate.LARGE // KIB} KiB that are parsed at once": (
        f"{gate.ROOM_TO_PARSE // MIB} MiB unpacked, {gate.PARSERS_WAITING} waiting"
    ),
    "A batch": f"{reading.MAX_BATCH} reports",
    "A list of a report": (
        f"{report.MOST_ROWS:,} rows; {report.MOST_WAYS:,} taxes or payments; {report.MOST_HOURS} hours"
    ),
    "A section of a configuration": f"{configuration.MOST_RECORDS:,} records",
    "Faults that one answer names": f"{faults.MOST_FAULTS}",
    "Calls of one token": f"{gate.CALLS_OF_ONE} at once, {gate.QUEUE_OF_ONE} waiting",
    "Log-ins, registrations, new passwords": (
        f"{gate.PASSWORDS_AT_ONCE} at once, {gate.PASSWORDS_WAITING} waiting"
    ),
    "Documents": f"{gate.DOCUMENTS_AT_ONCE} at once, {gate.DOCUMENTS_WAITING} waiting",
    "Other calls": f"{gate.OTHERS_AT_ONCE} at once, {gate.OTHERS_WAITING} waiting",
    "A download of the archive": (
        f"{exported.MOST_ZS:,} Zs; {exported.DOWNLOADS_AT_ONCE} are made at once in one process"
    ),
    "Closings that a round makes, once a minute": (
        f"of {closings.LOOKS} terminals, stores and companies, {closings.MOST_PERIODS} periods of each; each "
        "is looked at once an hour"
    ),
    "A round that looks for alarms": f"{rounds.MOST_TERMINALS:,} terminals, {rounds.LONGEST_SECONDS:.0f} s",
    "Mails of days in a round": f"{day_mails.MOST_LETTERS}",
    "A round that deletes closed companies": f"{deleting.LONGEST_SECONDS:.0f} s",
    "Tokens that are looked up": f"{gate.CALLERS_AT_ONCE} at once, {gate.CALLERS_WAITING} waiting",
    "A page of a list": f"{paging.MAX_PAGE} entries",
    "Waiting for a turn": f"{lanes.MOST_SECONDS} s",
    "A lock of PostgreSQL; a statement; a transaction that stands still": "; ".join(
        LIMITS[name].replace("s", " s")
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    ),
    "Connections to PostgreSQL": f"{postgresql.MOST_CONNECTIONS}, waited for {postgresql.SECONDS_TO_WAIT} s",
    "Another writer on SQLite": f"{database.SECONDS_TO_WAIT} s",
    "Connections": f"{connections.MOST_CONNECTIONS:,}, or what the limit of open files leaves",
    "A header": f"{connections.HEADER_BYTES // KIB} KiB, {connections.HEADER_SECONDS} s",
    "Requests sent ahead of their answers": f"{connections.PIPELINED} on a connection",
    "Taking an answer": f"{connections.ANSWER_SECONDS} s",
    "A connection at rest": f"{connections.REST_SECONDS} s",
    "Streams of live events": (
        f"{listeners.MOST:,}, at most half of the connections; {listeners.MOST_OF_ONE} of one account"
    ),
    "One stream": (
        f"{listeners.LONGEST_SECONDS // 60} min; a session that is over, {hearing.SESSIONS_SECONDS:.0f} s"
    ),
    "Refused log-ins": (
        f"{OPEN.log_ins.of_pair.tries} of one network for one account, {OPEN.log_ins.of_network.tries} of "
        f"one network, {OPEN.log_ins.of_account.tries} for one account from networks where its owner never "
        f"logged in; in {OPEN.log_ins.of_pair.seconds // 60} minutes"
    ),
    "Wrong codes of an authenticator app": (
        f"{OPEN.app_codes.of_pair.tries} of one network for one account in an hour, "
        f"{OPEN.app_codes.of_account.tries} for one account from networks where its owner never logged in in "
        f"a day; {OPEN.app_codes.of_network.tries} of one network in "
        f"{OPEN.app_codes.of_network.seconds // 60} minutes"
    ),
    "Log-ins on the page that wait for their second step": (
        f"{OPEN.second_steps.of_pair.tries} of one network for one account, "
        f"{OPEN.second_steps.of_account.tries} for one account from networks where its owner never logged "
        f"in; in {OPEN.second_steps.of_pair.seconds // 60} minutes; each {steps.LIFE.seconds // 60} minutes "
        f"and {steps.TRIES} tries"
    ),
    "Codes, and confirmations, asked for": (
        f"{OPEN.resets.of_account.tries} for one account, {OPEN.resets.of_network.tries} of one network; "
        f"in {OPEN.resets.of_account.seconds // 60} minutes"
    ),
    "Accounts made": (
        f"{OPEN.registrations.tries} of one network in {OPEN.registrations.seconds // 60} minutes"
    ),
    "Enrolment codes that are not good": (
        f"{OPEN.enrolments.tries} of one network in {OPEN.enrolments.seconds // 60} minutes"
    ),
    "Terminals that ask to be assigned with a phone": (
        f"{OPEN.device_authorizations.tries} of one network and "
        f"{OPEN.all_device_authorizations.tries:,} in all at once, then as many in "
        f"{OPEN.all_device_authorizations.seconds // 60} minutes; each is open for "
        f"{device_authorizations.LIFE.seconds // 60} minutes"
    ),
    "Codes typed that no terminal shows": (
        f"{OPEN.user_codes.tries} of one account in {OPEN.user_codes.seconds // 60} minutes, "
        f"{OPEN.user_codes_of_network.tries} of one network in {OPEN.user_codes_of_network.seconds // 60}"
    ),
    "Questions of a terminal that waits to be approved": (
        f"one in {device_authorizations.INTERVAL_S} s; each that comes too soon adds "
        f"{device_authorizations.INTERVAL_S} s"
    ),
    "One account has of its second factor": (
        f"{limits.PASSKEYS} passkeys, {codes.RECOVERY_CODES} recovery codes"
    ),
    "Enrolment codes of one store that are good": (
        f"{limits.ENROLMENT_CODES}, each for {limits.TERMINALS:,} terminals and "
        f"{enrolments.LONGEST.days} days at most"
    ),
    "One account keeps": (
        f"{limits.COMPANIES} companies, {limits.STORES:,} stores, {limits.TERMINALS:,} terminals; "
        f"a store {limits.CONFIGURATION_VERSIONS:,} versions of its configuration"
    ),
    "One account keeps of reports and configurations": (
        f"{limits.KEPT_BYTES // GIB} GiB, more than ten years of 2,000 terminals "
        "with a Z and an X of 5 KB a day"
    ),
    "Members of one company; companies of one member": f"{limits.MEMBERS}; {limits.MEMBERSHIPS}",
    "Open invitations of one company": (
        f"{limits.OPEN_INVITATIONS}, each good for {people_letters.INVITATION_DAYS} days"
    ),
    "Letters with an invitation": (
        f"{OPEN.invitations.tries} by one account, {OPEN.invitations_to_one.tries} to one e-mail; in a day"
    ),
    "Letters about members to the owners of one company": (
        f"of {limits.MEMBER_LETTERS.tries} changes in a day; the audit has all"
    ),
    "Contradicting reports of one account that nobody has settled": f"{limits.OPEN_CONFLICTS:,}",
    "New reports of one terminal, contradicting ones among them": (
        f"{limits.REPORTS.tries:,} at once, then one each {limits.REPORTS.cost_ms / 1000:.1f} s; "
        "a call that begins below that is taken whole"
    ),
    "Assignments, settlements, changes of names": (
        f"{limits.CHANGES.tries:,} by one account, or by one terminal, in a day"
    ),
    "Refusals noted in the audit": (
        f"{OPEN.refusals_of_account.tries} for one e-mail and {OPEN.refusals_of_network.tries} of one "
        f"network in {OPEN.refusals_of_network.seconds // 60} minutes, {OPEN.refusals.tries} in an hour; "
        f"those of {audit.FORGOTTEN.days} days ago go"
    ),
    "Log-ins and ends of sessions noted in the audit": (
        f"{OPEN.noted.tries} of one account and kind in an hour; those of {audit.FORGOTTEN.days} days ago go"
    ),
    "Figures of a company, or a range of days on a page": (
        f"{ranges.MOST_DAYS} days, and {ranges.MOST_STORE_DAYS:,} days of stores"
    ),
    "Sessions of one account": f"{limits.SESSIONS}",
    "Changes of a password, codes and confirmations asked for": (
        f"{OPEN.letters.tries} mails to one account in a day"
    ),
}


def test_the_page_tells_each_bound() -> None:
    table = PAGE.read_text("utf-8").partition("## What the server bounds")[2].partition("\n#")[0]
    told = dict(re.findall(r"^\| ([^|]*) \| ([^|]*) \| [^|]* \|$", table, re.MULTILINE))
    assert {what: told.get(what) for what in BOUNDS} == BOUNDS
    assert set(told) - set(BOUNDS) == {"What", "Codes and links typed"}
    assert (told["Codes and links typed"], OPEN.codes) == ("the same numbers", OPEN.log_ins)
    assert f"The last {limits.PLACES} networks from which" in PAGE.read_text("utf-8")


def test_the_page_says_how_far_a_clock_may_be_off() -> None:
    assert (codes.STEP_SECONDS, codes.EARLIER_OR_LATER) == (30, 1)
    assert "30 before and after" in PAGE.read_text("utf-8")
    assert closings.PAUSE.total_seconds() == 3600


def test_fewer_connections_to_postgresql_than_calls_at_once() -> None:
    lanes_together = (
        gate.PASSWORDS_AT_ONCE + gate.DOCUMENTS_AT_ONCE + gate.OTHERS_AT_ONCE + gate.CALLERS_AT_ONCE
    )
    assert postgresql.MOST_CONNECTIONS < lanes_together <= 40  # the threads of anyio
