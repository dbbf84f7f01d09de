"""Bar Maritim: the seaside bar of the demo and of `till init --catalogue demo`."""

from datetime import datetime
from pathlib import Path

from factorypos_tui.core.configuration.configuration import (
    CompanyData,
    Configuration,
    Department,
    Item,
    PaymentMethod,
    PriceLevel,
    Tax,
    User,
)
from factorypos_tui.tills.bundled.opening import open_till

_COMPANY = CompanyData("Bar Maritim, S.L.", "B12345674", "Passeig Marítim 12", "Barcelona", "ES", "EUR")
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
_PRICE_LEVELS = (("BARRA", "Bar"), ("TERRAZA", "Terrace"))
_PAYMENT_METHODS = (
    ("CASH", "Cash", "cash"),
    ("CARD", "Card", "card"),
    ("TICKET", "Restaurant ticket", "restaurant_ticket"),
)
_USERS = (("1", "Ana"), ("2", "Jordi"), ("3", "Lucía"), ("4", "Marc"), ("99", "Practice", True))
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
OPENING_FLOAT = 15_000
"""What is in the drawer when a day begins, in cents."""


DEMO_BAR = Configuration(
    company=_COMPANY,
    departments=[Department(*row) for row in _DEPARTMENTS],
    taxes=[Tax(*row) for row in _TAXES],
    price_levels=[PriceLevel(*row) for row in _PRICE_LEVELS],
    payment_methods=[PaymentMethod(*row) for row in _PAYMENT_METHODS],
    users=[User(*row) for row in _USERS],
    items=[
        Item(code, name, department, tax, {"BARRA": bar, "TERRAZA": terrace})
        for code, name, department, tax, bar, terrace in _ITEMS
    ],
)


def open_demo_bar(path: Path, *, now: datetime, name: str, timezone: str = "Europe/Madrid") -> None:
    """Make `path` the bar's till and open its first period at `now`; raises as `open_till` does."""
    open_till(path, DEMO_BAR, now=now, name=name, timezone=timezone, opening_float=OPENING_FLOAT)
