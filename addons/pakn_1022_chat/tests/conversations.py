"""Written conversations, read from ``data/conversations.txt``, and a desk for them.

A conversation begins with ``# name``. A turn is one or more lines ``> words``
(several: sent one after the other), ``> [photo]``, ``> [voice]`` or
``> [place 13.98 108.00 Name]``, then ``<`` with the keys of what is said to it, then
``=`` with what the desk was asked to do, where it was. ``@`` sets the desk: ``closed``,
``nobody``, ``no-sms``, ``done``, ``ended``; ``public`` (a database of dossiers that
anybody may ask), ``personal`` (one for those who prove the phone), ``down``.
"""

import re
from pathlib import Path

from odoo.addons.pakn_1022_chat.tools import helper
from odoo.addons.pakn_1022_chat.tools.match import find_fitting

DATA = Path(__file__).parent / "data" / "conversations.txt"
OWN, OTHER, OTHERS_PHONE = "GL26-000123-7", "GL26-000456-1", "+84905123456"
ARTICLES = (
    ("Làm thẻ căn cước ở đâu?", "Tại Công an xã, phường."),
    ("Thủ tục đăng ký khai sinh", "Nộp tại UBND xã, phường."),
    ("Thủ tục đăng ký kết hôn", "Nộp tại UBND xã, phường."),
    ("Lệ phí cấp giấy phép xây dựng nhà ở", "75.000 đồng."),
)


class FakeDesk:
    """The hotline as a conversation needs it; writes down what it is asked to do."""

    def __init__(self, settings):
        self.settings, self.done = settings, []
        self.request = None
        if "done" in settings:
            self.request = helper.Request(OWN, False, True)
        elif "ended" in settings:
            self.request = helper.Request(OWN, False)

    def get_request(self):
        return self.request

    def open_request(self, text):
        self.request = helper.Request(OWN, True)
        self.done.append("open")
        return self.request

    def add_words(self, text):
        self.done.append("add")

    def set_detail(self, name, value):
        self.done.append(f"{name}={value}")

    def set_place(self, place):
        self.done.append("map")

    def is_own(self, code):
        return bool(self.request) and code == self.request.code

    def describe_state(self, code):
        return {"code": code, "state": "Đã chuyển"}

    def send_code(self, phone, code):
        if "no-sms" in self.settings:
            return None
        self.done.append("sms")
        return True

    def check_code(self, phone, digits, code):
        is_right = digits == "135790" and (not code or phone == OTHERS_PHONE)
        self.done.append("proved" if is_right else "wrong")
        return is_right

    def check_phone(self, phone, digits):
        self.done.append("proved" if digits == "135790" else "wrong")
        return digits == "135790"

    def find_source(self, text):
        match = re.search(r"H21-\d{6}-\d{4}", text)
        if not match or not {"public", "personal"} & self.settings:
            return None
        return helper.Source(
            *(7, match[0], text.replace(match[0], ""), "https://1022/x"),
            needs_phone="personal" in self.settings,
            can_prove="no-sms" not in self.settings,
        )

    def look_up(self, key, code, phone):
        self.done.append(f"look={key} {phone}".strip())
        if "down" in self.settings:
            return "down", ""
        if phone and phone != OTHERS_PHONE:
            return "not_yours", ""
        return ("found", "Đang xử lý") if code.endswith("1") else ("missing", "")

    def find_articles(self, text):
        titles = [title for title, _answer in ARTICLES]
        return [
            helper.Article(*ARTICLES[place]) for place in find_fitting(text, titles)
        ]

    def call_person(self):
        self.done.append("person")
        return "nobody" not in self.settings

    def is_there(self):
        return "nobody" not in self.settings

    def when_open(self):
        return "07:00 03/03/2026" if "closed" in self.settings else ""

    def rate(self, grade, reason):
        self.done.append(f"rate={grade}")
        return True


def read_conversations(path=DATA):
    """Yield ``(name, settings, turns)``; a turn is ``(lines, keys, acts)``."""
    text = path.read_text(encoding="utf-8")
    for part in re.split(r"^# ", text, flags=re.M)[1:]:
        name, *lines = part.strip().splitlines()
        settings, turns = set(), []
        for line in lines:
            mark, _blank, rest = line.partition(" ")
            if mark == "@":
                settings |= set(rest.split())
            elif mark == ">":
                if not turns or turns[-1][1] is not None:
                    turns.append([[], None, ""])
                turns[-1][0].append(rest)
            elif mark == "<":
                turns[-1][1] = [] if rest == "-" else rest.split()
            elif mark == "=":
                turns[-1][2] = rest
        yield name, settings, turns


def read_heard(lines):
    """Return what arrived, as the job puts it together."""
    texts, files, voice, place = [], 0, False, None
    for line in lines:
        match = re.fullmatch(r"\[place (\S+) (\S+) ?(.*)\]", line)
        if line == "[photo]":
            files += 1
        elif line == "[voice]":
            voice = True
        elif match:
            place = helper.Place(float(match[1]), float(match[2]), match[3])
        elif line != "[sticker]":
            texts.append(line)
    return helper.Heard("\n".join(texts), files, voice, place)


def play(settings, turns):
    """Yield ``(turn, keys said, acts)`` of a conversation."""
    desk, state = FakeDesk(settings), helper.State()
    for turn in turns:
        desk.done.clear()
        replies = helper.hear(state, read_heard(turn[0]), desk)
        state = helper.State.from_json(state.to_json())
        yield turn, [reply.key for reply in replies], "; ".join(desk.done)
