"""The tables of reports, as `tables` has the others: Zs, which stay for ever, and the Xs of running days."""

from peewee import BigIntegerField, BlobField, CompositeKey, Model, TextField


class ZReport(Model):
    """What is known for ever of a Z report; its document is a `ZBody`."""

    id = TextField(primary_key=True)
    terminal_id = TextField()
    store_id = TextField()
    """The store that the report was sent for when it first arrived."""
    period_id = TextField()
    z_number = BigIntegerField()
    business_date = TextField()
    content_hash = TextField()
    received_at = TextField()
    days_off = BigIntegerField(null=True)
    """By how many days its dates differ from its arrival, where that is more than one (`dating`)."""

    class Meta:
        table_name = "z_report"


class ZBody(Model):
    """The document of a Z as it arrived. PostgreSQL keeps those of a month in a partition (`months`)."""

    business_date = TextField()
    report_id = TextField()
    document = BlobField()

    class Meta:
        table_name = "z_body"
        primary_key = CompositeKey("business_date", "report_id")


class BodyDrop(Model):
    """That the bodies of months before this one were dropped, because the host said so."""

    before = TextField(primary_key=True)
    """A month, `2024-01`."""
    dropped_at = TextField()
    bodies = BigIntegerField()
    """How many there were."""

    class Meta:
        table_name = "body_drop"


class XReport(Model):
    """The newest X report of a period; once that is closed, it makes room for the terminal's next one."""

    id = TextField(primary_key=True)
    terminal_id = TextField()
    store_id = TextField()
    period_id = TextField()
    revision = BigIntegerField()
    business_date = TextField()
    content_hash = TextField()
    document = BlobField()
    received_at = TextField()
    days_off = BigIntegerField(null=True)

    class Meta:
        table_name = "x_report"
