"""A browser without scripts: it follows links, fills in the form of a page and sends it, keeps cookies.

It calls by https, as people do; the server stands behind it as behind a proxy that speaks TLS. Each page that
it reads is valid HTML."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import html5lib
import httpx

from tests.server.shop import PASSWORD, Owner, Shop

SITE = "https://cloud.example.com"
_HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


class _Proxy(httpx.BaseTransport):
    """Takes calls for the site by https and hands them on to a server on this machine, without the path that
    the proxy puts before."""

    def __init__(self, server: httpx.URL, prefix: str) -> None:
        self._server = server
        self._prefix = prefix
        self._onward = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path.startswith(self._prefix), f"{request.url} is of another server"
        inside = request.url.copy_with(
            scheme=self._server.scheme,
            host=self._server.host,
            port=self._server.port,
            raw_path=request.url.raw_path.removeprefix(self._prefix.encode()),
        )
        onward = httpx.Request(
            request.method,
            inside,
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return self._onward.handle_request(onward)

    def close(self) -> None:
        self._onward.close()


class Page:
    """An answer as a person reads it."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.status = answer.status_code
        self.url = answer.url
        self.path = answer.url.path
        self.tree = valid_html(answer.text)

    @property
    def text(self) -> str:
        """What stands on it, in one line."""
        (body,) = self.tree.iter("body")
        return " ".join("".join(body.itertext()).split())

    @property
    def title(self) -> str:
        return "".join(next(self.tree.iter("h1")).itertext()).strip()

    @property
    def refused(self) -> str:
        """Why something was refused; empty where nothing was."""
        return " ".join(self.words_of("role", "alert"))

    @property
    def notice(self) -> str:
        return " ".join(self.words_of("role", "status"))

    @property
    def faults(self) -> set[str]:
        """The names of the fields at fault."""
        return {part.get("name", "") for part in self.tree.iter() if part.get("aria-invalid") == "true"}

    @property
    def links(self) -> list[str]:
        """The paths that it links to, each once."""
        found = [urljoin(str(self.url), str(link.get("href"))) for link in self.tree.iter("a")]
        return [*dict.fromkeys(httpx.URL(url).path for url in found if "#" not in url)]

    def boxes(self, name: str) -> list[tuple[str, bool]]:
        """The boxes of a name: the value of each, and whether it is ticked."""
        found = [part for part in self.tree.iter("input") if part.get("name") == name]
        return [(str(part.get("value")), part.get("checked") is not None) for part in found]

    def words_of(self, attribute: str, value: str) -> list[str]:
        return [
            " ".join("".join(part.itertext()).split())
            for part in self.tree.iter()
            if part.get(attribute) == value
        ]

    def form(self, button: str) -> Element:
        """The form that this button sends."""
        found = [form for form in self.tree.iter("form") if button in words_of_buttons(form)]
        assert len(found) == 1, f"{len(found)} forms with the button {button!r}: {self.text}"
        return found[0]

    def form_named(self, name: str) -> Element:
        """The form whose button has this name for those who do not see it."""
        buttons = [(form, button) for form in self.tree.iter("form") for button in form.iter("button")]
        found = [form for form, button in buttons if button.get("aria-label") == name]
        assert len(found) == 1, f"{len(found)} forms with the button {name!r}: {self.text}"
        return found[0]

    def fields(self, button: str) -> dict[str, str]:
        """What the form holds before anybody types."""
        return self.held(self.form(button))

    def held(self, form: Element) -> dict[str, str]:
        """What a form holds before anybody types."""
        held: dict[str, str] = {}
        for part in form.iter():
            name, kind = part.get("name"), part.get("type")
            if name is None or (kind in ("checkbox", "radio") and part.get("checked") is None):
                continue
            if part.tag == "select":
                options = list(part.iter("option"))
                chosen = [option for option in options if option.get("selected") is not None] or options[:1]
                held[name] = str(chosen[0].get("value")) if chosen else ""
            else:
                held[name] = (part.text if part.tag == "textarea" else part.get("value")) or ""
        return held


def words_of_buttons(form: Element) -> list[str]:
    return [" ".join("".join(button.itertext()).split()) for button in form.iter("button")]


def words(page: Page, tag: str) -> list[str]:
    """What each element of a kind says, in one line each."""
    return [" ".join(" ".join(part.itertext()).split()) for part in page.tree.iter(tag)]


def valid_html(text: str) -> Element:
    """The document; fails where the text is no HTML5, an id stands twice, or a field has no label."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    ids = [part.get("id") for part in tree.iter() if part.get("id")]
    assert len(ids) == len(set(ids)), ids
    labelled = {label.get("for") for label in tree.iter("label")}
    inside = {id(part) for label in tree.iter("label") for part in label.iter()}
    for part in [*tree.iter("input"), *tree.iter("select"), *tree.iter("textarea")]:
        has_label = part.get("id") in labelled or id(part) in inside or part.get("aria-label")
        assert part.get("type") == "hidden" or has_label, part.attrib
    assert not list(tree.iter("style"))
    assert not [
        part for part in tree.iter() if part.get("style") or any(n.startswith("on") for n in part.attrib)
    ]
    assert not [part for part in tree.iter("script") if part.text or not part.get("src")]
    return tree


@dataclass
class Browser:
    """One browser; `open`, `follow` and `send` lead to a page."""

    shop: Shop
    language: str = "en"
    prefix: str = ""
    """The path before all paths of the server."""
    http: httpx.Client = field(init=False)
    _page: Page | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.http = httpx.Client(
            base_url=SITE + self.prefix,
            transport=_Proxy(self.shop.http.base_url, self.prefix),
            timeout=60,
            follow_redirects=True,
            trust_env=False,
            headers={"Accept": _HTML, "Accept-Language": self.language},
        )

    @property
    def page(self) -> Page:
        """Where it is."""
        assert self._page is not None, "nothing was opened yet"
        return self._page

    def open(self, path: str) -> Page:
        if path.startswith("/"):
            return self._arrive(self.http.get(SITE + self.prefix + path))
        return self._arrive(self.http.get(urljoin(str(self.page.url), path)))

    def send(self, button: str, typed: dict[str, str] | None = None, **more: str) -> Page:
        """Fill in the form of this button and send it."""
        form = self.page.form(button)
        fields = {**self.page.fields(button), **(typed or {}), **more}
        url = urljoin(str(self.page.url), form.get("action") or "")
        if (form.get("method") or "get").lower() == "get":
            return self._arrive(self.http.get(url, params=fields))
        return self._arrive(self.http.post(url, data=fields))

    def send_named(self, name: str, typed: dict[str, str] | None = None) -> Page:
        """Fill in the form whose button has this name for those who do not see it, and send it."""
        form = self.page.form_named(name)
        fields = {**self.page.held(form), **(typed or {})}
        return self._arrive(
            self.http.post(urljoin(str(self.page.url), form.get("action") or ""), data=fields)
        )

    def send_without(self, button: str, box: str) -> Page:
        """Send the form of this button with a box unticked."""
        form, fields = self.page.form(button), self.page.fields(button)
        del fields[box]
        return self._arrive(
            self.http.post(urljoin(str(self.page.url), form.get("action") or ""), data=fields)
        )

    def send_boxes(self, button: str, name: str, ticked: list[str], /, **typed: str) -> Page:
        """Send the form of this button with these boxes of a name ticked."""
        form = self.page.form(button)
        fields = {**self.page.fields(button), **typed, name: ticked}
        return self._arrive(
            self.http.post(urljoin(str(self.page.url), form.get("action") or ""), data=fields)
        )

    def send_file(self, button: str, field: str, content: bytes, typed: dict[str, str] | None = None) -> Page:
        """Send the form of this button with a file."""
        form = self.page.form(button)
        fields = {name: text for name, text in self.page.fields(button).items() if name != field}
        url = urljoin(str(self.page.url), form.get("action") or "")
        files = {field: ("table.csv", content, "text/csv")}
        return self._arrive(self.http.post(url, data={**fields, **(typed or {})}, files=files))

    def follow(self, words: str) -> Page:
        """Follow the link with these words."""
        found = [link for link in self.page.tree.iter("a") if "".join(link.itertext()).strip() == words]
        assert found, f"no link {words!r}: {self.page.text}"
        return self.open(str(found[0].get("href")))

    def log_in(self, owner: Owner) -> Page:
        self.open("/login")
        page = self.send(
            "Log in" if self.language == "en" else "Iniciar sesión", email=owner.email, password=PASSWORD
        )
        assert page.status == 200, page.text
        return page

    def cookies(self) -> dict[str, Any]:
        return {cookie.name: cookie for cookie in self.http.cookies.jar}

    @property
    def token(self) -> str:
        """Of the session, as the cookie holds it."""
        (cookie,) = [it for it in self.http.cookies.jar if it.name in ("session", "__Host-session")]
        return cookie.value or ""

    def _arrive(self, answer: httpx.Response) -> Page:
        assert answer.headers["content-type"].startswith("text/html"), answer.text
        self._page = Page(answer)
        return self._page
