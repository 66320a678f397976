"""Finding requests by words, at a growing number of requests.

Run in Odoo's shell on a scratch database (``env`` is given), as the web client asks:
the first eighty with their number, best first. Every request says other words:
syllables come as often as in texts of the province (half of them speak of a street),
names and numbers are each citizen's own.
"""

from bench.measuring import OURS, copy, look, make_row, sizes, tidy

SIZES = sizes("SEARCH", "10000,100000,1000000", "10000")
# SQL: what the nth request is about, where, and whose it is
THINGS = "ARRAY['den chieu sang','o ga','nap cong','rac thai','cay xanh','nuoc sach']"
PLACES = "ARRAY['hung vuong','le loi','tran phu','cach mang thang tam','quang trung']"
NAMES = "ARRAY['nguyen','tran','ro cham','siu','do','le','pham','ksor']"
GIVEN = "ARRAY['khanh','hyen','lan','tuan','minh','hoa','thao']"
QUERIES = {
    "a word that half say": "duong",
    "four words": "den duong hung vuong",
    "name and place": "khanh tran phu",
    "a number": "0905 000 123",
    "the end of a number": "000123",
    "one request's word": "gl260000500",
    "a typing error": "den duong hugn vuong",
    "a wrong digit": "0905 000 1234",
    "nothing": "xyzt duong",
}


def run(env):
    """Return rows, of an operator and of a monitor."""
    env = env(context=dict(env.context, pakn_no_notify=True, no_reset_password=True))
    users = {
        role: env["res.users"].create(
            {
                "name": role,
                "login": f"bench_{role}",
                "group_ids": [(6, 0, env.ref(f"pakn_1022.group_{role}").ids)],
            }
        )
        for role in ("operator", "monitor")
    }
    ticket = env["pakn.ticket"].create(
        {
            "title": "Đèn chiếu sáng đường Hùng Vương",
            "description": "<p>Ổ gà, nắp cống vỡ, rác thải, cây xanh đổ ở Lê Lợi.</p>",
            "citizen_name": "Trần Phú Khánh",
            "citizen_phone": "0905000000",
        }
    )
    env.flush_all()
    rows, have = [], 0
    for size in SIZES:
        _grow(env, ticket, size - have, have)
        have = size
        tidy(env)
        for case, text in QUERIES.items():
            rows.append(_measure(env, users["operator"], size, case, text))
        for case in ("a word that half say", "four words"):
            said = f"{case}, monitor"
            rows.append(_measure(env, users["monitor"], size, said, QUERIES[case]))
    return rows


def _measure(env, user, size, case, text):
    def ask(own):
        own["pakn.ticket"].web_search_read(
            [("found_by", "ilike", text)],
            {"name": {}, "title": {}},
            limit=80,
            count_limit=10001,
        )

    return make_row(OURS, f"find {case}", size, look(env, user.id, ask))


def _grow(env, ticket, count, have):
    nth = f"({have} + nth)"
    street = f"CASE WHEN {nth} % 2 = 0 THEN 'duong' ELSE 'hem' END"
    pick = f"({THINGS})[1 + {nth} % 6] || ' ' || {street} || ' ' || "
    said = f"{pick} ({PLACES})[1 + {nth} / 7 % 5]"
    code = f"'gl26' || lpad({nth}::text, 7, '0')"
    name = f"({NAMES})[1 + {nth} % 8] || ' ' || ({GIVEN})[1 + {nth} / 3 % 7]"
    phone = f"'0905' || lpad(({nth} % 1000000)::text, 6, '0')"
    ends = " || ' ' || ".join(f"substr({phone}, {start})" for start in range(1, 9))
    shown = f"{code} || ' ' || {said} || ' ' || md5(nth::text)"
    copy(
        env,
        ticket,
        count,
        {
            "name": f"'D' || {nth}",
            "title": said,
            "search_text": shown,
            "search_all": f"{ends} || ' ' || {name} || ' ' || {shown}",
            "date_received": f"now() - {nth} * interval '3 minutes'",
        },
    )
