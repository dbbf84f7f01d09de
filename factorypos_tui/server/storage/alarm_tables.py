"""The tables of alarms and of the mails about them, as `tables` has the others."""

from peewee import BigIntegerField, BooleanField, CompositeKey, IntegerField, Model, TextField


class Alarm(Model):
    """One turn: something is wrong from `began_at` to `ended_at`. What a terminal has of one kind and subject
    is open once at most: a unique index says so."""

    id = TextField(primary_key=True)
    store_id = TextField()
    terminal_id = TextField()
    kind = TextField()
    subject = TextField()
    """What tells the alarms of one kind apart, such as the number of a Z; may be empty."""
    began_at = TextField()
    ended_at = TextField(null=True)
    accepted_at = TextField(null=True)
    """When a person said that it is known. It still ends by itself, and no mail tells of it any more."""
    facts = TextField()
    """JSON, see `domain.alarms.turns.Facts`."""


class AlarmNotice(Model):
    """An alarm that an account was told of, and of its end."""

    alarm_id = TextField()
    account_id = TextField()
    noticed_at = TextField()
    cleared_at = TextField(null=True)

    class Meta:
        table_name = "alarm_notice"
        primary_key = CompositeKey("alarm_id", "account_id")


class TerminalWatch(Model):
    """How a terminal is watched. Null for hours: nobody has set them."""

    terminal_id = TextField(primary_key=True)
    looked_at = TextField(default="")
    """Reports of before are judged."""
    due_at = TextField(default="")
    """When it is looked at though nothing has arrived."""
    period_hours = IntegerField(null=True)
    grace_hours = IntegerField(null=True)
    late_at = TextField(null=True)
    """When it is late if nothing is heard of it; null where it never is."""
    may_skip = BooleanField(default=False)
    """Whether its program leaves out Z numbers, so that a missing one is no alarm."""

    class Meta:
        table_name = "terminal_watch"


class StoreWatch(Model):
    store_id = TextField(primary_key=True)
    cash_limit = BigIntegerField()
    """How much the cash may be over or short, in minor units."""

    class Meta:
        table_name = "store_watch"


class MailWish(Model):
    """What an account wants to be mailed. Without a row: alarms, and no days."""

    account_id = TextField(primary_key=True)
    alarms = BooleanField()
    day_at = TextField(null=True)
    """`HH:MM` in the zone of each store: when the mail of a day leaves at the latest. Null: no such mail."""

    class Meta:
        table_name = "mail_wish"


class DayMail(Model):
    """The mail of a store's day that an account got."""

    account_id = TextField()
    store_id = TextField()
    business_date = TextField()
    sent_at = TextField()

    class Meta:
        table_name = "day_mail"
        primary_key = CompositeKey("account_id", "store_id", "business_date")


class AlarmRound(Model):
    """When a server last looked at its terminals, and since when it has done so without a long pause. One
    row."""

    name = TextField(primary_key=True)
    at = TextField()
    since = TextField()

    class Meta:
        table_name = "alarm_round"
