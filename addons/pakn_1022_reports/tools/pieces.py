"""Large files made a piece at a time. Nothing of Odoo.

Each piece is compressed on its own and ends at a whole byte, so that pieces put one
after another are one stream of DEFLATE (RFC 1951): what is kept in pieces needs not be
put together before somebody fetches it.
"""

import struct
import zipfile
import zlib

# The empty last block of a stream
END = b"\x03\x00"
# The largest file that a ZIP archive holds without its extension for larger ones
ZIP_LIMIT = 2**32 - 1
# Bit 11 of a ZIP entry's flags: its name is UTF-8
UTF8 = 1 << 11
# Written on 1980-01-01, the first day that ZIP knows
FIRST_DAY = 1 << 5 | 1


class Piece:
    """A stretch of a file, compressed as it comes.

    :param int crc: the CRC-32 of all that comes before it in the file
    """

    def __init__(self, crc=0):
        self.crc, self.size = crc, 0
        self._deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._chunks = []

    def add(self, data):
        self.crc = zlib.crc32(data, self.crc)
        self.size += len(data)
        self._chunks.append(self._deflate.compress(data))

    def close(self):
        """Return the compressed bytes; nothing can be added any more."""
        self._chunks.append(self._deflate.flush(zlib.Z_FULL_FLUSH))
        return b"".join(self._chunks)


def expand(data):
    """Return what was added to a piece."""
    return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data)


def zip_file(entries):
    """Return ``(length, chunks)`` of a ZIP archive of compressed entries.

    :param entries: ``(name, CRC-32, size, compressed size, compressed bytes)``, the
        bytes an iterable and without :data:`END`, which is added and counted here
    """
    heads, directory, offset = [], [], 0
    for name, crc, size, compressed, _chunks in entries:
        name = name.encode()
        packed = compressed + len(END)
        common = (UTF8, zipfile.ZIP_DEFLATED, 0, FIRST_DAY, crc, packed, size)
        head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, *common, len(name), 0) + name
        directory.append(
            struct.pack(
                "<4s6H3L5H2L",
                *(b"PK\1\2", 20, 20, *common, len(name)),
                *(0, 0, 0, 0, 0, offset),
            )
            + name
        )
        heads.append(head)
        offset += len(head) + packed
    listing = b"".join(directory)
    count = len(directory)
    end = struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(listing), offset, 0
    )

    def chunks():
        for head, (*_numbers, data) in zip(heads, entries, strict=True):
            yield head
            yield from data
            yield END
        yield listing + end

    return offset + len(listing) + len(end), chunks()
