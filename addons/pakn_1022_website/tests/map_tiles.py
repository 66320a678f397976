"""A file of map tiles as the tests load it: one tile with one road, by hand.

PMTiles version 3, and vector tiles of version 2 (Mapbox), with the names that maps of
Protomaps have.
"""

import struct

TILE, ROAD = 4096, 3775


def varint(number):
    """Return a number in the bytes of Protocol Buffers."""
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def field(number, content):
    """Return a field of Protocol Buffers: a number, or bytes with their length."""
    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def make_tile():
    """Return a tile with one road around the world at 13.9° north, through Pleiku."""
    across, down = TILE << 1, ROAD << 1  # zigzag
    line = b"".join(map(varint, (1 << 3 | 1, 0, down, 1 << 3 | 2, across, 0)))
    tags = b"".join(map(varint, (0, 0)))
    feature = field(2, tags) + field(3, 2) + field(4, line)
    layer = (
        *(field(1, b"roads"), field(2, feature), field(3, b"kind")),
        *(field(4, field(1, b"highway")), field(5, TILE), field(15, 2)),
    )
    return field(3, b"".join(layer))


def make_pmtiles(kind=1):
    """Return a file with the four tiles of zoom 1, all alike.

    :param int kind: of the tiles: 1 for vectors, 2 for PNG
    """
    tile = make_tile()
    # One entry: from tile 1 on, four times, its bytes, and where it begins (plus one)
    directory = b"".join(map(varint, (1, 1, 4, len(tile), 1)))
    metadata = 127 + len(directory)
    tiles = metadata + 2
    head = b"PMTiles\x03" + struct.pack(
        "<11Q6B4iB2i",
        *(127, len(directory), metadata, 2, tiles, 0, tiles, len(tile)),
        *(4, 1, 1),
        # Not in clusters, nothing compressed, the kind, zooms 1 to 1
        *(0, 1, 1, kind, 1, 1),
        *(-1800000000, -850000000, 1800000000, 850000000),
        *(0, 0, 0),
    )
    return head + directory + b"{}" + tile
