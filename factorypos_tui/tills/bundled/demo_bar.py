"""Bar Maritim: the seaside bar that `till init` and the demo set up, and how a till is started with it."""

import json
import uuid
from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from factorypos_tui.core.errors import TillError, UsageError
from factorypos_tui.core.language import _
from factorypos_tui.core.storage.database import Database
from factorypos_tui.tills.bundled.periods import open_first
from factorypos_tui.tills.bundled.till_database import TillDatabase

_COMPANY = ("Bar Maritim, S.L.", "B12345674", "Passeig Marítim 12", "Barcelona", "ES")
_DEPARTMENTS = (
    ("CAFES", "Coffee and tea"),
    ("REFRESCOS", "Soft drinks"),
    ("CERVEZAS", "Beer"),
    ("VINOS", "Wine and vermouth"),
    ("COPAS", "Spirits and cocktails"),
    ("BOLLERIA", "Pastry"),
    ("BOCADILLOS", "Sandwiches"),
    ("TAPAS", "Tapas"),
    ("PLATOS", "Dishes"),
    ("POSTRES", "Desserts"),
    ("TIENDA", "Shop"),
)
_TAXES = (("IVA10", "IVA 10 %", "10"), ("IVA21", "IVA 21 %", "21"))
_PRICE_LEVELS = (("BARRA", "Bar", 1), ("TERRAZA", "Terrace", 2))
_PAYMENT_METHODS = (
    ("CASH", "Cash", "cash"),
    ("CARD", "Card", "card"),
    ("TICKET", "Restaurant ticket", "restaurant_ticket"),
)
_USERS = (("1", "Ana", 0), ("2", "Jordi", 0), ("3", "Lucía", 0), ("4", "Marc", 0), ("99", "Practice", 1))
# code, name, department, tax, price at the bar, price on the terrace
_ITEMS = (
    ("CAFE", "Café solo", "CAFES", "IVA10", 140, 170),
    ("CORTADO", "Cortado", "CAFES", "IVA10", 150, 180),
    ("CONLECHE", "Café con leche", "CAFES", "IVA10", 170, 200),
    ("CARAJILLO", "Carajillo", "CAFES", "IVA10", 230, 260),
    ("TE", "Té", "CAFES", "IVA10", 170, 200),
    ("CHOCOLATE", "Chocolate a la taza", "CAFES", "IVA10", 280, 310),
    ("AGUA", "Agua 50 cl", "REFRESCOS", "IVA10", 160, 190),
    ("AGUAGAS", "Agua con gas", "REFRESCOS", "IVA10", 190, 220),
    ("COLA", "Refresco de cola", "REFRESCOS", "IVA21", 240, 270),
    ("NARANJA", "Refresco de naranja", "REFRESCOS", "IVA21", 240, 270),
    ("TONICA", "Tónica", "REFRESCOS", "IVA21", 250, 280),
    ("ZUMO", "Zumo de naranja natural", "REFRESCOS", "IVA10", 320, 350),
    ("CANA", "Caña", "CERVEZAS", "IVA10", 190, 230),
    ("DOBLE", "Doble de cerveza", "CERVEZAS", "IVA10", 310, 350),
    ("CLARA", "Clara con limón", "CERVEZAS", "IVA10", 200, 240),
    ("TERCIO", "Tercio de cerveza", "CERVEZAS", "IVA10", 280, 320),
    ("SIN", "Cerveza sin alcohol", "CERVEZAS", "IVA10", 260, 300),
    ("VERMUT", "Vermut de la casa", "VINOS", "IVA10", 320, 360),
    ("TINTO", "Copa de vino tinto", "VINOS", "IVA10", 290, 330),
    ("BLANCO", "Copa de vino blanco", "VINOS", "IVA10", 290, 330),
    ("CAVA", "Copa de cava", "VINOS", "IVA10", 350, 390),
    ("SANGRIA", "Jarra de sangría", "VINOS", "IVA10", 1450, 1600),
    ("GINTONIC", "Gin-tonic", "COPAS", "IVA10", 850, 950),
    ("MOJITO", "Mojito", "COPAS", "IVA10", 800, 900),
    ("RON", "Ron con cola", "COPAS", "IVA10", 750, 850),
    ("CROISSANT", "Cruasán", "BOLLERIA", "IVA10", 180, 210),
    ("ENSAIMADA", "Ensaimada", "BOLLERIA", "IVA10", 240, 270),
    ("TOSTADA", "Tostada con tomate", "BOLLERIA", "IVA10", 260, 300),
    ("BJAMON", "Bocadillo de jamón", "BOCADILLOS", "IVA10", 520, 580),
    ("BTORTILLA", "Bocadillo de tortilla", "BOCADILLOS", "IVA10", 450, 500),
    ("BIKINI", "Bikini", "BOCADILLOS", "IVA10", 420, 470),
    ("BRAVAS", "Patatas bravas", "TAPAS", "IVA10", 560, 620),
    ("OLIVAS", "Aceitunas", "TAPAS", "IVA10", 250, 290),
    ("BOQUERON", "Boquerones en vinagre", "TAPAS", "IVA10", 620, 690),
    ("CALAMARES", "Calamares a la romana", "TAPAS", "IVA10", 950, 1050),
    ("CROQUETAS", "Croquetas (4)", "TAPAS", "IVA10", 680, 740),
    ("GAMBAS", "Gambas al kilo", "TAPAS", "IVA10", 6800, 7200),
    ("MENU", "Menú del día", "PLATOS", "IVA10", 1490, 1650),
    ("PAELLA", "Paella", "PLATOS", "IVA10", 1650, 1800),
    ("FIDEUA", "Fideuà", "PLATOS", "IVA10", 1550, 1700),
    ("SEPIA", "Sepia a la plancha", "PLATOS", "IVA10", 1350, 1500),
    ("FLAN", "Flan de la casa", "POSTRES", "IVA10", 420, 470),
    ("CREMA", "Crema catalana", "POSTRES", "IVA10", 480, 530),
    ("HELADO", "Helado", "POSTRES", "IVA10", 350, 390),
    ("CAMISETA", "Camiseta Bar Maritim", "TIENDA", "IVA21", 1500, 1500),
)
_OPENING_FLOAT = 15_000


def open_demo_bar(path: Path, *, now: datetime, name: str, timezone: str = "Europe/Madrid") -> None:
    """Make `path` the bar's till and open its first period at `now`.

    Raises `TillError` where there is a till already, `UsageError` for an unusable name or time zone."""
    if timezone not in available_timezones():
        raise UsageError(
            _("{name} is not a time zone. Write it like Europe/Madrid.").format(name=timezone[:40])
        )
    if not name.isprintable() or not 1 <= len(name) <= 100 or name != name.strip():
        raise UsageError(_("A terminal name is 1 to 100 printable characters."))
    database = TillDatabase(path)
    with database.connection(), database.transaction():
        if database.value("SELECT COUNT(*) FROM terminal"):
            raise TillError(_("There is a till already at {file}. It was not touched.").format(file=path))
        database.execute(
            "INSERT INTO terminal (one, id, name, wizard_finished, licence, timezone, opening_float,"
            " currency) VALUES (1, ?, ?, 1, ?, ?, ?, 'EUR')",
            str(uuid.uuid4()),
            name,
            json.dumps({"configuration_upload": True}),
            timezone,
            _OPENING_FLOAT,
        )
        database.execute(
            "INSERT INTO company (one, name, tax_id, address, city, country) VALUES (1, ?, ?, ?, ?, ?)",
            *_COMPANY,
        )
        _fill_catalogue(database)
        open_first(database, now)


def _fill_catalogue(database: Database) -> None:
    for sql, rows in (
        ("INSERT INTO departments (code, name) VALUES (?, ?)", _DEPARTMENTS),
        ("INSERT INTO taxes (code, name, rate) VALUES (?, ?, ?)", _TAXES),
        ("INSERT INTO price_levels (code, name, position) VALUES (?, ?, ?)", _PRICE_LEVELS),
        ("INSERT INTO payment_methods (code, name, type) VALUES (?, ?, ?)", _PAYMENT_METHODS),
        ("INSERT INTO users (code, name, training) VALUES (?, ?, ?)", _USERS),
    ):
        for row in rows:
            database.execute(sql, *row)
    for code, name, department, tax, bar, terrace in _ITEMS:
        database.execute(
            "INSERT INTO items (code, name, department, tax) VALUES (?, ?, ?, ?)", code, name, department, tax
        )
        database.execute(
            "INSERT INTO prices (item, price_level, amount) VALUES (?, 'BARRA', ?), (?, 'TERRAZA', ?)",
            code,
            bar,
            code,
            terrace,
        )
