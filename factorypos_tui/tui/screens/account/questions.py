"""Questions that several forms ask."""

import re
from collections.abc import Iterator

from factorypos_tui.core.language import _
from factorypos_tui.tui.screens.base.form import Question

# As in FactoryCLOUD's `domain/forms.py`.
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\\]+")
_SHORTEST_PASSWORD = 12
_SHORTEST_BARCODE = 8


def email_question(email: str) -> Question:
    """The e-mail of a FactoryCLOUD user, filled in where it is known."""
    return Question(
        "email",
        _("E-mail"),
        _("The e-mail address of your FactoryCLOUD user, such as ana@example.com."),
        email,
        missing=_("Type your e-mail address."),
        wrong=_("An address such as ana@example.com"),
        fits=_EMAIL.fullmatch,
        longest=254,
    )


def new_password_questions() -> Iterator[Question]:
    """A new password: shown while it is typed, or typed twice."""
    yield Question(
        "password",
        _("New password"),
        _("12 characters or more, also blanks. FactoryCLOUD refuses one that many people use."),
        missing=_("Type a password of 12 characters or more."),
        wrong=_("12 characters or more"),
        fits=lambda password: len(password) >= _SHORTEST_PASSWORD,
        longest=256,
        secret=True,
    )
    yield Question(
        "again",
        _("New password again"),
        _("The same once more, since it is hidden. Where F7 shows it, once is enough."),
        missing=_("Type it again, or press F7 to see it."),
        wrong=_("Not yet the same password"),
        longest=256,
        secret=True,
        repeats="password",
    )


def code_question(missing: str = "") -> Question:
    """The code of a second factor; `missing`: what is said where none is typed."""
    return Question(
        "code",
        _("Code of the second factor"),
        _("What the app of that user shows now, or a recovery code. Each works once."),
        missing=missing,
        scanned=is_no_barcode,
    )


def is_no_barcode(code: str) -> bool:
    """Whether a code that came together with Enter can be meant: an article's has 8 digits or more alone."""
    letters = "".join(letter for letter in code if letter.isalnum())
    return not (letters.isdecimal() and len(letters) >= _SHORTEST_BARCODE)
