"""JSON of other programs, read strictly: what two programs could read differently is refused."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any, NoReturn

from factorypos_tui.core.language import _

_MOST_DIGITS = 15


class NotStrict(ValueError):
    """JSON that programs could read differently; `field` names the wrong field, if there is one."""

    def __init__(self, message: str, field: str = "") -> None:
        """`message`: what is wrong, in words, without a full stop."""
        super().__init__(message)
        self.field = field


def read_object(raw: bytes) -> Mapping[str, Any]:
    """The JSON object in `raw`, UTF-8, its numbers whole and within 15 digits.

    Raises `NotStrict`, also for a field that is given twice."""
    try:
        value = json.loads(
            raw.decode("utf-8-sig"),
            object_pairs_hook=_without_doubles,
            parse_int=_bounded,
            parse_float=_no_float,
            parse_constant=_no_float,
        )
    except UnicodeDecodeError as error:
        raise NotStrict(_("this is not UTF-8 text")) from error
    except json.JSONDecodeError as error:
        raise NotStrict(_("this is not JSON: {detail}").format(detail=error.msg)) from error
    except RecursionError as error:
        raise NotStrict(_("this is nested too deeply")) from error
    if not isinstance(value, dict):
        raise NotStrict(_("this is not a JSON object"))
    return value


def shown(name: str) -> str:
    """A field's name, made safe to show: another program wrote it."""
    return "".join(character if character.isprintable() else "?" for character in name[:40])


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        times = Counter(name for name, _value in pairs)
        double = next(name for name, count in times.items() if count > 1)
        raise NotStrict(_("this field is given twice"), shown(double))
    return values


def _bounded(digits: str) -> int:
    if len(digits) > _MOST_DIGITS + 1:
        raise NotStrict(_("a number with more than 15 digits"))
    return int(digits)


def _no_float(text: str) -> NoReturn:
    raise NotStrict(
        _("{number} is not a whole number; money is in minor units, quantities are text").format(
            number=text[:20]
        )
    )
