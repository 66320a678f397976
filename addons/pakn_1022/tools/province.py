"""What names the province and its hotline: one place for all addons. Nothing of Odoo.

Another province that runs the same regulation changes this file, its list of units and
areas, and the texts of its translations.
"""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo

TIMEZONE = "Asia/Ho_Chi_Minh"
ZONE = ZoneInfo(TIMEZONE)
LANG = "vi_VN"

# Art. 3: under these the hotline is reached
NAME = "1022 Gia Lai"
PHONE = "(0269) 1022"
EMAIL = "1022@gialai.gov.vn"
WEBSITE = "https://1022.gialai.gov.vn"
# Above the hotline, and where it issues documents (Decree 30/2020/ND-CP)
SUPERIOR = "Ủy ban nhân dân tỉnh Gia Lai"
PLACE = "Gia Lai"
CONTACT = {"name": NAME, "phone": PHONE, "email": EMAIL, "website": WEBSITE}

# Art. 14: the three grades, as Odoo's ``rating`` counts them, and their official words
GRADES: dict[int, str] = {5: "Hài lòng", 3: "Chấp nhận được", 1: "Không hài lòng"}


def to_local(moment: datetime) -> datetime:
    """Return a moment in naive UTC, as Odoo keeps it, as the clock of Gia Lai has it.

    :return: naive, in the province's time zone
    """
    return moment.replace(tzinfo=timezone.utc).astimezone(ZONE).replace(tzinfo=None)


def to_utc(moment: datetime) -> datetime:
    """Return what a clock of Gia Lai shows (naive) as naive UTC."""
    return moment.replace(tzinfo=ZONE).astimezone(timezone.utc).replace(tzinfo=None)
