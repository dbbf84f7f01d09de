"""The columns of the tables. `migrations` makes them, with their keys and indexes.

Ids and instants are text: canonical UUIDs; RFC 3339 UTC in milliseconds, so it sorts.

The classes hold no database; each query is given the one to run on, so two servers share nothing."""

from peewee import (
    BigAutoField,
    BigIntegerField,
    BlobField,
    BooleanField,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)


class SchemaVersion(Model):
    version = IntegerField(primary_key=True)

    class Meta:
        table_name = "schema_version"


class Account(Model):
    id = TextField(primary_key=True)
    email = TextField()
    email_key = TextField()
    """The e-mail in the form in which it is compared: case does not count."""
    name = TextField()
    language = TextField()
    password_hash = TextField()
    created_at = TextField()
    disabled_at = TextField(null=True)
    confirmed_at = TextField(null=True)
    """When it was known that its person reads the mails to `email`; until then it gets hardly any."""
    kept_bytes = BigIntegerField(default=0)
    """Versions of configurations, and reports of terminals that are another account's now."""
    told_full_at = TextField(null=True)
    """When it was told that no more of what contradicts others is kept; none once some is kept again."""


class Session(Model):
    token_hash = TextField(primary_key=True)
    account_id = TextField()
    created_at = TextField()
    expires_at = TextField()
    network = TextField(default="")
    """Where the person logged in; empty for sessions of before this was kept."""
    device = TextField(default="")
    """What the program that logged in called itself."""
    proved_until = TextField(null=True)
    """Until when what cannot be taken back may be done without asking again who it is."""
    code_hash = TextField(null=True)
    """Of the code that was mailed to prove it."""
    code_until = TextField(null=True)
    code_tries = IntegerField(default=0)
    terminal_id = TextField(null=True)
    """The terminal whose program logged in; null for browsers and others."""
    on_page = BooleanField(default=True)
    """Whether a browser logged in on a page. Its token opens pages, and no call of the API: what cannot be
    taken back wants a proof on a page."""


class Bucket(Model):
    """Tries of one kind, of one caller or for one account (`buckets`)."""

    key = TextField(primary_key=True)
    empty_at = BigIntegerField()
    """Milliseconds since 1970."""


class PasswordReset(Model):
    """A mail on its way to a new password: its link holds the token, and its code can be typed."""

    token_hash = TextField(primary_key=True)
    account_id = TextField()
    expires_at = TextField()
    code_hash = TextField(null=True)
    tries = IntegerField(default=0)
    """How often a code was tried; uses of the link do not count."""

    class Meta:
        table_name = "password_reset"


class Confirmation(Model):
    """A mail on its way to a confirmed e-mail: its link holds the token."""

    token_hash = TextField(primary_key=True)
    account_id = TextField()
    expires_at = TextField()


class StoredLetter(Model):
    """A letter on its way, or what is left of one. Its text may hold a secret: it is gone once it ended."""

    id = TextField(primary_key=True)
    account_id = TextField()
    kind = TextField()
    recipient = TextField()
    subject = TextField()
    text = TextField(null=True)
    state = TextField()
    """`waiting`, `sent` or `given_up`."""
    created_at = TextField()
    due_at = TextField()
    """When it is tried next; while a server has it in hand, when another one may take it."""
    expires_at = TextField()
    """When it is too late to send it."""
    tries = IntegerField(default=0)
    cause = TextField(null=True)
    """Why it did not leave at the last try."""
    ended_at = TextField(null=True)

    class Meta:
        table_name = "letter"


class Company(Model):
    id = TextField(primary_key=True)
    account_id = TextField()
    name = TextField()
    tax_id = TextField(null=True)
    country = TextField()
    currency = TextField()
    created_at = TextField()
    closed_at = TextField(null=True)
    """When an owner closed it; all of it is deleted some time later (`domain.closing`)."""
    second_factor_from = TextField(default="nobody")
    """The lowest role (a word of `domain.members.Role`) that needs a second factor, or `nobody`."""


class Store(Model):
    id = TextField(primary_key=True)
    company_id = TextField()
    name = TextField()
    address = TextField(null=True)
    timezone = TextField()
    created_at = TextField()
    closed_weekdays = TextField(default="")
    """Digits of ISO weekdays, 1 for Monday to 7 for Sunday, in order: when no report is to be missed."""
    keep_years = IntegerField(null=True)
    """Full years after that of its business date for which a document of a Z stays; null: for ever."""
    dropped_before = TextField(default="")
    """The month, `2020-01`, before which documents of its Zs were dropped; empty where none were."""


class Terminal(Model):
    id = TextField(primary_key=True)
    account_id = TextField()
    store_id = TextField()
    name = TextField()
    software = TextField()
    may_upload = BooleanField(default=False)
    """Whether it may replace the store's configuration once there is one."""
    assigned_at = TextField()
    revoked_at = TextField(null=True)
    released_at = TextField(null=True)
    """When its account released it; since then any account may assign it."""
    reported_at = TextField(null=True)
    """When reports last arrived. Writing it also makes the senders of one terminal wait for each other."""
    empty_at = BigIntegerField(default=0)
    """The bucket of its new reports, in milliseconds since 1970, as in `Bucket`."""
    kept_bytes = BigIntegerField(default=0)
    """What its account keeps of it."""


class TerminalState(Model):
    """What a terminal said of itself last; what it left out is null."""

    terminal_id = TextField(primary_key=True)
    told_at = TextField()
    pending = BigIntegerField(null=True)
    sending = BigIntegerField(null=True)
    attention = BigIntegerField(null=True)
    delivered = BigIntegerField(null=True)
    oldest_pending_s = BigIntegerField(null=True)
    last_z_number = BigIntegerField(null=True)
    clock_offset_s = BigIntegerField(null=True)
    software = TextField(null=True)
    sender = TextField(null=True)
    findings = TextField(null=True)
    """JSON; null where there are none."""
    leaves_out_numbers = BooleanField(null=True)

    class Meta:
        table_name = "terminal_state"


class Placement(Model):
    """A store that a terminal was assigned to. Rows are only added: the terminal may send reports for each of
    them."""

    terminal_id = TextField()
    store_id = TextField()
    assigned_at = TextField()

    class Meta:
        primary_key = CompositeKey("terminal_id", "store_id", "assigned_at")


class TerminalToken(Model):
    token_hash = TextField(primary_key=True)
    terminal_id = TextField()
    issued_at = TextField()
    revoked_at = TextField(null=True)

    class Meta:
        table_name = "terminal_token"


class DayShare(Model):
    """What a report adds to the figures of its day. Only reports that count have one: every Z, and the X of a
    period whose Z is not here."""

    report_id = TextField(primary_key=True)
    store_id = TextField()
    business_date = TextField()
    share = BlobField()
    """JSON, see `documents.share`."""

    class Meta:
        table_name = "day_share"


class Conflict(Model):
    """A report whose place another report has. It is kept for the owner, who may let it count instead."""

    terminal_id = TextField()
    content_hash = TextField()
    report_id = TextField()
    document = BlobField()
    received_at = TextField()
    held_id = TextField(null=True)
    """The report that has the place; all conflicts about that place are settled together."""
    stood_until = TextField(null=True)
    """When it lost its place because the owner chose another report."""
    settled_at = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("terminal_id", "content_hash")


class Configuration(Model):
    """One uploaded version; the highest `version` of a store is the current one."""

    store_id = TextField()
    version = BigIntegerField()
    etag = TextField()
    document = BlobField()
    uploaded_at = TextField()
    account_id = TextField(null=True)
    terminal_id = TextField(null=True)

    class Meta:
        primary_key = CompositeKey("store_id", "version")


class FirstAnswer(Model):
    """The first answer to an Idempotency-Key."""

    scope = TextField()
    key_hash = TextField()
    fingerprint = TextField()
    answer = TextField()
    created_at = TextField()

    class Meta:
        table_name = "first_answer"
        primary_key = CompositeKey("scope", "key_hash")


class AuditEntry(Model):
    """Who did what, and when. Rows are added, never changed, and deleted when they are old."""

    id = BigAutoField()
    at = TextField()
    actor = TextField()
    action = TextField()
    subject = TextField()
    company_id = TextField(null=True)
    """The company that it is about; null where it is about none, and in entries of before this was kept."""
    network = TextField(null=True)
    """From where it was done; null where that is not known."""
    device = TextField(null=True)
    """What the program that did it called itself; null where that is not known."""

    class Meta:
        table_name = "audit_entry"
