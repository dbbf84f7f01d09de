"""Reads a document of a known shape at a tenth of the usual cost, where it came in canonical form and holds
nothing else. What is not read here need not be wrong: it is read the usual way, which also finds its faults.
Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Generic, TypeVar, Union, cast, get_args, get_origin

import msgspec
from pydantic import AfterValidator, BaseModel, FailFast
from pydantic.fields import FieldInfo

Model = TypeVar("Model", bound=BaseModel)
_LIMITS = ("ge", "le", "min_length", "max_length", "pattern")


@dataclass(frozen=True, slots=True)
class _Column:
    """A field of the rows of a list whose texts have to match a pattern. To look at all of them at once takes
    a tenth of the time that one after the other takes."""

    rows: str
    field: str
    texts: re.Pattern[str]
    """Of one text and more, with line breaks between them."""

    def is_sound(self, document: object) -> bool:
        texts: Sequence[str] = [getattr(row, self.field) for row in getattr(document, self.rows)]
        whole = "\n".join(texts)
        holds = whole.count("\n") == len(texts) - 1 and self.texts.fullmatch(whole)
        return not texts or bool(holds)


class Swift(Generic[Model]):
    """A second reader of a model's shape, made from the model."""

    def __init__(self, model: type[Model]) -> None:
        self._decoder = msgspec.json.Decoder(shape(model))
        self._encoder = msgspec.json.Encoder(order="sorted")
        self._checks = [
            (name, check) for name, info in model.model_fields.items() for check in _checks(_whole(info))
        ]
        self._columns = [
            column for name, info in model.model_fields.items() for column in _columns(name, info)
        ]

    def read(self, raw: bytes) -> Model | None:
        """The document with the attributes of the model, if `raw` is its canonical form; else None.

        Such text has no name twice, no field that the model does not know, no float, and nothing deep."""
        try:
            document = self._decoder.decode(raw)
            for name, check in self._checks:
                if (value := getattr(document, name)) is not None:
                    check(value)
        except (ValueError, RecursionError):
            return None
        if not all(column.is_sound(document) for column in self._columns):
            return None
        return cast(Model, document) if self._encoder.encode(document) == raw else None


def shape(model: type[BaseModel], *, is_row: bool = False) -> type[msgspec.Struct]:
    """The fields of a model; one that may be left out is null, and is left out where it is null. The patterns
    of the rows of its lists are not looked at."""
    fields: list[Any] = []
    for name, info in model.model_fields.items():
        default = () if info.is_required() else (info.default,)
        fields.append((name, _type(_whole(info), is_row), *default))
    return msgspec.defstruct(model.__name__, fields, kw_only=True, omit_defaults=True, gc=False)


def _whole(info: FieldInfo) -> Any:
    return Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation


def _columns(name: str, info: FieldInfo) -> Iterator[_Column]:
    """What is to be looked at in the rows of a field, if that is a list."""
    listed = info.annotation
    if get_origin(listed) is Annotated:
        listed = get_args(listed)[0]
    if get_origin(listed) is not list:
        return
    for field, its in get_args(listed)[0].model_fields.items():
        for detail in its.metadata:
            if pattern := dict(_limits(detail)).get("pattern"):
                one = pattern.removeprefix("^").removesuffix(r"\Z")
                yield _Column(name, field, re.compile(f"(?:{one})(?:\n(?:{one}))*"))


def _type(annotation: Any, is_row: bool) -> Any:
    """The type with its limits, for msgspec; of a row without its pattern."""
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        limits = {name: value for detail in inner[1:] for name, value in _limits(detail)}
        if is_row:
            limits.pop("pattern", None)
        kind = _type(inner[0], is_row)
        return Annotated[kind, msgspec.Meta(**limits)] if limits else kind
    if get_origin(annotation) in (Union, UnionType):
        return Union[tuple(_type(it, is_row) for it in inner)]  # noqa: UP007 - made at run time
    if get_origin(annotation) is list:
        return list[_type(inner[0], True)]  # type: ignore[misc]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if any(_checks(_whole(info)) for info in annotation.model_fields.values()):
            raise TypeError(f"{annotation.__name__} has checks, which only the outermost model may have")
        return shape(annotation, is_row=is_row)
    return annotation


def _limits(detail: Any) -> Iterator[tuple[str, Any]]:
    """What a detail of a type limits; raises `TypeError` where that is not known here."""
    if isinstance(detail, FieldInfo):
        for part in detail.metadata:
            yield from _limits(part)
        return
    found = {name: getattr(detail, name) for name in _LIMITS if getattr(detail, name, None) is not None}
    if not found and not isinstance(detail, AfterValidator | FailFast):
        raise TypeError(f"{detail!r} has no like for msgspec")
    if "pattern" in found:  # Python's `$` also stands before a last line break
        found["pattern"] = found["pattern"].removesuffix("$") + r"\Z"
    yield from found.items()


def _checks(annotation: Any) -> list[Any]:
    """The functions that check a value of the type, or of what it may be instead of null."""
    if get_origin(annotation) is Annotated:
        inner, *details = get_args(annotation)
        return [*_checks(inner), *(it.func for it in details if isinstance(it, AfterValidator))]
    if get_origin(annotation) in (Union, UnionType):
        return [check for it in get_args(annotation) for check in _checks(it)]
    return []
