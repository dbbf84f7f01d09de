"""What FactoryCLOUD writes to people, in English and Spanish."""

from dataclasses import dataclass
from string import Template

RESET_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail in plain text."""

    to: str
    subject: str
    text: str


_SIGNED = "\n\nFactoryCLOUD\n"

_RESET = {
    "en": (
        "Choose a new password",
        "Hello $name,\n\nsomebody asked for a new password for this account. "
        "Your code, good for $minutes minutes:\n\n"
        "$code\n$link\nIf it was not you, do nothing: your password stays as it is.",
        "\nType it in FactoryPOS, or open this page:\n\n$url\n",
        "\nType it in FactoryPOS.\n",
    ),
    "es": (
        "Elige una contraseña nueva",
        "Hola, $name:\n\nalguien ha pedido una contraseña nueva para esta cuenta. "
        "Tu código, válido $minutes minutos:\n\n"
        "$code\n$link\nSi no has sido tú, no hagas nada: tu contraseña sigue siendo la misma.",
        "\nEscríbelo en FactoryPOS o abre esta página:\n\n$url\n",
        "\nEscríbelo en FactoryPOS.\n",
    ),
}

_CHANGED = {
    "en": (
        "Your password was changed",
        "Hello $name,\n\nyour password was changed and every session was ended. "
        "Terminals keep sending their reports.\n\n"
        "If it was not you, ask for a new password at once.",
    ),
    "es": (
        "Tu contraseña ha cambiado",
        "Hola, $name:\n\ntu contraseña ha cambiado y se han cerrado todas las sesiones. "
        "Los terminales siguen enviando sus informes.\n\n"
        "Si no has sido tú, pide una contraseña nueva enseguida.",
    ),
}

_CONFLICT = {
    "en": (
        "Two different reports for one close",
        "Hello $name,\n\nthe terminal $terminal of the store $store sent the report $report for $date, "
        "but another report already holds its place. Both are kept and your figures did not change: "
        "they count the first one.\n\n"
        "This happens when a till was restored from a copy or its disk was cloned. "
        "Show this mail to whoever looks after the till.\n\n"
        "Report: $report_id\nHash of the refused one: $content_hash",
    ),
    "es": (
        "Dos informes distintos para un mismo cierre",
        "Hola, $name:\n\nel terminal $terminal de la tienda $store ha enviado el informe $report del $date, "
        "pero otro informe ocupa ya su lugar. Se guardan los dos y tus cifras no cambian: "
        "cuentan el primero.\n\n"
        "Ocurre cuando se restaura una copia de la caja o se clona su disco. "
        "Enseña este correo a quien mantiene la caja.\n\n"
        "Informe: $report_id\nHash del rechazado: $content_hash",
    ),
}


def password_reset(to: str, name: str, language: str, code: str, public_url: str | None) -> Letter:
    """The code, and the page to use it on where the operator named a public address."""
    subject, text, with_page, without = _RESET[_spoken(language)]
    link = Template(with_page).substitute(url=f"{public_url}/reset#{code}") if public_url else without
    values = {"name": _one_line(name), "code": code, "minutes": str(RESET_MINUTES), "link": link}
    return Letter(to, subject, Template(text).substitute(values) + _SIGNED)


def password_changed(to: str, name: str, language: str) -> Letter:
    subject, text = _CHANGED[_spoken(language)]
    return Letter(to, subject, Template(text).substitute(name=_one_line(name)) + _SIGNED)


def report_conflict(to: str, language: str, values: dict[str, str]) -> Letter:
    """`values`: name, terminal, store, report, date, report_id, content_hash."""
    subject, text = _CONFLICT[_spoken(language)]
    plain = {name: _one_line(value) for name, value in values.items()}
    return Letter(to, subject, Template(text).substitute(plain) + _SIGNED)


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _spoken(language: str) -> str:
    return "es" if language.lower().startswith("es") else "en"
