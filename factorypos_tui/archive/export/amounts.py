"""Minor units of a currency as decimals (ISO 4217). Pure."""

_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND"), 0),
    **dict.fromkeys(("VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def digits_of(currency: str) -> int:
    """Digits behind the decimal sign."""
    return _DIGITS.get(currency, 2)


def decimal_of(amount: int, currency: str, sign: str = ".") -> str:
    """`-120450, "EUR"` as `-1204.50`; `sign` stands before the fraction."""
    digits = digits_of(currency)
    whole, fraction = divmod(abs(amount), 10**digits)
    text = f"{whole}{sign}{fraction:0{digits}}" if digits else str(whole)
    return f"-{text}" if amount < 0 else text
