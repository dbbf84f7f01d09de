"""The tiny cloud hides no fault of its own, or of a test."""

import httpx
import pytest

from tests.support.tiny_cloud import TinyCloud


def test_a_call_without_a_route_fails_the_test() -> None:
    fault = pytest.RaisesExc(LookupError, match="no route for GET /v1/nowhere")
    with pytest.RaisesGroup(fault), TinyCloud() as cloud:
        assert httpx.get(f"{cloud.address}/v1/nowhere").status_code == 404


def test_a_call_that_it_cannot_answer_fails_the_test() -> None:
    with pytest.RaisesGroup(KeyError), TinyCloud() as cloud, pytest.raises(httpx.RemoteProtocolError):
        httpx.post(f"{cloud.address}/v1/sessions", json={})
