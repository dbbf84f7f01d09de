"""Templates become pages: every value is escaped, an unknown name is an error, every address is relative.

Addresses count from the page on which they stand, so a proxy may put any path before them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from factorypos_tui.server.web import wording
from factorypos_tui.server.words import marked, spoken, told

_HERE = Path(__file__).parent
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

NAVIGATION = (
    ("/", marked("Today")),
    ("/alarms", marked("Alarms")),
    ("/terminals", marked("Terminals")),
    ("/account", marked("Account")),
)
"""What stands at the top of each page of a person who is logged in: address and words. A page that is not
here has a link on one that is: everything is at most two links from the first."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    content: bytes
    media_type: str
    digest: str
    """A hash of the content, which stands in the address: a browser may keep the file for ever."""


@cache
def static_files() -> dict[str, StaticFile]:
    """What lies in `static/`, by name, as it was when it was first asked for."""
    return {file.name: _read(file) for file in sorted((_HERE / "static").iterdir())}


def _read(file: Path) -> StaticFile:
    content = file.read_bytes()
    return StaticFile(content, _TYPES[file.suffix], hashlib.sha256(content).hexdigest()[:16])


def static_name(name: str) -> str:
    """The name of a file of `static/` in its address."""
    stem, _, suffix = name.rpartition(".")
    return f"{stem}.{static_files()[name].digest}.{suffix}"


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses as seen from one page."""

    here: str
    """The path of the page, as the browser wrote it."""

    def to(self, path: str, **parameters: object) -> str:
        """The address of a path of this server. It never leads to another one, whatever the path."""
        query = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in parameters.items())
        start = "../" * (self.here.count("/") - 1) or "./"
        return start + path.lstrip("/") + (f"?{query}" if query else "")

    def static(self, name: str) -> str:
        return self.to(f"/static/{static_name(name)}")


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(told=told, spoken=spoken, w=wording, NAVIGATION=NAVIGATION)
    return environment


def render(template: str, links: Links, values: Mapping[str, object]) -> str:
    """A page in the language of this call. The value `live` names its stream of events; each part of it that
    may change meanwhile has an id and `data-live`."""
    named = {
        "to": links.to,
        "static": links.static,
        "here": links.here,
        "account": None,
        "notice": None,
        "refused": None,
        "live": None,
    }
    return _templates().get_template(template).render({**named, **values})
