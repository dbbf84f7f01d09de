"""Whether the server is well."""

from fastapi import APIRouter
from pydantic import BaseModel

from factorypos_tui import __version__
from factorypos_tui.server.api.calls import ThisCloud
from factorypos_tui.server.api.problems import refusals
from factorypos_tui.server.storage.migrations import schema_version

router = APIRouter(tags=["health"])


class Health(BaseModel):
    status: str
    version: str
    time: str


@router.get("/health", responses=refusals(503))
def is_well(cloud: ThisCloud) -> Health:
    """Whether the server and its database answer."""
    with cloud.database.connection_context():
        schema_version(cloud.database)
    return Health(status="ok", version=__version__, time=cloud.now())
