"""The tables of the second factor, and their migration: never edited once on main."""

from peewee import BigIntegerField, CompositeKey, Database, Model, TextField

from factorypos_tui.server.storage.database import run_sql


class AuthenticatorApp(Model):
    """The app that shows the codes of an account: one at most."""

    account_id = TextField(primary_key=True)
    secret = TextField()
    """In base 32. It is shown while the app is set up, and never again."""
    last_step = BigIntegerField()
    """The newest step whose code was used: no code counts twice."""
    added_at = TextField()

    class Meta:
        table_name = "authenticator_app"


class Passkey(Model):
    """A key of an account, in a phone, a computer or a stick."""

    id = TextField(primary_key=True)
    account_id = TextField()
    credential_id = TextField()
    """What the device calls it, in base64url."""
    public_key = TextField()
    """In COSE, in base64url."""
    sign_count = BigIntegerField()
    """How often the device says that it was used; devices that do not count say 0."""
    name = TextField()
    added_at = TextField()
    used_at = TextField(null=True)


class RecoveryCode(Model):
    """A code that was not used yet; the code itself is kept nowhere."""

    account_id = TextField()
    code_hash = TextField()

    class Meta:
        table_name = "recovery_code"
        primary_key = CompositeKey("account_id", "code_hash")


class SecondStep(Model):
    """A log-in whose password was right, and that waits for the second factor: nobody is logged in by it."""

    token_hash = TextField(primary_key=True)
    account_id = TextField()
    expires_at = TextField()
    tries = BigIntegerField(default=0)

    class Meta:
        table_name = "second_step"


class PasskeyChallenge(Model):
    """What a passkey has to sign, once, for one session or one log-in that waits."""

    holder = TextField(primary_key=True)
    """The hash of the token of the session or of the log-in."""
    challenge = TextField()
    """In base64url."""
    expires_at = TextField()

    class Meta:
        table_name = "passkey_challenge"


def accounts_have_a_second_factor(database: Database) -> None:
    of_account = "account_id TEXT NOT NULL REFERENCES account(id)"
    for statement in (
        "CREATE TABLE authenticator_app (account_id TEXT NOT NULL PRIMARY KEY REFERENCES account(id),"
        " secret TEXT NOT NULL, last_step BIGINT NOT NULL, added_at TEXT NOT NULL)",
        f"CREATE TABLE passkey (id TEXT NOT NULL PRIMARY KEY, {of_account},"
        " credential_id TEXT NOT NULL, public_key TEXT NOT NULL, sign_count BIGINT NOT NULL,"
        " name TEXT NOT NULL, added_at TEXT NOT NULL, used_at TEXT)",
        "CREATE UNIQUE INDEX passkey_credential ON passkey (credential_id)",
        "CREATE INDEX passkey_of_account ON passkey (account_id)",
        f"CREATE TABLE recovery_code ({of_account}, code_hash TEXT NOT NULL,"
        " PRIMARY KEY (account_id, code_hash))",
        f"CREATE TABLE second_step (token_hash TEXT NOT NULL PRIMARY KEY, {of_account},"
        " expires_at TEXT NOT NULL, tries BIGINT NOT NULL)",
        "CREATE INDEX second_step_of_account ON second_step (account_id)",
        "CREATE INDEX second_step_expires_at ON second_step (expires_at)",
        "CREATE TABLE passkey_challenge (holder TEXT NOT NULL PRIMARY KEY, challenge TEXT NOT NULL,"
        " expires_at TEXT NOT NULL)",
        "CREATE INDEX passkey_challenge_expires_at ON passkey_challenge (expires_at)",
    ):
        run_sql(database, statement)


def companies_ask_for_a_second_factor(database: Database) -> None:
    run_sql(database, "ALTER TABLE company ADD COLUMN second_factor_from TEXT NOT NULL DEFAULT 'nobody'")
