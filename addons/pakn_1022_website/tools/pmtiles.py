"""What the head of a file of map tiles says (PMTiles version 3). Nothing of Odoo.

https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
"""

import struct

# Bytes of the head, and the kind of tiles that the maps can draw: vectors (MVT)
HEAD, VECTORS = 127, 1
MEGABYTES = 100


def get_zoom(content: bytes) -> int:
    """Return the closest zoom of a file that the maps can draw.

    :raises ValueError: ``("too large")``, ``("no pmtiles")``, ``("no vectors")`` or
        ``("cut off")``
    """
    if len(content) > MEGABYTES * 2**20:
        raise ValueError("too large")
    if len(content) < HEAD or content[:8] != b"PMTiles\x03":
        raise ValueError("no pmtiles")
    if content[99] != VECTORS:
        raise ValueError("no vectors")
    # Where the directory, the metadata, the leaves and the tiles begin, and their bytes
    parts = struct.unpack_from("<8Q", content, 8)
    ends = [
        start + length for start, length in zip(parts[::2], parts[1::2], strict=True)
    ]
    if max(ends) > len(content):
        raise ValueError("cut off")
    return content[101]
