"""The people and units of the demonstration. All names of people are invented."""

import csv
import random
from functools import cache

from odoo.fields import Command
from odoo.tools.misc import file_open

PASSWORD = "1022gialai"
SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Phan",
    "Vũ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Rơ Châm",
    "Siu",
)
MIDDLES = ("Minh", "Thanh", "Ngọc", "Quang", "Hữu", "Đức", "Thu", "Xuân", "Hồng")
NAMES = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hà",
    "Hạnh",
    "Hiếu",
    "Hòa",
    "Hùng",
    "Hương",
    "Khánh",
    "Lan",
    "Linh",
    "Long",
    "Nam",
    "Nhung",
    "Phúc",
    "Sơn",
    "Thảo",
    "Trang",
    "Yến",
)


def read_rows(name):
    """Return the rows of a file of this addon as dictionaries."""
    with file_open(f"pakn_1022_demo/data/{name}.csv") as file:
        return list(csv.DictReader(file, delimiter="|"))


def person_name(rng):
    """Return an invented full name."""
    return f"{rng.choice(SURNAMES)} {rng.choice(MIDDLES)} {rng.choice(NAMES)}"


def create_user(env, login, name, *groups):
    """Create an account with the demonstration's password."""
    user = env["res.users"].create(
        {
            "login": login,
            "name": name,
            "email": f"{login}@example.com",
            "lang": "vi_VN",
            "tz": "Asia/Ho_Chi_Minh",
            "notification_type": "inbox",
            "group_ids": [
                Command.link(env.ref(f"pakn_1022.group_{group}").id) for group in groups
            ],
        }
    )
    user._set_encrypted_password(user.id, _password_hash(env))
    return user


@cache
def _password_hash(env):
    """Return the one hash of the one password: hashing is slow on purpose."""
    return env["res.users"]._crypt_context().hash(PASSWORD)


def load_users(env):
    """Create the accounts that belong to no unit."""
    create_user(env, "nhanvien", "Trần Thị Mai", "operator")
    create_user(env, "nhanvien2", "Lê Văn Tuấn", "operator")
    create_user(env, "giamsat", "Phạm Quang Long", "monitor")
    create_user(env, "quantri", "Nguyễn Minh Khánh", "manager")


def load_units(env):
    """Give some units a focal point and a head each, and their fields."""
    rng = random.Random(1022)
    units = {"VPUBND": env.ref("pakn_1022.unit_provincial_office")}
    units["VPUBND"].write(
        {
            "focal_user_ids": [
                Command.link(
                    create_user(
                        env, "vpubnd", "Hoàng Thanh Phương", "provincial_office"
                    ).id
                )
            ],
            "head_user_id": create_user(
                env, "thutruong.vpubnd", "Đỗ Đức Sơn", "provincial_office"
            ).id,
        }
    )
    for position, row in enumerate(read_rows("units"), 10):
        # The first department's people are the accounts that visitors sign in with.
        suffix = "" if row["code"] == "SXD" else f".{row['code'].lower()}"
        unit = env["pakn.unit"].search([("name", "=", row["name"])], limit=1)
        if not unit:
            unit = unit.create(
                {
                    "name": row["name"],
                    "code": row["code"],
                    "kind": row["kind"],
                    "parent_id": units[row["parent"]].id if row["parent"] else False,
                    "sequence": position,
                }
            )
        units[row["code"]] = unit
        focal = create_user(env, f"daumoi{suffix}", person_name(rng), "unit_focal")
        head = create_user(env, f"thutruong{suffix}", person_name(rng), "unit_head")
        unit.write(
            {
                "phone": row["phone"],
                "focal_user_ids": [Command.link(focal.id)],
                "head_user_id": head.id,
            }
        )
        codes = (row["categories"] or "").split()
        env["pakn.category"].search([("code", "in", codes)]).default_unit_id = unit


def load_articles(env):
    """Create the ready answers."""
    categories = {c.code: c.id for c in env["pakn.category"].search([], limit=200)}
    units = {u.code: u.id for u in env["pakn.unit"].search([], limit=200)}
    env["pakn.article"].create(
        [
            {
                "name": row["question"],
                "answer": f"<p>{row['answer']}</p>",
                "category_id": categories[row["category"]],
                "unit_id": units[row["unit"]],
                "is_published": True,
            }
            for row in read_rows("articles")
        ]
    )
