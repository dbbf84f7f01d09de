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


class Session(Model):
    token_hash = TextField(primary_key=True)
    account_id = TextField()
    created_at = TextField()
    expires_at = TextField()


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


class Company(Model):
    id = TextField(primary_key=True)
    account_id = TextField()
    name = TextField()
    tax_id = TextField(null=True)
    country = TextField()
    currency = TextField()
    created_at = TextField()


class Store(Model):
    id = TextField(primary_key=True)
    company_id = TextField()
    name = TextField()
    address = TextField(null=True)
    timezone = TextField()
    created_at = TextField()


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


class Report(Model):
    id = TextField(primary_key=True)
    terminal_id = TextField()
    store_id = TextField()
    """The store that the report was sent for when it first arrived."""
    kind = TextField()
    period_id = TextField()
    z_number = BigIntegerField(null=True)
    revision = BigIntegerField()
    business_date = TextField()
    content_hash = TextField()
    document = BlobField()
    received_at = TextField()
    days_off = BigIntegerField(null=True)
    """By how many days its dates differ from its arrival, where that is more than one (`dating`)."""


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
    """Who did what, and when. Rows are only added."""

    id = BigAutoField()
    at = TextField()
    actor = TextField()
    action = TextField()
    subject = TextField()

    class Meta:
        table_name = "audit_entry"
