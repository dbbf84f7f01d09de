"""A report's frozen bytes as they rest in `sync.db`: packed, so that those of ten years fit on any card."""

import zlib

_LARGEST = 8 << 20
"""As large as a report may be (`reports._MOST_BYTES`)."""


def packed(body: bytes) -> bytes:
    """What is kept of them."""
    return zlib.compress(body)


def unpacked(kept: bytes) -> bytes:
    """The bytes again, the same always. What cannot be unpacked comes back as it is: either a version before
    wrote it plain, or it is damaged and fits no hash."""
    reader = zlib.decompressobj()
    try:
        body = reader.decompress(kept, _LARGEST)
    except zlib.error:
        return kept
    return body if reader.eof else kept
