"""Passwords: Argon2id, a few at once, and none that attackers try first."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

MIN_LENGTH, MAX_LENGTH = 8, 256
HASHES_AT_ONCE = 4

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = threading.BoundedSemaphore(HASHES_AT_ONCE)
_NOBODY = _hasher.hash("nobody has this password")

_TRIED_FIRST = """
00000000 01234567 0123456789 11111111 11223344 12121212 12341234 12344321 123123123 12345678 123456789
1234567890 123454321 123456789a 1234qwer 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 22222222 66666666 77777777 87654321
88888888 987654321 9876543210 99999999 a1234567 aa123456 abcd1234 abcdefgh abc12345 access123 admin123
administrator asdf1234 asdfasdf asdfghjk asdfghjkl barcelona baseball basketball bienvenido changeme
charlie1 computer contrasena contraseña corvette dragon123 elephant estrella factorypos factory1 football
football1 google123 hello123 iloveyou iloveyou1 internet jennifer letmein1 liverpool master123 maverick
mercedes michelle midnight monkey123 mypassword p@ssw0rd p@ssword passw0rd password password! password1
password12 password123 password1234 princess princess1 q1w2e3r4 qazwsxedc qwer1234 qwerty12 qwerty123
qwertyui qwertyuiop realmadrid samantha secreto1 starwars sunshine superman temporal tequiero trustno1
usuario1 victoria welcome1 welcome123 whatever zaq12wsx zxcvbnm1
"""
_COMMON = frozenset(_TRIED_FIRST.split())


def is_common(password: str) -> bool:
    return password.casefold() in _COMMON or len(set(password)) == 1


def hash_password(password: str) -> str:
    with _turns:
        return _hasher.hash(_one_form(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; without a hash it is not, after the same time."""
    with _turns:
        try:
            return _hasher.verify(password_hash or _NOBODY, _one_form(password)) and password_hash is not None
        except VerifyMismatchError:
            return False


def _one_form(password: str) -> str:
    """The password in one Unicode form: keyboards write one accented letter in several ways."""
    return unicodedata.normalize("NFKC", password)
