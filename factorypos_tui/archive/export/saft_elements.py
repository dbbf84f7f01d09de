"""The values of Norwegian SAF-T Cash Register 1.00: what fits into its elements, and its codes. Pure."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from factorypos_tui.archive.export.cells import one_line

NAMESPACE = "urn:StandardAuditFile-Taxation-CashRegister:NO"
LONGEST_ID = 35
MOST_COUNTED = 10**10 - 1
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CURRENCIES = (
    "AED AFA ALL AMD ANG AOA ARS AUD AWG AZM BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYR BZD CAD"
    " CDF CHF CLP CNY COP CRC CSD CUP CVE CYP CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GGP GHC"
    " GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS IMP INR IQD IRR ISK JEP JMD JOD JPY KES KGS KHR KMF KPW"
    " KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MTL MUR MVR MWK MXN MYR"
    " MZM NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR ROL RUR RWF SAR SBD SCR SDD SEK SGD SHP"
    " SIT SKK SLL SOS SPL SRD STD SVC SYP SZL THB TJS TMM TND TOP TRL TTD TVD TWD TZS UAH UGX USD UYU UZS VEB"
    " VND VUV WST XAF XCD XOF XPF YER ZAR ZMK ZWD ZZZ"
)
CURRENCIES = frozenset(_CURRENCIES.split())
"""Those that the format knows."""
EVENTS = {"X": ("13008", "X report"), "Z": ("13009", "Z report")}
PAYMENTS = {
    "cash": ("12001", "Cash"),
    "card": ("12999", "Card: whether debit or credit is not told"),
    "bank": ("12004", "Bank account"),
    "check": ("12009", "Check"),
    "store_credit": ("12010", "Credit note"),
    "mobile": ("12011", "Mobile phone apps"),
}
"""Type of a payment of ours -> the format's code, and its name."""
OTHER_PAYMENT = ("12999", "Other")
ON_ACCOUNT = "debt"
"""The type of what a customer pays later: a sale on credit, no cash sale."""


def element(name: str, content: object) -> str:
    """`<name>content</name>`; an element that is there has something in it."""
    text = _NO_XML.sub("\ufffd", str(content))
    return f"<{name}>{escape(text)}</{name}>"


def group(name: str, parts: Iterable[str]) -> str:
    """An element of elements; none where there are no parts, since the format knows no empty group."""
    inner = "".join(parts)
    return f"<{name}>{inner}</{name}>" if inner else ""


def identifier(text: str) -> str:
    """A code of ours in at most 35 characters; two codes never become one."""
    line = one_line(text) or "-"
    return line if line == text and len(line) <= LONGEST_ID else _cut(line, text)


def payment(kind: str) -> str:
    """The id of a type of payment; never that of an event, since the format has one list for both."""
    known = identifier(kind)
    return _cut(known, kind) if known in {code for code, _name in EVENTS.values()} else known


def _cut(line: str, text: str) -> str:
    return f"{line[:18]}-{hashlib.sha256(text.encode(errors='replace')).hexdigest()[:16]}"


def compact(uuid: str) -> str:
    """A UUID in 32 characters: with its hyphens it has 36, one too many."""
    return uuid.replace("-", "")


def text(words: str, longest: int) -> str:
    """A text in at most so many characters; never empty."""
    return one_line(words, longest).strip() or "-"


def quantity(decimal: str) -> str | None:
    """A quantity with at most six digits behind the point; None where the format has no place for it."""
    return _short(decimal, 14, 6)


def rate(decimal: str) -> str | None:
    """A rate in per cent; None where the format has no place for it."""
    short = _short(decimal, 5, 3)
    return None if short is None or short.startswith("-") else short


def _short(decimal: str, before: int, behind: int) -> str | None:
    """A number with no more digits before and behind the point than these."""
    value = Decimal(decimal)
    if abs(value) >= 10**before:
        return None
    if value.as_tuple().exponent not in range(-behind, 1):
        value = value.quantize(Decimal(1).scaleb(-behind))
    if not value:
        return "0"
    return format(value, "f") if abs(value) < 10**before else None


def local(instant: str, zone: str) -> tuple[str, str]:
    """Date and time of an instant in a time zone, whole seconds."""
    moment = datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))
    return moment.date().isoformat(), moment.strftime("%H:%M:%S")
