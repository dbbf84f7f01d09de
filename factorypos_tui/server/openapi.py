"""Print the OpenAPI document: `python -m factorypos_tui.server.openapi > docs/openapi.json`."""

import json
import sys

from peewee import SqliteDatabase

from factorypos_tui.server.app import build_app
from factorypos_tui.server.domain.cloud import Cloud
from factorypos_tui.server.mail.postman import Postman


def openapi_document() -> str:
    """The document of the app itself, the same on every machine."""
    nowhere = Postman(lambda _: None, "")
    cloud = Cloud(SqliteDatabase(None), nowhere)
    return json.dumps(build_app(cloud).openapi(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_document())
