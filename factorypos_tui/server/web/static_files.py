"""The files that pages need."""

from fastapi import APIRouter, Response

from factorypos_tui.server import errors
from factorypos_tui.server.web.rendering import static_files
from factorypos_tui.server.words import told

router = APIRouter(include_in_schema=False)


@router.get("/static/{stem}.{digest}.{suffix}")
async def static_file(stem: str, digest: str, suffix: str) -> Response:
    """The file as it is here. A page of another version, while servers are renewed one by one, gets it too,
    and keeps it not."""
    file = static_files().get(f"{stem}.{suffix}")
    if file is None:
        raise errors.NotYours(told("There is nothing at this address."))
    kept = "public, max-age=31536000, immutable" if digest == file.digest else "no-store"
    return Response(file.content, headers={"Cache-Control": kept}, media_type=file.media_type)
