"""While news are being sent, nobody hears those of others, whatever name he calls.

Articles 13.1 and 18.4. A page of the program is told of news by a socket, which asks
for channels by their names: those of other people, of a role, of a request, in every
form in which the server itself might write them.
"""

import json
import time

import websocket

from tests.forks import shell
from tests.test_attack import Visitor
from tests.test_attack_roles import HIDDEN, LOGINS, world

__all__ = ["world"]
# The job that tells, in a process of its own
DELIVER = """
env["pakn.notice"]._cron_deliver()
env.cr.commit()
"""
# What each hears for being there at all: that others are
USUAL = ("bus.bus/im_status_updated", "mail.record/insert")


class Listener:
    """Somebody's open page, which has asked for channels."""

    def __init__(self, world, login, names=()):
        self.heard = []
        visitor = Visitor(world.server, login)
        visitor.get("/web/login")
        cookies = visitor.session.cookies.get_dict()
        self.socket = websocket.create_connection(
            world.server.url.replace("http", "ws", 1) + "/websocket?version=19.0-2",
            cookie="; ".join(f"{name}={value}" for name, value in cookies.items()),
            origin=world.server.url,
            timeout=30,
        )
        self.ask(names, 0)

    def ask(self, names, last):
        data = {"channels": list(names), "last": last}
        self.socket.send(json.dumps({"event_name": "subscribe", "data": data}))

    def listen(self, until, seconds):
        """Note what is told until a text has been heard, at most for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and until in str(self.heard)):
            self.socket.settimeout(max(0.1, end - time.monotonic()))
            try:
                self.heard += json.loads(self.socket.recv() or "[]")
            except websocket.WebSocketTimeoutException:
                break
        return json.dumps(self.heard, ensure_ascii=False)


def get_names(world):
    """Return the names by which others' news might be called."""
    name = world.server.database
    records = [
        *(("pakn.ticket", one.id) for one in (world.kept, world.secret)),
        *(("pakn.transfer", one.slip) for one in (world.kept, world.secret)),
        *(
            ("res.groups", number)
            for [number] in world.sql("SELECT id FROM res_groups")
        ),
    ]
    for number, partner in world.sql(
        """SELECT id, partner_id FROM res_users
            WHERE login IN ('quantri', 'nhanvien2', 'daumoi') ORDER BY id"""
    ):
        records += [("res.users", number), ("res.partner", partner)]
    for model, number in records:
        yield f"{model}_{number}"
        yield f"{model}({number},)"
        yield f"odoo-presence-{model}_{number}"
        yield f"mail.thread-{model}-{number}"
        yield f'["{name}", "{model}", {number}]'
        yield f'["{name}","{model}",{number}]'
        yield f"('{name}', '{model}', {number})"
    yield from ("broadcast", "*", "", "pakn.ticket", name, "pakn_1022", "pakn-desk")


def test_art13_1_by_no_name_are_the_news_of_others_heard(world, tmp_path):
    names = list(get_names(world))
    others = ("citizen", "focal", "monitor", "anonymous")
    pages = {role: Listener(world, LOGINS.get(role), names) for role in others}
    told = [Listener(world, login) for login in ("daumoi", "nhanvien2")]
    for page in (*pages.values(), *told):
        page.listen(None, 1)
    secret = world.make("secret", "matmongzz")
    world.manager.call("pakn.ticket", "write", [secret.id], {"title": "Khác matmongzz"})
    world.make("confidential", "kinhmongzz")
    process = shell(world.server.database, DELIVER, tmp_path / "deliver.log")
    assert process.wait(120) == 0, process.stdout.read()
    # Who is told hears it: there is something to be heard
    for page in told:
        assert "pakn" in page.listen("pakn", 60), page.heard
    for role, page in pages.items():
        heard = page.listen(None, 5)
        hidden = [*HIDDEN.get(role, HIDDEN["citizen"]), secret.code]
        assert not [word for word in hidden if word in heard], (role, heard)
        kinds = {one["message"]["type"] for one in page.heard}
        assert kinds <= set(USUAL), (role, kinds)
    for page in (*told, *pages.values()):
        page.socket.close()
