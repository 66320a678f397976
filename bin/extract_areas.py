"""Write the addon's lists of areas and units anew from the dataset of the package
`vietnamadminunits` (PyPI, MIT licence; its source: the official lists of the General
Statistics Office, and Resolution 1664/NQ-UBTVQH15 of 16 June 2025).

usage: extract_areas.py FOLDER (of the unpacked package; 1.0.4 was used)
"""

import csv
import json
import math
import sqlite3
import sys
from pathlib import Path

ADDONS = Path(__file__).resolve().parents[1] / "addons"
DATA = ADDONS / "pakn_1022/data"
PLACES = ADDONS / "pakn_1022_website/data/places.csv"
# On 1 July 2025 the province was merged with Bình Định and the districts ended.
LAST_DAY, FIRST_DAY = "2025-06-30", "2025-07-01"
KINDS = {"Phường": "ward", "Thị trấn": "commune", "Xã": "commune"}
AREA = ("id", "name", "code", "kind", "latitude", "longitude")
AREA += ("date_from", "date_to", "parent_id:id", "successor_id:id", "active")
PLACE = ("kind", "name", "of", "latitude", "longitude")
# The neighbours' wards that a place near the border may be in, by km to one of ours
NEIGHBOURS, NEAR = ("Quảng Ngãi", "Đắk Lắk"), 45
UNIT = ("id", "code", "name", "kind", "sequence", "area_id:id")
UNIT += ("date_from", "date_to", "parent_id:id", "successor_id:id", "active")

# Code, name, code of the successor: the departments of December 2025, then those of
# the regulation's time that have gone into others.
DEPARTMENTS = (
    ("SNV", "Sở Nội vụ", ""),
    ("STP", "Sở Tư pháp", ""),
    ("STC", "Sở Tài chính", ""),
    ("SCT", "Sở Công Thương", ""),
    ("NNMT", "Sở Nông nghiệp và Môi trường", ""),
    ("SXD", "Sở Xây dựng", ""),
    ("KHCN", "Sở Khoa học và Công nghệ", ""),
    ("VHTTDL", "Sở Văn hóa, Thể thao và Du lịch", ""),
    ("SGDDT", "Sở Giáo dục và Đào tạo", ""),
    ("SYT", "Sở Y tế", ""),
    ("DTTG", "Sở Dân tộc và Tôn giáo", ""),
    ("SNgV", "Sở Ngoại vụ", ""),
    ("TTT", "Thanh tra tỉnh", ""),
    ("BQLKKT", "Ban Quản lý Khu kinh tế tỉnh", ""),
    ("SKHDT", "Sở Kế hoạch và Đầu tư", "STC"),
    ("SGTVT", "Sở Giao thông vận tải", "SXD"),
    ("STTTT", "Sở Thông tin và Truyền thông", "KHCN"),
    ("SLDTBXH", "Sở Lao động - Thương binh và Xã hội", "SNV"),
    ("STNMT", "Sở Tài nguyên và Môi trường", "NNMT"),
    ("SNNPTNT", "Sở Nông nghiệp và Phát triển nông thôn", "NNMT"),
    ("BDT", "Ban Dân tộc", "DTTG"),
)


def read_successors(converter):
    """Return ``{district key and ward key of old: ward key of new}``.

    Of a ward that was divided, the one that got most of it.
    """
    found = {}
    for new, olds in converter["DICT_PROVINCE_WARD_NO_DIVIDED"]["tinhgialai"].items():
        for old in olds:
            found[old] = new
    for old, parts in converter["DICT_PROVINCE_WARD_DIVIDED"]["tinhgialai"].items():
        found[old] = next(p["newWardKey"] for p in parts if p["isDefaultNewWard"])
    return found


def make_places(data, converter, by_key):
    """Return what the site finds beside today's areas.

    Wards and communes of Bình Định until 30 June 2025, with the code of what they are
    in now, and those of the neighbours today.

    :param dict by_key: key of a ward of today -> its code
    """
    successors, places = read_successors(converter), []
    for row in data.execute(
        """SELECT * FROM admin_units_legacy
            WHERE provinceKey = 'tinhbinhdinh' ORDER BY wardCode"""
    ):
        key = f"tinhbinhdinh_{row['districtKey']}_{row['wardKey']}"
        district = row["district"][0].lower() + row["district"][1:]
        places.append(
            {
                "kind": "former",
                "name": f"{row['ward']}, {district}",
                "of": by_key.get(successors.get(key), ""),
                "latitude": round(row["wardLat"], 4),
                "longitude": round(row["wardLon"], 4),
            }
        )
    rows = data.execute("SELECT * FROM admin_units ORDER BY wardCode").fetchall()
    ours = [row for row in rows if row["provinceCode"] == "52"]
    for row in rows:
        distance = min(
            math.hypot(
                (row["wardLat"] - our["wardLat"]) * 111,
                (row["wardLon"] - our["wardLon"]) * 108,
            )
            for our in ours
        )
        if row["provinceShort"] in NEIGHBOURS and distance <= NEAR:
            places.append(
                {
                    "kind": "neighbour",
                    "name": row["ward"],
                    "of": row["provinceShort"],
                    "latitude": round(row["wardLat"], 4),
                    "longitude": round(row["wardLon"], 4),
                }
            )
    return [place for place in places if place["of"]]


def write(path, columns, rows):
    """Write one CSV file of an addon."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder):
    """Write ``pakn.area.csv``, ``pakn.unit.csv`` and the site's ``places.csv``."""
    data = sqlite3.connect(folder / "data/dataset.db")
    data.row_factory = sqlite3.Row
    converter = json.loads((folder / "data/converter_2025.json").read_text("utf-8"))
    successors = read_successors(converter)
    areas, units, by_key = [], [], {}
    for position, (code, name, successor) in enumerate(DEPARTMENTS, 2):
        row = {"id": f"unit_{code.lower()}", "code": code, "name": name}
        row |= {"kind": "department", "sequence": position, "active": 1}
        if successor:
            row |= {"date_to": LAST_DAY, "active": 0}
            row["successor_id:id"] = f"unit_{successor.lower()}"
        units.append(row)
    for row in data.execute(
        "SELECT * FROM admin_units WHERE provinceCode = '52' ORDER BY ward"
    ):
        code = by_key[row["wardKey"]] = row["wardCode"]
        areas.append(
            {
                "id": f"area_{code}",
                "name": row["ward"],
                "code": code,
                "kind": KINDS[row["wardType"]],
                "latitude": round(row["wardLat"], 6),
                "longitude": round(row["wardLon"], 6),
                "date_from": FIRST_DAY,
                "active": 1,
            }
        )
        units.append(
            {
                "id": f"unit_{code}",
                "code": f"UB{code}",
                "name": f"UBND {row['ward'][0].lower()}{row['ward'][1:]}",
                "kind": "commune",
                "sequence": 50,
                "area_id:id": f"area_{code}",
                "date_from": FIRST_DAY,
                "active": 1,
            }
        )
    ended = {"date_to": LAST_DAY, "active": 0}
    for row in data.execute(
        """SELECT district, districtCode, avg(districtLat) AS lat, avg(districtLon)
                  AS lon FROM admin_units_legacy WHERE provinceCode = '64'
            GROUP BY 1, 2 ORDER BY 2"""
    ):
        code, name = row["districtCode"], row["district"]
        lower = name[0].lower() + name[1:]
        areas.append(
            {"id": f"area_{code}", "name": name, "code": code, "kind": "district"}
            | {"latitude": round(row["lat"], 6), "longitude": round(row["lon"], 6)}
            | ended
        )
        units.append(
            {"id": f"unit_{code}", "code": f"UB{code}", "name": f"UBND {lower}"}
            | {"kind": "district", "sequence": 80, "area_id:id": f"area_{code}"}
            | ended
        )
    for row in data.execute(
        "SELECT * FROM admin_units_legacy WHERE provinceCode = '64' ORDER BY wardCode"
    ):
        old, ward = row["wardCode"], row["ward"]
        key = f"tinhgialai_{row['districtKey']}_{row['wardKey']}"
        new = by_key.get(successors.get(key))
        area = {
            "id": f"area_old_{old}",
            "name": f"{ward}, {row['district'][0].lower()}{row['district'][1:]}",
            "code": old,
            "kind": KINDS[row["wardType"]],
            "latitude": round(row["wardLat"], 6),
            "longitude": round(row["wardLon"], 6),
            "parent_id:id": f"area_{row['districtCode']}",
            "successor_id:id": f"area_{new}" if new else "",
        }
        areas.append(area | ended)
        units.append(
            {
                "id": f"unit_old_{old}",
                "code": f"UBC{old}",
                "name": f"UBND {area['name'][0].lower()}{area['name'][1:]}",
                "kind": "commune",
                "sequence": 90,
                "area_id:id": f"area_old_{old}",
                "parent_id:id": f"unit_{row['districtCode']}",
                "successor_id:id": f"unit_{new}" if new else "",
            }
            | ended
        )
    write(DATA / "pakn.area.csv", AREA, areas)
    write(DATA / "pakn.unit.csv", UNIT, units)
    write(PLACES, PLACE, make_places(data, converter, by_key))
    without = [
        row["name"]
        for row in areas
        if row.get("parent_id:id") and not row["successor_id:id"]
    ]
    print(f"{len(areas)} areas, {len(units)} units; no successor known: {without}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
