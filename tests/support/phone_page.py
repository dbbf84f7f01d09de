"""Approves a till on the page of a real FactoryCLOUD, as a person with a phone does."""

import re

import httpx

HTML = {"Accept": "text/html", "Accept-Language": "en"}


def decide_on_page(
    address: str, email: str, password: str, user_code: str, *, store: str = "", history: str = "missing"
) -> None:
    """Approve the till that shows this code for a store; deny it where none is named. `address`: without a
    path."""
    with httpx.Client(
        base_url=address, headers=HTML, follow_redirects=True, trust_env=False, timeout=30
    ) as http:

        def send(path: str, page: httpx.Response, **form: str) -> httpx.Response:
            (proof, *_others) = re.findall('name="csrf" value="([0-9a-f]+)"', page.text)
            return http.post(path, data={"csrf": proof, **form}).raise_for_status()

        path = f"/D/{user_code.replace('-', '')}"
        page = http.get(path)
        page = send("/login", page, email=email, password=password, next=path)
        assert user_code in page.text, page.text
        if not store:
            send(f"{page.url.path}/deny", page)
            return
        to_approve = f"{page.url.path}/approve"
        page = http.get(to_approve)
        page = send("/prove", page, password=password, next=to_approve)
        send(to_approve, page, store_id=store, history=history, move="true")
