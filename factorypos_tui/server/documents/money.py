"""Money as people write it. Amounts are integers in minor units of a currency (ISO 4217)."""

import re

from factorypos_tui.server.words import spoken

_EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
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
_MARKS = {"en": ".", "es": ","}


def exponent(currency: str) -> int:
    """Digits after the decimal mark."""
    return _EXPONENTS.get(currency, 2)


def decimal_mark() -> str:
    """What parts whole units from their fractions in the language of this call."""
    return _MARKS[spoken()]


def decimal_text(amount: int, currency: str) -> str:
    """`120450, "EUR"` as `1204.50`, with the decimal mark of this call's language: what a form or a table
    holds."""
    digits = exponent(currency)
    whole, fraction = divmod(abs(amount), 10**digits)
    text = f"{whole}{decimal_mark()}{fraction:0{digits}}" if digits else str(whole)
    return f"-{text}" if amount < 0 else text


def read_decimal(typed: str, currency: str) -> int | None:
    """Minor units of an amount that is not negative, with point or comma before its fraction. None where it
    is none, or has more digits behind the mark than the currency: nothing is guessed or rounded."""
    digits = exponent(currency)
    fraction = rf"(?:[.,]([0-9]{{1,{digits}}}))?" if digits else "()"
    found = re.fullmatch(rf"([0-9]{{1,13}}){fraction}", typed.strip())
    return int(found[1] + (found[2] or "").ljust(digits, "0")) if found else None
