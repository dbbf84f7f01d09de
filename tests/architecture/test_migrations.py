"""A migration that was on main once stays as it is: files of that version are out there."""

import hashlib
import inspect
from collections.abc import Sequence

import pytest

from factorypos_tui.core.storage import sync_db
from factorypos_tui.server.storage import migrations as cloud_db
from factorypos_tui.tills import frozen
from factorypos_tui.tills.bundled import till_database

HELD: dict[str, tuple[str, ...]] = {
    "sync.db": (
        "c0825f15c65a",
        "ac005d0780e4",
        "1947275b679a",
        "f610f9d7c36a",
        "b2f528145df0",
        "baf7758efd9e",
        "679b996477f1",
        "3ef9a8def0bc",
        "a42c7b18f577",
        "4e3654711668",
        "1b4d8d4edee8",
        "20a86948d65d",
        "fd042ea7e6cf",
        "1b7d0a7435d8",
        "03f5a7ef87fe",
    ),
    "cloud.db": (
        "c7d6e6c880bb",
        "8d3825116b7c",
        "0f193651abaa",
        "c0024d5074ff",
        "740c10176088",
        "b0813c144114",
        "130916de7ac6",
        "5f1fbbdad658",
        "34bdea85d74b",
        "6f96cab185e7",
        "0391f05bbc72",
        "7f2e6b1eba65",
        "cc6db60be5c7",
        "d638eb5158b9",
        "e0bcbb33c52a",
        "f778e91133d0",
        "af3103706801",
        "c79460ad5892",
        "294f2e5ea892",
        "dd50cf360ad4",
        "e69c5438ee18",
        "493219dd7d04",
        "2a399de77cf7",
        "04ffbcb45c6c",
        "614eb5769de8",
        "cff260231535",
        "4141d16fcdbc",
        "42446161301f",
        "5c9de164b6ec",
        "5a6e9f3877d6",
        "ad8f3d9ce113",
        "51caf64e2df9",
        "7d2563c7318e",
        "a5cc8ee066f9",
        "7f164ff437df",
        "8441a472c141",
        "f9db3f54c4d4",
        "c28e208c5222",
    ),
    "till.db": (
        "0f047ba9fe18",
        "f668cb124e69",
    ),
    "frozen.db": ("de5857ae4dda", "39c8626bdb36", "d4eef3970731", "917cde785099"),
}
"""The first letters of the hash of each migration, in their order."""


def digest(migration: str) -> str:
    return hashlib.sha256(migration.encode()).hexdigest()[:12]


MIGRATIONS: dict[str, Sequence[str]] = {
    "sync.db": sync_db.MIGRATIONS,
    "till.db": till_database.MIGRATIONS,
    "frozen.db": frozen.MIGRATIONS,
    "cloud.db": [
        cloud_db.FIRST_TABLES
        + inspect.getsource(cloud_db.audit_only_grows)
        + inspect.getsource(cloud_db.begin),
        *(inspect.getsource(migration) for migration in cloud_db.MIGRATIONS[1:]),
    ],
}


@pytest.mark.parametrize("name", MIGRATIONS)
def test_no_migration_is_edited(name: str) -> None:
    migrations = MIGRATIONS[name]
    for number, (migration, held) in enumerate(zip(migrations, HELD[name], strict=False), 1):
        assert digest(migration) == held, (
            f"Migration {number} of {name} was edited or moved. Files of version {number} are in use, and "
            "none of them would ever see the change. Put it back as it was, and append a migration that "
            "changes what you want changed."
        )
    new = [digest(migration) for migration in migrations[len(HELD[name]) :]]
    assert new == [], f"Hold the new migrations of {name}: append these to HELD, and never edit them again."
    assert len(migrations) == len(HELD[name]), f"A migration of {name} is gone. Put it back."
