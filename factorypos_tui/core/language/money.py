"""Money as integers in minor units, and our rounding rules.

1. A line is worth quantity times unit price, rounded half away from zero to the minor unit.
2. Prices include tax. Tax is taken out once per receipt and tax rate, from the sum of that rate's lines:
   base = amount * 100 / (100 + rate), rounded half away from zero; tax is what remains.
3. A discount on a whole receipt is shared over its lines in proportion to their amounts; what integer
   division leaves goes, one minor unit each, to the largest remainders first.
4. A report adds what receipts say; it rounds nothing again."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from factorypos_tui.core.language import decimal_mark, format_decimal

CURRENCY_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
"""ISO 4217 currencies whose minor unit is not a hundredth -> digits after the decimal mark."""
_ISO_4217 = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD"
    " CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF"
    " GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK"
    " LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD"
    " OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN"
    " SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG"
    " XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_ISO_4217.split())
"""Every currency of ISO 4217 that people pay with."""
MOST_COUNTED = 10**12
"""The most cash that a drawer can be said to hold, in minor units."""


def currency_exponent(currency: str) -> int:
    """Digits after the decimal mark in `currency` (ISO 4217 code)."""
    return CURRENCY_EXPONENTS.get(currency, 2)


def format_money(amount: int, currency: str) -> str:
    """`120450, "EUR"` as `1,204.50 EUR`, in the operator's language."""
    return f"{format_decimal(amount, currency_exponent(currency))} {currency}"


def read_money(typed: str, currency: str) -> int | None:
    """An amount of `currency` as people type it, in minor units: `1204.5`, `1,204.50` and `1.204,50` are
    120450 EUR cents. None where it is none, or more than any drawer holds.

    Point and comma both part thousands or decimals. Where one of them could be either, it is what it is in
    the operator's language."""
    exponent, text = currency_exponent(currency), "".join(typed.upper().split()).removesuffix(currency)
    marks = decimal_mark() if re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", text) else ".,"
    decimals = rf"(?:(?!\2)[{marks}]([0-9]{{1,{exponent}}}))?" if exponent else "()"
    whole = r"[0-9]{1,13}|[0-9]{1,3}([.,])[0-9]{3}(?:\2[0-9]{3})*"
    found = re.fullmatch(f"({whole}){decimals}", text)
    if found is None:
        return None
    amount = int(re.sub("[.,]", "", found[1]) + (found[3] or "").ljust(exponent, "0"))
    return amount if amount <= MOST_COUNTED else None


def line_amount(quantity: Decimal, unit_price: int) -> int:
    """What `quantity` at `unit_price` costs (rule 1)."""
    return _round(quantity * unit_price)


def split_tax(amount: int, rate: Decimal) -> tuple[int, int]:
    """(base, tax) contained in `amount` at `rate` per cent (rule 2)."""
    base = _round(Decimal(amount) * 100 / (100 + rate))
    return base, amount - base


def share(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` split in proportion to `weights` (all >= 0), adding up to it exactly (rule 3)."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [Fraction(amount * weight, total) for weight in weights]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda n: exact[n] - shares[n], reverse=True)
    for n in by_remainder[: amount - sum(shares)]:
        shares[n] += 1
    return shares


def _round(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))
