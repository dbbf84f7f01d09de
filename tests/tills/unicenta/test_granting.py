"""The statements of `till connect` make an account that reads a till, and can do nothing else."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from factorypos_tui.core.connecting.found import Access
from factorypos_tui.core.errors import TillError
from factorypos_tui.tills.unicenta.configuration import read_configuration
from factorypos_tui.tills.unicenta.connecting import hosts, last_closes
from factorypos_tui.tills.unicenta.facts import Facts
from factorypos_tui.tills.unicenta.granting import grants
from factorypos_tui.tills.unicenta.naming import read_names
from factorypos_tui.tills.unicenta.reading import Reader
from factorypos_tui.tills.unicenta.server import Server
from factorypos_tui.tills.unicenta.tables import Tables
from tests.support.unicenta.example import live_the_example
from tests.support.unicenta.shop import GENERATIONS, HOST, Generation, Shop, connect

PASSWORD = "of-the-reader"


@pytest.fixture
def account(shop: Shop) -> Iterator[str]:
    """The name of an account that nobody has; what becomes of it is taken away at the end."""
    name = f"reader_{uuid4().hex[:12]}"
    yield name
    if shop.is_mysql:
        shop.run(f"DROP USER IF EXISTS {name}@'%'")
    elif shop.run("SELECT 1 FROM pg_roles WHERE rolname = %s", name):
        shop.run(f"DROP OWNED BY {name}")
        shop.run(f"DROP ROLE {name}")


def as_account(shop: Shop, name: str) -> str:
    parts = urlsplit(shop.url)
    return f"{parts.scheme}://{name}@{parts.hostname}:{parts.port}{parts.path}"


def make_account(shop: Shop, name: str, without: str = "no table") -> Access:
    for statement in grants(Access("unicenta", shop.url), Path("none")):
        if f"{without} TO" in statement.replace("`", ""):
            continue
        own = re.sub(r"""(['"])factorypos\1""", rf"\1{name}\1", statement)
        own = own.replace("'...'", f"'{PASSWORD}'")
        with shop.connection.cursor() as cursor:
            cursor.execute(own)
    return Access("unicenta", as_account(shop, name), PASSWORD)


def test_an_account_made_like_this_reads_what_we_read(shop: Shop, account: str, tmp_path: Path) -> None:
    live_the_example(shop)
    reader = make_account(shop, account)
    assert [till.host for till in hosts(reader, tmp_path)] == [HOST]
    assert [close.total for close in last_closes(reader, tmp_path, HOST, "EUR", 2)] == [5409, 4711]
    assert grants(reader, tmp_path)[0].startswith("CREATE")
    names = read_names(tmp_path)
    with closing(Server(reader.address, PASSWORD)) as server, server.snapshot():
        tables = Tables(server, names)
        till = Reader(tables, HOST, ZoneInfo("Europe/Madrid"))
        running = till.period(till.open(), till.masters([till.open()]))
        assert (len(running.tickets), running.open_tickets) == (2, 1)
        assert till.revision()
        facts = Facts(HOST, "Bar", "ES", "EUR", "Europe/Madrid", "04:00", str(UUID(int=1)))
        assert len(read_configuration(tables, names.codes, facts).items) == 5


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT apppassword FROM people",
        "SELECT card FROM people",
        "SELECT * FROM people",
        "SELECT customer FROM tickets",
        "SELECT cardname FROM payments",
        "SELECT content FROM sharedtickets",
        "DELETE FROM payments",
        "UPDATE closedcash SET host = 'CAJA-9'",
        "DROP TABLE receipts",
        "CREATE TABLE ours (id int)",
    ],
)
def test_it_can_do_nothing_else(shop: Shop, account: str, sql: str) -> None:
    live_the_example(shop)
    reader = make_account(shop, account)
    url = reader.address.replace("@", f":{PASSWORD}@")
    with closing(connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM people")
        assert cursor.fetchall()
        with pytest.raises(Exception, match=r"denied|must be owner"):
            cursor.execute(sql)


@pytest.mark.parametrize("generation", GENERATIONS, ids=lambda it: it.name)
def test_the_statements_spell_the_tables_as_the_database_does(
    new_shop: Callable[..., Shop], generation: Generation, tmp_path: Path
) -> None:
    shop = new_shop(generation)
    said = "\n".join(grants(Access("unicenta", shop.url), tmp_path))
    closedcash, people = shop.spelled("{closedcash}"), shop.spelled("{people}")
    if shop.is_mysql:
        assert f".`{closedcash}` TO 'factorypos'@'%';" in said
        assert f".`{people}` TO" in said
    else:
        assert "GRANT SELECT (money, host, " in said
        assert ' ON closedcash TO "factorypos";' in said
    assert "apppassword" not in said.lower()
    assert "GRANT SELECT (" in said


def test_an_account_that_may_not_read_a_table_is_told_which(shop: Shop, account: str, tmp_path: Path) -> None:
    reader = make_account(shop, account, without="payments")
    with pytest.raises(TillError, match="may not read them: payments"):
        hosts(reader, tmp_path)


def test_a_wrong_password_is_told_in_words_and_never_repeated(
    shop: Shop, account: str, tmp_path: Path
) -> None:
    reader = make_account(shop, account)
    if not shop.is_mysql:
        pytest.skip("PostgreSQL lets everybody in from this machine: it asks for no password")
    with pytest.raises(TillError, match=f"does not let {account} in") as told:
        hosts(replace(reader, password="hunter2"), tmp_path)
    assert "hunter2" not in str(told.value)
