"""The public keys of this cloud: whoever has them can check what it has signed."""

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict

from factorypos_tui.server.http.calls import Listing, ThisCloud

router = APIRouter(tags=["keys"])
FRESH_SECONDS = 60


class Key(BaseModel):
    """A key; it checks what was signed before it was retired, and before it was lost."""

    model_config = ConfigDict(from_attributes=True)

    key_id: str
    algorithm: Literal["Ed25519"]
    public_key: str
    """Its 32 bytes in base64url, without padding."""
    created_at: str
    retired_at: str | None
    lost_at: str | None


@router.get("/keys")
def list_keys(cloud: ThisCloud, response: Response) -> Listing[Key]:
    """All keys that ever signed, the oldest first; a database is not asked for it."""
    response.headers["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    items = [Key.model_validate(key) for key in cloud.signing.public_keys()]
    return Listing(items=items, next_cursor=None)
