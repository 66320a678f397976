"""Conversations at the chat doors, as an operator finds them in the morning."""

from datetime import timedelta
from itertools import count

from freezegun import freeze_time

from odoo.fields import Datetime

from odoo.addons.pakn_1022_chat.tools.gateway import Event

ACCOUNTS = {
    "zalo": "Zalo 1022 Gia Lai",
    "facebook": "Facebook 1022 Gia Lai",
    "livechat": "Hộp trò chuyện trên trang",
}
# Door, name, minutes ago it began, who takes care of it, what was said: "<" by the
# citizen, ">" by the operator. The helper says the rest.
CHATS = (
    (
        *("zalo", "Nguyễn Thị Lan", 34, None),
        (
            *("< đèn đường trước cổng trường Lê Lợi hỏng 3 hôm nay rồi",),
            *("< 45 Lê Lợi, phường Pleiku", "< bỏ qua", "< Nguyễn Thị Lan"),
            *("< 45 Lê Lợi, phường Pleiku", "< 0905 448 211"),
            "< cho tôi gặp nhân viên",
        ),
    ),
    (
        *("facebook", "Rơ Châm Hương", 20, "nhanvien"),
        (
            *("< gặp nhân viên", "< nhà em bị cắt nước từ hôm qua tới giờ chưa có"),
            "> Chào chị, chị cho xin địa chỉ và số điện thoại ạ.",
            "< làng Ốp, phường Pleiku, 0972 310 558",
        ),
    ),
    (
        *("livechat", "", 55, None),
        (
            *("< rác ở chợ Yên Thế không ai thu gom, mùi hôi thối", "< chợ Yên Thế"),
            *("< bỏ qua", "< Lê Văn Phúc", "< 12 Lê Duẩn, phường Hội Phú"),
            "< 0935 667 120",
        ),
    ),
    (
        *("zalo", "Trần Quốc Bảo", 150, "nhanvien2"),
        (
            *(
                "< gặp nhân viên",
                "< đường vào thôn 5 xã Chư Prông lầy lội không đi được",
            ),
            "> Chào anh, anh cho xin số điện thoại để chúng tôi báo kết quả.",
            "< 0868 201 337",
            "> Cảm ơn anh. Chúng tôi đã ghi nhận và sẽ chuyển đơn vị xử lý.",
        ),
    ),
    (
        *("facebook", "Phạm Minh Tuấn", 3 * 24 * 60, "nhanvien"),
        (
            *("< gặp nhân viên", "< loa phường phát lúc 5 giờ sáng ồn quá"),
            "> Chào anh, phản ánh của anh đã được ghi nhận.",
        ),
    ),
)
PHONES = {
    "Rơ Châm Hương": "0972310558",
    "Trần Quốc Bảo": "0868201337",
    "Phạm Minh Tuấn": "0914552018",
}


def load_chats(env):
    """Hold the conversations, each word at its minute; the chat box is open."""
    env["ir.config_parameter"].set_param("pakn_1022_livechat.is_on", True)
    accounts = {
        kind: env["pakn.chat.account"].create(
            {"name": name, "kind": kind, "outside_id": f"demo-{kind}"}
        )
        for kind, name in ACCOUNTS.items()
    }
    now, number = Datetime.now(), count(1)
    for kind, name, minutes, login, lines in CHATS:
        identity = f"demo-{next(number)}"
        with freeze_time(now - timedelta(minutes=minutes)) as clock:
            for line in lines:
                clock.tick(timedelta(minutes=1))
                channel = _say(env, accounts[kind], identity, name, line, login, number)
        ticket = channel.pakn_ticket_id
        if phone := PHONES.get(name):
            operator = env["res.users"].search([("login", "=", login)])
            ticket.with_user(operator).write(
                {"citizen_phone": phone, "citizen_name": name}
            )
    # What was said at other doors has arrived
    said = env["pakn.chat.message"].search([("state", "=", "waiting")])
    said.write({"state": "sent", "date_sent": now})
    env.flush_all()


def _say(env, account, identity, name, line, login, number):
    """Have one of the two say a line; return the conversation."""
    channels, text = env["discuss.channel"], line[2:]
    if line[0] == "<":
        event = Event("message", f"demo-in-{next(number)}", identity, name, text)
        channels._pakn_take_in(account, [event])
    channel = channels.search(
        [("pakn_account_id", "=", account.id), ("pakn_outside_id", "=", identity)]
    )
    operator = env["res.users"].search([("login", "=", login)]) if login else None
    if operator and channel.pakn_user_id != operator:
        channel.with_user(operator).action_pakn_take()
    if line[0] == ">":
        channel.with_user(operator).message_post(
            body=text, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
    return channel
