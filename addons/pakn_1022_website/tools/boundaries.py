"""Boundaries of wards and communes: read, made small, and asked what a place is in.

Nothing of Odoo. They come as GeoJSON (RFC 7946, WGS 84), one file or a ZIP of several.
Here they are whole numbers of :data:`STEP` degrees, some 11 m, so that what two wards
share stays the same line when it is made simpler.
"""

import io
import json
import math
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Whole numbers in a degree, of which one is 11 m
STEP = 10_000
# How far a simpler line may be from the true one, in steps: about 90 m
TOLERANCE = 8
# Of what is read: files, bytes of one and of all of them unpacked, corners of all lines
MOST_FILES, MOST_CORNERS = 1_000, 3_000_000
MOST_OF_ONE, MOST_BYTES = 40 * 2**20, 150 * 2**20
# Where a feature bears its code, and its name
CODES = ("code", "ma_xa", "maxa", "ward_code", "wardCode", "id")
NAMES = ("fullName", "full_name", "name", "ten_xa", "tenxa", "ward")

Corner = tuple[int, int]  # steps of longitude, of latitude
Ring = list[Corner]


@dataclass
class Feature:
    """A ward as the file has it."""

    code: str
    name: str
    rings: list[Ring]


def read_features(content: bytes) -> list[Feature]:
    """Return what a GeoJSON file, or a ZIP of such files, holds.

    :raise ValueError: it is none, or too large
    """
    features, corners = [], 0
    for data in _read_files(content):
        try:
            found = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise ValueError("no JSON") from error
        if not isinstance(found, dict):
            raise ValueError("no GeoJSON")
        members = found.get("features")
        for member in members if isinstance(members, list) else [found]:
            feature = _read_feature(member)
            if feature:
                corners += sum(map(len, feature.rings))
                features.append(feature)
        if corners > MOST_CORNERS:
            raise ValueError("too large")
    return features


def _read_files(content: bytes) -> Iterator[bytes]:
    if not content.startswith(b"PK"):
        if len(content) > MOST_OF_ONE:
            raise ValueError("too large")
        yield content
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [
                member
                for member in archive.infolist()
                if member.filename.lower().endswith((".geojson", ".json"))
            ]
            # What it says of itself is true: reading more than that is an error
            sizes = [member.file_size for member in members]
            if (
                len(members) > MOST_FILES
                or sum(sizes) > MOST_BYTES
                or max(sizes, default=0) > MOST_OF_ONE
            ):
                raise ValueError("too large")
            for member in members:
                yield archive.read(member)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise ValueError("no ZIP") from error


def _read_feature(member: object) -> Feature | None:
    """Return a feature with an outline, None for whatever else it is."""
    if not isinstance(member, dict) or member.get("type") != "Feature":
        return None
    geometry, properties = member.get("geometry"), member.get("properties")
    if not isinstance(geometry, dict):
        return None
    properties = properties if isinstance(properties, dict) else {}
    parts = geometry.get("coordinates")
    parts = [parts] if geometry.get("type") == "Polygon" else parts
    if geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return None
    try:
        rings = [_read_ring(ring) for part in parts for ring in part]
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        raise ValueError("no coordinates of degrees") from error
    values = properties | {"id": member.get("id") or properties.get("id")}
    return Feature(
        code=_first(values, CODES),
        name=_first(values, NAMES),
        rings=[ring for ring in rings if len(ring) > 2],
    )


def _first(values: dict, names: Iterable[str]) -> str:
    found = (values.get(name) for name in names)
    return next((str(value) for value in found if value not in (None, "")), "")


def _read_ring(points: Iterable) -> Ring:
    """Return a ring without its last corner, which is its first one again."""
    ring: Ring = []
    for longitude, latitude, *_height in points:
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError(longitude, latitude)
        corner = round(longitude * STEP), round(latitude * STEP)
        if not ring or ring[-1] != corner:
            ring.append(corner)
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring.pop()
    return ring


# ------------------------------------------------------------
# MADE SMALL
# ------------------------------------------------------------


def simplify(areas: list[list[Ring]], tolerance: float = TOLERANCE) -> list[list[Ring]]:
    """Return the areas with fewer corners; what two share, they go on sharing.

    Each line between two areas is made simpler by itself, from one meeting of three
    areas to the next (Douglas and Peucker, 1973), so that neither gap nor overlap
    comes. Rings that become too small are left out, but an area keeps its largest.
    """
    sides: dict[frozenset, list[int]] = {}
    for number, ring in enumerate(ring for rings in areas for ring in rings):
        for edge in _edges(ring):
            sides.setdefault(frozenset(edge), []).append(number)
    return [
        _keep([_simplify_ring(ring, sides, tolerance) for ring in rings])
        for rings in areas
    ]


def _edges(ring: Ring) -> Iterator[tuple[Corner, Corner]]:
    return zip(ring, [*ring[1:], *ring[:1]], strict=True)


def _simplify_ring(ring: Ring, sides: dict, tolerance: float) -> Ring:
    owners = [sides[frozenset(edge)] for edge in _edges(ring)]
    nodes = [i for i in range(len(ring)) if owners[i - 1] != owners[i]]
    if len(nodes) < 2:
        # All of it borders on one area: the same two corners on both sides
        first = min(range(len(ring)), key=lambda i: ring[i])
        far = max(range(len(ring)), key=lambda i: (_apart(ring[i], ring[first]), i))
        nodes = sorted({first, far, *nodes})
    shorter: Ring = []
    for start, end in zip(nodes, [*nodes[1:], nodes[0] + len(ring)], strict=True):
        line = [ring[i % len(ring)] for i in range(start, end + 1)]
        # The same from both sides
        is_turned = line[0] > line[-1]
        line = _simplify_line(line[::-1] if is_turned else line, tolerance)
        shorter += (line[::-1] if is_turned else line)[:-1]
    return shorter


def _apart(one: Corner, other: Corner) -> int:
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def _simplify_line(line: Ring, tolerance: float) -> Ring:
    kept, todo = {0, len(line) - 1}, [(0, len(line) - 1)]
    while todo:
        start, end = todo.pop()
        worst, most = 0, tolerance**2
        for i in range(start + 1, end):
            distance = _to_line(line[i], line[start], line[end])
            if distance > most:
                worst, most = i, distance
        if worst:
            kept.add(worst)
            todo += [(start, worst), (worst, end)]
    return [line[i] for i in sorted(kept)]


def _to_line(point: Corner, start: Corner, end: Corner) -> float:
    """Return the square of the distance of a point from a piece of a line."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    share = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / (length or 1)
    share = min(1.0, max(0.0, share))
    return (start[0] + share * dx - point[0]) ** 2 + (
        start[1] + share * dy - point[1]
    ) ** 2


def _keep(rings: list[Ring]) -> list[Ring]:
    largest = max(rings, key=_size, default=[])
    return [
        ring
        for ring in rings
        if ring is largest or (len(ring) > 2 and _size(ring) > TOLERANCE**2 * 4)
    ]


def _size(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _edges(ring))) / 2


def pack(rings: list[Ring]) -> list[list[int]]:
    """Return rings as flat lists: the first corner, then the way to each next one."""
    packed = []
    for ring in rings:
        flat, last = [], (0, 0)
        for corner in ring:
            flat += [corner[0] - last[0], corner[1] - last[1]]
            last = corner
        packed.append(flat)
    return packed


def unpack(packed: list[list[int]]) -> list[Ring]:
    """Return the rings of :func:`pack`."""
    rings = []
    for flat in packed:
        ring, x, y = [], 0, 0
        for dx, dy in zip(flat[::2], flat[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append(ring)
    return rings


# ------------------------------------------------------------
# ASKED
# ------------------------------------------------------------


class Boundaries:
    """The boundaries of all areas.

    :param areas: id of an area, and its rings
    """

    def __init__(self, areas: Iterable[tuple[int, list[Ring]]]) -> None:
        self._areas = []
        for area_id, rings in areas:
            corners = [corner for ring in rings for corner in ring]
            if corners:
                xs, ys = zip(*corners, strict=True)
                box = min(xs), min(ys), max(xs), max(ys)
                self._areas.append((area_id, box, rings))

    def __bool__(self) -> bool:
        return bool(self._areas)

    def find(self, latitude: float, longitude: float, margin: float = 0.2) -> int:
        """Return the id of the area that a place is in, 0 for none.

        :param margin: kilometres beyond the outermost line that still count, since
            lines were made simpler, and a boat is not far from its shore
        """
        point = round(longitude * STEP), round(latitude * STEP)
        reach = margin / 111 * STEP
        nearest, least = 0, reach**2
        for area_id, box, rings in self._areas:
            if not (
                box[0] - reach <= point[0] <= box[2] + reach
                and box[1] - reach <= point[1] <= box[3] + reach
            ):
                continue
            if _is_within(point, rings):
                return area_id
            distance = min(
                _to_line(point, *edge) for ring in rings for edge in _edges(ring)
            )
            if distance < least:
                nearest, least = area_id, distance
        return nearest


def _is_within(point: Corner, rings: list[Ring]) -> bool:
    """Return whether a line from the point crosses the rings an odd number of times."""
    x, y = point
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in _edges(ring):
            if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
                inside = not inside
    return inside


def get_kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return how far two places (latitude, longitude) are apart, near 14° north."""
    return math.hypot((one[0] - other[0]) * 111, (one[1] - other[1]) * 108)
