"""Where accounts were logged in, and the migration of sessions, of a page or of the API: never edited once on
main."""

from peewee import CompositeKey, Database, Model, SqliteDatabase, TextField

from factorypos_tui.server.storage.database import run_sql


class KnownPlace(Model):
    """A network from which an account has logged in."""

    account_id = TextField()
    network = TextField()
    seen_at = TextField()

    class Meta:
        table_name = "known_place"
        primary_key = CompositeKey("account_id", "network")


def sessions_are_of_a_page_or_of_the_api(database: Database) -> None:
    """Of those that are there only a terminal's are known to be of the API. The others count as of a page: a
    program whose log-in it was logs in again, which it does every 8 hours anyway."""
    if isinstance(database, SqliteDatabase):
        run_sql(database, "ALTER TABLE session ADD COLUMN on_page INTEGER NOT NULL DEFAULT 1")
        run_sql(database, "UPDATE session SET on_page = 0 WHERE terminal_id IS NOT NULL")
    else:
        run_sql(database, "ALTER TABLE session ADD COLUMN on_page BOOLEAN NOT NULL DEFAULT TRUE")
        run_sql(database, "UPDATE session SET on_page = FALSE WHERE terminal_id IS NOT NULL")
