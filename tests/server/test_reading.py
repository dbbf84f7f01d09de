"""A report is read swiftly or with all its faults: both ways agree on what is a report, and on its values."""

import copy
import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from factorypos_tui.server import errors
from factorypos_tui.server.documents import canonical
from factorypos_tui.server.documents.reading import read_batch, read_report
from factorypos_tui.server.documents.report import ReportDocument
from factorypos_tui.server.documents.swift import Swift
from tests.server import shop
from tests.server.shop import Json, Till

TILL = Till(None, str(uuid.uuid4()), "", "")  # type: ignore[arg-type]  # it makes reports and sends none
PERIOD = str(uuid.uuid4())
REPORTS: list[Json] = [
    TILL.z(1, PERIOD),
    TILL.x(1, PERIOD),
    TILL.z(1, PERIOD, late={"count": 1, "amount": 5}),
]
ODD: tuple[Any, ...] = (
    *(0, -1, 1, 23, 24, 2**53 - 1, 2**53, 2**70, 1.0, 1.5, True, None, [], {}),
    *(
        "",
        "X",
        "Z",
        "auto",
        "1.5",
        "1.",
        "-0",
        "٢١",
        "EUR",
        "EUR\n",
        "1\n2",
        "1\n",
        "\n",
        "eur",
        "a" * 41,
        "0" * 64,
        PERIOD.upper(),
    ),
    *("2026-02-29", "2024-02-29", "2026-03-02T22:00:00Z", "2026-03-02T25:00:00Z", "2026-03-02T22:00:00Z\n"),
)
swift = Swift(ReportDocument)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The way to everything that lies in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    below = [place for name, child in inner for place in places(child, (*path, name))]
    return [path, *below] if path else below


def values(document: Any) -> Any:
    """What a document holds, whichever reader made it."""
    if isinstance(document, list):
        return [values(it) for it in document]
    names = getattr(type(document), "model_fields", None) or getattr(document, "__struct_fields__", ())
    return {name: values(getattr(document, name)) for name in names} if names else document


def usual(document: Json) -> ReportDocument | None:
    try:
        return ReportDocument.model_validate(document)
    except ValidationError:
        return None


@given(st.data())
def test_whatever_stands_in_a_field_both_readers_take_it_or_neither_does(data: st.DataObject) -> None:
    document = copy.deepcopy(data.draw(st.sampled_from(REPORTS)))
    for path in data.draw(st.lists(st.sampled_from(places(document)), max_size=2)):
        *way, last = path
        place: Any = document
        try:
            for name in way:
                place = place[name]
            place[last] = data.draw(st.sampled_from(ODD))
        except (KeyError, IndexError, TypeError):
            pass  # the first change took the second one's place away
    swiftly, usually = swift.read(shop.canonical(document)), usual(document)
    assert (swiftly is None) == (usually is None) or document.get("late", 0) is None
    if swiftly is not None:
        assert values(swiftly) == values(usually)


@pytest.mark.parametrize("report", REPORTS)
def test_text_that_is_not_canonical_is_left_to_the_other_reader(report: Json) -> None:
    raw = shop.canonical(report)
    twice = raw.replace(b'"kind":', b'"kind":"X","kind":', 1)
    unsorted = json.dumps(dict(reversed(report.items())), separators=(",", ":"), ensure_ascii=False).encode()
    for other in (
        twice,
        unsorted,
        raw + b" ",
        b"[" * 5000,
        raw[:-1],
        b"",
        shop.canonical({**report, "a": 1}),
    ):
        assert swift.read(other) is None
    assert swift.read(raw) is not None
    with pytest.raises(errors.Unreadable):
        read_report(twice, TILL.id)


def test_a_report_with_a_hash_of_its_own_inside_is_hashed_whole() -> None:
    """The name may also stand in a field that the server does not know."""
    inner = {"content_hash": "0" * 64, "x": 1}
    for note in (inner, [inner], json.dumps(inner, separators=(",", ":"))):
        report = shop.sealed({**TILL.z(1), "a_note": note, "terminal_name": shop.canonical(inner).decode()})
        assert read_report(shop.canonical(report), TILL.id).content_hash == report["content_hash"]
        with pytest.raises(errors.Invalid):
            read_report(shop.canonical({**report, "content_hash": "0" * 64}), TILL.id)


@pytest.mark.parametrize("spaces", [None, (",", ":")])
def test_a_batch_is_read_alike_however_it_is_written(spaces: tuple[str, str] | None) -> None:
    documents = [*REPORTS, {**REPORTS[0], "totals": None}, 5, {**REPORTS[0], "note": [1, None]}]
    body = json.dumps({"reports": documents}, separators=spaces, ensure_ascii=False, sort_keys=True).encode()
    read = read_batch(body, TILL.id)
    assert [isinstance(it, errors.Invalid) for it in read] == [False, False, False, True, True, True]
    for report, it in zip(REPORTS, read, strict=False):
        assert not isinstance(it, errors.Invalid)
        assert it[1] == shop.canonical(report)


def test_in_a_batch_a_name_given_twice_makes_it_unreadable() -> None:
    raw = shop.canonical(REPORTS[0])
    for body in (
        b'{"reports":[' + raw.replace(b'"kind":', b'"kind":"X","kind":', 1) + b"]}",
        b'{"reports":[],"reports":[' + raw + b"]}",
    ):
        with pytest.raises(errors.Unreadable):
            read_batch(body, TILL.id)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-canonical.MAX_INTEGER, canonical.MAX_INTEGER)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
        ),
    )
)
def test_the_canonical_form_is_what_other_code_makes_of_it(value: Any) -> None:
    assert canonical.encode(value) == shop.canonical(value)
    assert canonical.parse(shop.canonical(value)) == value
