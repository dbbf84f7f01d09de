"""The letters and lines of a console's font, and substitutes for those that it lacks."""

import unicodedata

from rich.cells import cell_len

from factorypos_tui.tui.tty.policy import Glyphs

_ASCII = frozenset(map(chr, range(0x20, 0x7F)))
CONSOLE = (
    _ASCII
    # in the kernel's own font (CP437) and in every Lat15 and Uni2 font of console-setup
    | frozenset("¡¢£¥§ª«¬°±²µ¶·º»¼½¿ÄÅÆÇÉÑÖÜßàáâäåæçèéêëìíîïñòóôö÷ùúûüÿ")
    | frozenset("─│┌┐└┘├┤┬┴┼═║╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬█░▒■▲▼←↑→↓•")
    # the rest of Spanish: the kernel's own font shows these without their accents
    | frozenset("ÁÍÓÚ")
)
_LOOKALIKES = {
    # eighths of a block, by how much ink they have: half blocks are not in every Lat15 font
    **dict.fromkeys("▁▂", "_"),
    **dict.fromkeys("▃▄▅", "▒"),
    **dict.fromkeys("▆▇▀", "█"),
    **dict.fromkeys("▏▎▍", "░"),
    **dict.fromkeys("▌▋▊▐", "▒"),
    **dict.fromkeys("▉", "█"),
    **dict.fromkeys("▔", "─"),
    **dict.fromkeys("▕┃╎╏┆┇┊┋╽╿⎸⎹", "│"),
    **dict.fromkeys("━╌╍┄┅┈┉╴╶╸╺╼╾―—–‒‑‐−", "─"),
    **dict.fromkeys("╭┏┍┎", "┌"),
    **dict.fromkeys("╮┓┑┒", "┐"),
    **dict.fromkeys("╰┗┕┖", "└"),
    **dict.fromkeys("╯┛┙┚", "┘"),
    **dict.fromkeys("┣┝┠", "├"),
    **dict.fromkeys("┫┥┨", "┤"),
    **dict.fromkeys("┳┯┰", "┬"),
    **dict.fromkeys("┻┷┸", "┴"),
    **dict.fromkeys("╋┿╂", "┼"),
    **dict.fromkeys("●⬤◉⏺", "•"),
    **dict.fromkeys("○◯⭘◌", "o"),
    **dict.fromkeys("▶▸►❯›", ">"),
    **dict.fromkeys("◀◂◄❮‹", "<"),
    **dict.fromkeys("▾⌄", "▼"),
    **dict.fromkeys("▴⌃", "▲"),
    **dict.fromkeys("✓✔☑", "√"),
    **dict.fromkeys("✗✘☒×", "x"),
    **dict.fromkeys("‘’‚´", "'"),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("▓", "▒"),
    "…": ".",
    "€": "E",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
}
_IN_ASCII = {
    "─": "-",
    "═": "=",
    **dict.fromkeys("│║", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╒╓╔╕╖╗╘╙╚╛╜╝╞╟╠╡╢╣╤╥╦╧╨╩╪╫╬", "+"),
    **dict.fromkeys("█▒■", "#"),
    **dict.fromkeys("▃▄▅", "="),
    **dict.fromkeys("░", ":"),
    "•": "*",
    "·": ".",
    **dict.fromkeys("√", "v"),
    **dict.fromkeys("▲↑", "^"),
    **dict.fromkeys("▼↓", "v"),
    **dict.fromkeys("→»", ">"),
    **dict.fromkeys("←«", "<"),
    **dict.fromkeys("µ", "u"),
    **dict.fromkeys("ßÞþ", "s"),
    **dict.fromkeys("÷", "/"),
    "¡": "!",
    "¿": "?",
    "¢": "c",
    "£": "L",
    "¥": "Y",
    "§": "S",
    "¬": "-",
    "°": "o",
    "±": "+",
    "¶": "P",
    "¼": "/",
    "½": "/",
    "Æ": "A",
    "æ": "a",
    "Ø": "O",
    "ø": "o",
}


def shown(text: str, glyphs: Glyphs, encoding: str = "utf-8") -> str:
    """The letter to show for a cell's `text` in a font of `glyphs`, with the same width."""
    if text.isascii():
        return text
    if glyphs is Glyphs.ALL and encoding == "utf-8":
        return text
    letter = _stand_in(text, glyphs, encoding)
    missing = cell_len(text) - cell_len(letter)
    return letter + ("?" if letter == "?" else " ") * missing


def _stand_in(text: str, glyphs: Glyphs, encoding: str) -> str:
    allowed = _ASCII if glyphs is Glyphs.ASCII else CONSOLE
    for candidate in _candidates(text):
        if (candidate in allowed or (candidate and glyphs is Glyphs.ALL)) and _fits(candidate, encoding):
            return candidate
    return "?"


def is_drawing(text: str) -> bool:
    """Whether a cell's text is a line, a block or a blank rather than a letter."""
    return text == " " or "─" <= text <= "▟"


def _candidates(text: str) -> list[str]:
    """Substitutes for a text, the closest first."""
    bare = unicodedata.normalize("NFKD", text)[:1]
    faithful = [text, _LOOKALIKES.get(text, ""), bare, _LOOKALIKES.get(bare, "")]
    return [*faithful, *(_IN_ASCII.get(candidate, "") for candidate in faithful)]


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
