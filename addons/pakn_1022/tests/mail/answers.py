# ruff: noqa: E501 - mails as they come are not broken
"""Answers with quotations, as the mail programs of Vietnam make them.

Each style is written as its program writes it; the answer is put above, below, on both
sides and in between, so that what is right is known by construction. Those that fit no
style follow by hand.
"""

from collections.abc import Iterator
from typing import NamedTuple

KEY = (
    "https://1022.gialai.example/tra-cuu/GL26-000123-7?access_token=0f8b7c6d-1a2b-4c3d"
)
OURS = f"""Kính gửi ông/bà Trần Thị B,
Tổng đài 1022 tỉnh Gia Lai đã nhận phản ánh GL26-000123-7 của ông/bà về đèn đường hỏng.
Xin ông/bà cho biết thêm địa chỉ và số cột đèn.
Xem tình hình xử lý tại {KEY}
Trân trọng,
Tổng đài 1022 Gia Lai, điện thoại (0269) 1022"""
ABOVE = "Nhà tôi ở số 12 Lê Lợi, phường Diên Hồng."
BELOW = "Cột đèn số 5, đối diện trường mẫu giáo Hoa Sen."
ADDRESS = "1022@gialai.example"


class Answer(NamedTuple):
    """An answer and what is right.

    :ivar body: of a mail, a page if it begins with ``<``
    :ivar known: whether the hotline knows the mail that is quoted
    :ivar says: the pieces that are the answer, in their order
    :ivar quotes: words that are a quotation and must not be on record
    """

    name: str
    body: str
    known: bool
    says: tuple[str, ...]
    quotes: tuple[str, ...]


QUOTED = ("Tổng đài 1022 tỉnh Gia Lai đã nhận phản ánh", "0f8b7c6d")

# Name -> (head, mark before each line of the quotation)
TEXT_STYLES = {
    "Gmail": (
        f"Vào Th 2, 2 thg 3, 2026 vào lúc 08:00 Tổng đài 1022 <{ADDRESS}> đã viết:\n",
        "> ",
    ),
    "Gmail, broken": (
        f"Vào Th 2, 2 thg 3, 2026 vào lúc 08:00 Tổng đài 1022 Gia Lai\n<{ADDRESS}>\n"
        "đã viết:\n",
        "> ",
    ),
    "Gmail, English": (
        f"On Mon, Mar 2, 2026 at 8:00 AM Tổng đài 1022 <{ADDRESS}> wrote:\n",
        "> ",
    ),
    "Apple": (f"Vào 08:00, 2 thg 3, 2026, Tổng đài 1022 <{ADDRESS}> đã viết:\n", "> "),
    "iPhone": (
        f"Đã gửi từ iPhone của tôi\n\nVào 2 thg 3, 2026, lúc 08:00, 1022 <{ADDRESS}> "
        "đã viết:\n",
        "> ",
    ),
    "Apple, English": (
        f"On 2 Mar 2026, at 08:00, Tổng đài 1022 <{ADDRESS}> wrote:\n",
        "> ",
    ),
    "Thunderbird": ("Vào 02/03/2026 08:00, Tổng đài 1022 đã viết:", "> "),
    "Thunderbird, English": ("On 02/03/2026 08:00, Tổng đài 1022 wrote:", "> "),
    "Yahoo": (
        "Vào Thứ Hai, 2 tháng 3, 2026 lúc 08:00:00 GMT+7, Tổng đài 1022 "
        f"<{ADDRESS}> đã viết:\n",
        "",
    ),
    "Roundcube": ("Vào 2026-03-02 08:00, Tổng đài 1022 đã viết:", "> "),
    "Outlook": (
        f"________________________________\nTừ: Tổng đài 1022 <{ADDRESS}>\n"
        "Đã gửi: Thứ Hai, 2 Tháng Ba 2026 8:00 SA\nĐến: Trần Thị B\n"
        "Chủ đề: GL26-000123-7\n",
        "",
    ),
    "Outlook, older": (
        f"-----Thư gốc-----\nTừ: Tổng đài 1022 [mailto:{ADDRESS}]\n"
        "Đã gửi: 02 Tháng Ba 2026 8:00 SA\nTới: Trần Thị B\nTiêu đề: GL26-000123-7\n",
        "",
    ),
    "Outlook, English": (
        f"-----Original Message-----\nFrom: Tổng đài 1022 <{ADDRESS}>\n"
        "Sent: Monday, March 2, 2026 8:00 AM\nTo: Trần Thị B\nSubject: GL26-000123-7\n",
        "",
    ),
    "Outlook with copy": (
        f"From: Tổng đài 1022 <{ADDRESS}>\nDate: Monday, 2 March 2026 at 08:00\n"
        "To: Trần Thị B <b@corpus.example>\nCc: UBND phường Diên Hồng <dh@x.example>,\n"
        "Công an phường <ca@x.example>\nSubject: GL26-000123-7\n",
        "",
    ),
    "Zimbra": (
        f'Từ: "Tổng đài 1022" <{ADDRESS}>\nTới: "Trần Thị B" <b@corpus.example>\n'
        "Đã gửi: Thứ hai, 2 Tháng 3, 2026 8:00:00 AM\nChủ đề: GL26-000123-7\n",
        "",
    ),
    "Zimbra, original": (
        f"----- Thư gốc -----\nTừ: 1022 <{ADDRESS}>\nĐến: b@corpus.example\n"
        "Đã gửi: Thứ Hai, 02 Tháng 3 2026 08:00:00 +0700 (ICT)\nChủ đề: GL26-000123-7\n",
        "",
    ),
    "Zimbra, English": (
        f"----- Original Message -----\nFrom: 1022 <{ADDRESS}>\nTo: b@corpus.example\n"
        "Sent: Mon, 02 Mar 2026 08:00:00 +0700 (ICT)\nSubject: GL26-000123-7\n",
        "> ",
    ),
    "an office's server": (
        f"Người gửi: Tổng đài 1022 <{ADDRESS}>\nNgười nhận: Trần Thị B\n"
        "Ngày gửi: 02/03/2026 08:00\nTiêu đề: GL26-000123-7\n",
        "",
    ),
    "Samsung": (
        f"-------- Tin nhắn gốc --------\nTừ: Tổng đài 1022 <{ADDRESS}>\n"
        "Ngày: 02/03/2026 08:00 (GMT+07:00)\nĐến: b@corpus.example\n"
        "Chủ đề: GL26-000123-7\n",
        "",
    ),
    "bold labels": (
        f"*Từ:* Tổng đài 1022 <{ADDRESS}>\n*Đã gửi:* Thứ Hai, 2 Tháng Ba 2026\n"
        "*Đến:* Trần Thị B\n*Chủ đề:* GL26-000123-7\n",
        "",
    ),
}
PLACES = ("above", "below", "both", "between")


def iterate_answers() -> Iterator[Answer]:
    yield from _texts()
    yield from _pages()
    yield from _by_hand()


def _texts() -> Iterator[Answer]:
    for name, (head, mark) in TEXT_STYLES.items():
        for place in PLACES:
            body, says = _put(head, mark, place)
            yield Answer(f"{name}, {place}", body, True, says, QUOTED)
        if mark or name != "Yahoo":
            body, says = _put(head, mark, "above")
            yield Answer(f"{name}, above, not known", body, False, says, QUOTED)


def _put(head: str, mark: str, place: str) -> tuple[str, tuple[str, ...]]:
    lines = OURS.split("\n")
    marked = [f"{mark}{line}".rstrip() for line in lines]
    quotation = head + "\n" + "\n".join(marked)
    if place == "above":
        return f"{ABOVE}\n\n{quotation}\n", (ABOVE,)
    if place == "below":
        return f"{quotation}\n\n{BELOW}\n", (BELOW,)
    if place == "both":
        return f"{ABOVE}\n\n{quotation}\n\n{BELOW}\n", (ABOVE, BELOW)
    between = [*marked[:3], "", ABOVE, "", *marked[3:], "", BELOW]
    return head + "\n" + "\n".join(between), (ABOVE, BELOW)


def _pages() -> Iterator[Answer]:
    """Pages, of which each program has its own."""
    ours = OURS.replace("\n", "<br>")
    paragraphs = "".join(f"<p class=MsoNormal>{line}</p>" for line in OURS.split("\n"))
    styles = {
        "Gmail": (
            '<div class="gmail_quote"><div dir="ltr" class="gmail_attr">Vào Th 2, 2 thg '
            f"3, 2026 vào lúc 08:00 Tổng đài 1022 &lt;<a>{ADDRESS}</a>&gt; đã viết:<br>"
            f'</div><blockquote class="gmail_quote">{ours}</blockquote></div>'
        ),
        "Apple": (
            f'<div><blockquote type="cite"><div>Vào 08:00, 2 thg 3, 2026, 1022 '
            f"&lt;{ADDRESS}&gt; đã viết:</div><br><div>{ours}</div></blockquote></div>"
        ),
        "Outlook": (
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p><b>Từ:</b> Tổng '
            f"đài 1022 &lt;{ADDRESS}&gt;<br><b>Đã gửi:</b> Thứ Hai, 2 Tháng Ba 2026 8:00 "
            "SA<br><b>Đến:</b> Trần Thị B<br><b>Chủ đề:</b> GL26-000123-7</p></div>"
            f"{paragraphs}"
        ),
        "Outlook on the web": (
            '<hr><div id="divRplyFwdMsg"><font><b>Từ:</b> 1022 '
            f"&lt;{ADDRESS}&gt;<br><b>Đã gửi:</b> 02 Tháng Ba 2026 08:00<br><b>Đến:</b> "
            f"B<br><b>Chủ đề:</b> GL26-000123-7</font></div><div>{ours}</div>"
        ),
        "Zimbra": (
            '<hr id="zwchr"><div><b>Từ: </b>"1022" '
            f"&lt;{ADDRESS}&gt;<br><b>Tới: </b>b@corpus.example<br><b>Đã gửi: </b>Thứ "
            f"hai, 2 Tháng 3, 2026<br><b>Chủ đề: </b>GL26-000123-7</div><div>{ours}</div>"
        ),
        "Yahoo": (
            '<div class="yahoo_quoted"><div>Vào Thứ Hai, 2 tháng 3, 2026, Tổng đài 1022 '
            f"&lt;{ADDRESS}&gt; đã viết:</div><div>{ours}</div></div>"
        ),
    }
    for name, quotation in styles.items():
        for place in ("above", "below", "both"):
            above = f"<div>{ABOVE}</div>" if place != "below" else ""
            below = f"<div>{BELOW}</div>" if place != "above" else ""
            says = tuple(
                text for text, page in ((ABOVE, above), (BELOW, below)) if page
            )
            yield Answer(
                f"page of {name}, {place}",
                f"<html><body>{above}{quotation}{below}</body></html>",
                True,
                says,
                QUOTED,
            )
    yield Answer(
        "page, an answer within the quotation",
        f"<blockquote>{ours}<br>{BELOW}</blockquote>",
        True,
        (BELOW,),
        QUOTED,
    )


def _by_hand() -> Iterator[Answer]:
    """What fits no style, and what only looks like a quotation."""
    lines = OURS.split("\n")
    long = "\n".join(f"> {line}" for line in lines * 200)
    yield Answer("below 1200 lines", f"{long}\n\n{BELOW}", True, (BELOW,), QUOTED)
    twice = "\n".join(f"> > {line}" for line in lines)
    yield Answer(
        "a quotation of a quotation",
        f"{ABOVE}\n\nVào 03/03/2026 09:00, B đã viết:\n> Đèn vẫn hỏng.\n>\n{twice}",
        True,
        (ABOVE,),
        QUOTED,
    )
    wrapped = OURS.replace(" về đèn", "\nvề đèn").replace(" địa chỉ", "\nđịa chỉ")
    yield Answer(
        "lines broken elsewhere",
        f"Từ: 1022 <{ADDRESS}>\nĐã gửi: 2/3/2026\nĐến: B\nChủ đề: x\n\n{wrapped}\n\n"
        f"{BELOW}",
        True,
        (BELOW,),
        QUOTED,
    )
    yield Answer(
        "each line answered",
        f"> {lines[1]}\nVâng, đúng rồi.\n> {lines[2]}\n{BELOW}\n> {lines[3]}\nTôi đã xem.",
        True,
        ("Vâng, đúng rồi.", BELOW, "Tôi đã xem."),
        QUOTED,
    )
    yield Answer(
        "answered within marked lines",
        "\n".join(f"> {line}" for line in [*lines[:3], BELOW, *lines[3:]]),
        True,
        (BELOW,),
        QUOTED,
    )
    forwarded = (
        "---------- Thư đã chuyển tiếp ---------\nTừ: UBND phường <dh@x.example>\n"
        "Ngày: 1 thg 3, 2026\nChủ đề: Trả lời\nĐến: B\n\nPhường chưa có kinh phí."
    )
    yield Answer(
        "another's mail sent on",
        f"{ABOVE}\n\n{forwarded}",
        True,
        (ABOVE, "Phường chưa có kinh phí."),
        (),
    )
    yield Answer(
        "another's mail below its head",
        f"{ABOVE}\n\nTừ: UBND phường <dh@x.example>\nĐã gửi: 1/3/2026\nĐến: B\n"
        "Chủ đề: Trả lời\n\nPhường chưa có kinh phí.",
        True,
        (ABOVE, "Phường chưa có kinh phí."),
        (),
    )
    quoted = "\n".join(f"> {line}" for line in lines)
    yield Answer(
        "nothing but the quotation", quoted, True, ("Tổng đài 1022 tỉnh Gia Lai",), ()
    )
    # No quotations at all
    for name, text in {
        "hours": "Từ: 7 giờ\nĐến: 9 giờ tối ngày nào cũng mất điện.",
        "a journey": "Từ: Pleiku\nĐến: Chư Sê\nĐường rất xấu, nhiều ổ gà.",
        "a date that is told": "Vào ngày 2/3/2026 lúc 08:00 tôi gọi tổng đài mà không ai nghe.",
        "a date and a letter": "Ngày 01/03/2026 tôi đã viết đơn gửi phường\nnhưng chưa ai trả lời.",
        "less and more": "Mức nước > 5 m là nguy hiểm, < 2 m thì không.",
        "a rule": "-----\nĐèn hỏng.\n-----\nXin sửa gấp.",
        "a list": "Việc thứ nhất: đèn hỏng.\nViệc thứ hai: cống tắc.\nNgày: 2/3/2026",
        "a form": "Họ tên: Trần Thị B\nĐịa chỉ: 12 Lê Lợi\nNgày gửi: 2/3/2026\nNội dung: đèn hỏng",
        "a signature": f"{ABOVE}\n\n-- \nTrần Thị B\nGiáo viên",
        "an answer word": "Anh ấy viết:",
        "arrows": "Đi từ ngã ba -> cầu -> trường học, đoạn này tối.",
    }.items():
        yield Answer(
            f"no quotation: {name}",
            text,
            True,
            tuple(filter(None, text.split("\n"))),
            (),
        )
    for name, link in {
        "a link": KEY,
        "a link wrapped by a filter": "https://safe.example/?url=https%3A%2F%2F1022.gialai"
        ".example%2Ftra-cuu%3Faccess_token%3D0f8b7c6d-1a2b-4c3d&data=1",
        "a link to rate": "https://1022.gialai.example/rate/0f8b7c6d1a2b4c3d/5",
    }.items():
        yield Answer(
            f"{name} in the answer itself",
            f"{ABOVE}\nTôi không mở được {link}",
            True,
            (ABOVE, "Tôi không mở được https://"),
            ("0f8b7c6d",),
        )
