"""Requests that mean harm, route by route: no error of the server, time and memory.

In this process by the server's own application, on a scratch database (``env`` is
given), which they fill: all that is done is committed. The same requests each time:
words, numbers, codes and keys, right and wrong, in paths, queries, forms, JSON, files
and headers, to every route of ours that asks for no sign-in. Where programs hand in
requests a share has all that is wanted, with odd words where any are taken, so that the
making is tried too and not the refusing alone. Limits are lifted, which would answer
nearly all of them. The time is the processor's, without the database's.
"""

import base64
import inspect
import io
import json
import logging
import os
import random
import re
import resource
import threading
import time
import uuid
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from unittest.mock import patch

from werkzeug.test import Client, EnvironBuilder

import odoo.http
from odoo import fields

from odoo.addons.pakn_1022_website.tools.rate_limit import RateLimit

from bench.measuring import OURS, Row, show, sizes

# Requests of each route; 10,000 of each of 130 take hours
[COUNT] = sizes("HOSTILE", "1000", "20")
# Which routes: a regular expression that their address begins with
ROUTES = re.compile(os.environ.get("HOSTILE_ROUTES", ""))
# Goals: seconds of a core for one request, megabytes more of one route
SECONDS, MEGABYTES = 2, 200
# Examples of what went wrong that are told
TOLD = 20
# Share of requests that have all that is wanted, by the route that takes them
WHOLE = 0.3
TAKING = ("/api/v1/requests", "/open311/v2/requests.")
PHOTO = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
WORDS = (
    *("", " ", "0", "1", "-1", "9" * 12, "9" * 400, "1e999", "nan", "inf", "true"),
    *("[]", "{}", "null", "[" * 900, '{"a":' * 300, "Đèn đường hỏng ba hôm nay"),
    *("0905 123 456", "+84905123456", "nguyenvana@example.com", "GL26-999999-8"),
    *("' OR 1=1 --", "%' AND %", "\\", "%s%d%(x)s{0}", "{{7*7}}", "%", "'", '"', "\0"),
    *("<script>alert(1)</script>", "../../etc/passwd", "..%2f", "\u202e\u0000x"),
    *("\ufffd\U0001f600", "\ud7ff", "ả̉̉" * 50, "x" * 5000, "đ" * 70000, "١٢"),
    *("2026-02-30", "2026-03", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    *("9999-12-31T23:59:59-23:59", "13.98", "108.01", "13.98,108.01", "1e308,1e308"),
    *("-180,-90,180,90", "5e-324,5e-324,1e-323,1e-323", "20261127120000-1", "open"),
    *("https://example.com/a.jpg", "http://[", "\r\nX-A: b", "//evil.example"),
    *("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "date desc; DROP TABLE pakn_ticket"),
    *(",".join(map(str, range(1200))), "5", "3", "image/jpeg", "dung-han", "2025"),
)
NAMES = (
    *("description", "address", "citizen_name", "citizen_phone", "citizen_address"),
    *("citizen_email", "category_id", "area_id", "latitude", "longitude", "key"),
    *("code", "phone", "text", "rate", "feedback", "reason", "access_token", "page"),
    *("q", "linh-vuc", "dia-ban", "don-vi", "tu", "den", "trang-thai", "truoc", "nam"),
    *("bbox", "z", "near", "radius", "limit", "after", "email", "name", "token"),
    *("service_code", "lat", "long", "media_url", "start_date", "end_date", "status"),
    *("jurisdiction_id", "api_key", "field", "rating", "message", "number", "id"),
    *("search", "sortby", "filterby", "search_in", "date_begin", "redirect", "debug"),
    *("hub.mode", "hub.challenge", "hub.verify_token", "state", "error", "data"),
)
FILES = (b"", b"\xff\xd8\xff", b"<svg/>", b"%PDF-1.4", b"GIF89a\0\0", b"x" * 9999)
KINDS = ("application/json", "text/plain", "application/xml", "image/jpeg", "x/y; a=")


class Hostile:
    """Makes requests of one route after the other; the same for the same ``seed``.

    :param list values: what a stranger may know: codes, tokens, keys
    :param str key: of a program
    :param str field: code of one that requests are handed in for
    """

    def __init__(self, values, key, csrf, field, seed=1022):
        self.random = random.Random(seed)  # noqa: S311 - the same each time
        self.values, self.key, self.csrf = [*WORDS, *values], key, csrf
        self.field = field

    def make(self, rule, base_url):
        """Return the ``EnvironBuilder`` of a request that fits a rule, more or less."""
        if takes_requests(rule) and self.random.random() < WHOLE:
            return EnvironBuilder(
                path=self.make_path(rule),
                method="POST",
                base_url=base_url,
                **self.make_whole(is_rest=rule.rule.startswith("/api/")),
            )
        method = self.random.choice(
            sorted((rule.methods or {"GET", "POST"}) - {"HEAD", "OPTIONS"})
        )
        function = inspect.unwrap(rule.endpoint.func)
        names = [*NAMES, *inspect.signature(function).parameters]
        options = {"headers": self.make_headers()}
        if method != "GET":
            options |= self.make_body(rule.endpoint.routing["type"], names)
        if method == "GET" or self.random.random() < 0.2:
            options["query_string"] = self.make_fields(names)
        return EnvironBuilder(
            path=self.make_path(rule), method=method, base_url=base_url, **options
        )

    def make_path(self, rule):
        parts = []
        for dynamic, text in rule._trace:
            if not dynamic:
                parts.append(text.replace("|", ""))
                continue
            converter = rule._converters[text]
            kind = type(converter).__name__
            if kind == "IntegerConverter":
                number = self.random.choice((0, 1, 7, 2**31 - 1, 2**31, 2**63, 10**30))
                parts.append(str(number))
            elif kind == "AnyConverter":
                parts.append(self.random.choice(sorted(converter.items)))
            else:
                parts.append(self.pick().replace("/", "-")[:2000] or "x")
        return "".join(parts)

    def make_headers(self):
        headers = {}
        if self.random.random() < 0.5:
            key = self.random.choice((self.key, self.key, self.pick()))
            headers["Authorization"] = f"Bearer {self.clean(key)}"
        for name in ("Request-Token", "Idempotency-Key", "If-None-Match", "Range"):
            if self.random.random() < 0.15:
                headers[name] = self.clean(self.pick())
        for name in ("X-Hub-Signature-256", "X-ZEvent-Signature", "Accept-Language"):
            if self.random.random() < 0.1:
                headers[name] = self.clean(self.pick())
        return headers

    def make_body(self, kind, names):
        """Return options of a body: a form, JSON, or bytes that are nothing."""
        way = self.random.random()
        if kind == "jsonrpc" or way < 0.3:
            content = {name: self.make_json() for name in self.random.sample(names, 3)}
            if kind == "jsonrpc":
                content = {"jsonrpc": "2.0", "params": content}
            text = json.dumps(self.random.choice((content, content, self.make_json())))
            return {"data": text, "content_type": "application/json"}
        if way < 0.4:
            size = self.random.randrange(200)
            content_type = self.random.choice(KINDS)
            return {"data": self.random.randbytes(size), "content_type": content_type}
        data = self.make_fields(names)
        if self.random.random() < 0.95:
            data["csrf_token"] = self.csrf
        if self.random.random() < 0.2:
            file = io.BytesIO(self.random.choice(FILES))
            data[self.random.choice(("files", "media", "file"))] = [(file, "a.jpg")]
        return {"data": data}

    def make_whole(self, is_rest):
        """Return options of a request that is handed in with all that is wanted."""
        # Another one each time, with something odd in it that is no mistake
        odd = self.clean_text(self.pick())[:3000]
        text = f"Đèn đường hỏng lần {self.random.getrandbits(64)}. {odd}"
        headers = {"Authorization": f"Bearer {self.key}"}
        if self.random.random() < 0.3:
            headers["Idempotency-Key"] = self.clean(self.pick()) or "x"
        file = (io.BytesIO(PHOTO), "a.gif") if self.random.random() < 0.2 else None
        if not is_rest:
            data = {
                "service_code": self.field,
                "lat": "13.98",
                "long": "108.01",
                "description": text,
                "first_name": self.clean_text(self.pick())[:40],
                "phone": "0905 123 456",
            }
            data |= {"media": [file]} if file else {}
            return {"headers": headers, "data": data}
        content = {
            "field": self.field,
            "description": text,
            "address": self.clean_text(self.pick())[:200],
            "name": "Nguyễn Văn A",
            "phone": "0905 123 456",
            "home_address": "12 Hùng Vương",
            "is_confidential": self.random.random() < 0.3,
        }
        if not file:
            body = {"data": json.dumps(content), "content_type": "application/json"}
            return {"headers": headers, **body}
        data = {"request": json.dumps(content), "files": [file]}
        return {"headers": headers, "data": data}

    def make_fields(self, names):
        fields_ = {
            self.random.choice(names): self.pick()
            for _number in range(self.random.randint(0, 8))
        }
        if self.random.random() < 0.2:
            # What the form of a request wants
            return {
                "description": "Đèn đường hỏng đã ba ngày.",
                "citizen_name": "Nguyễn Văn A",
                "citizen_phone": "0905 123 456",
                "citizen_address": "12 Hùng Vương",
                "key": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            } | fields_
        return fields_

    def make_json(self, depth=0):
        kind = self.random.randint(0, 5 if depth < 3 else 3)
        if kind < 2:
            return self.pick()
        if kind == 2:
            return self.random.choice((None, True, -1, 10**30, 1.5, 13.98, 108.0))
        if kind == 3:
            return "\ud800"
        if kind == 4:
            return [self.make_json(depth + 1) for _number in range(3)]
        names = self.random.sample(NAMES, 3)
        return {name: self.make_json(depth + 1) for name in names}

    def pick(self):
        return self.random.choice(self.values)

    def clean_text(self, text):
        """Return a text as a form in UTF-8 can hold it."""
        return text.encode("utf-8", "replace").decode()

    def clean(self, text):
        """Return a text as a header can hold it."""
        return "".join(sign for sign in text if " " <= sign <= "~")[:2000]


def run(env, count=COUNT):
    """Return a row for each route: median and worst milliseconds, megabytes more.

    :raise SystemExit: a route answered with an error of the server, or took too long
    """
    values, key, field = prepare(env)
    rows, wrong = [], []
    with lifted(env):
        client = Client(odoo.http.root, use_cookies=True)
        base_url = "http://127.0.0.1"
        page = client.get("/tra-cuu", base_url=base_url).get_data(as_text=True)
        csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        for rule in get_rules(env):
            # Each route has requests of its own, whatever comes before it
            hostile = Hostile(values, key, csrf, field, seed=rule.rule)
            before, times, there = get_peak(), [], count_requests(env)
            for number in range(count):
                builder = hostile.make(rule, base_url)
                start = time.process_time()
                problem = ask(client, builder)
                times.append((time.process_time() - start) * 1000)
                if problem:
                    said = f"{rule.rule} {number} {builder.method}: {problem}"
                    wrong.append(said)
                    print(said, flush=True)
            grown, made = get_peak() - before, count_requests(env) - there
            rows.append(show(make_row(rule, count, times, grown)))
            if made:
                print(f"  {made} requests were made", flush=True)
            elif takes_requests(rule):
                wrong.append(f"{rule.rule}: no request was made of {count} calls")
            if max(times) > SECONDS * 1000 or grown > MEGABYTES:
                wrong.append(f"{rule.rule}: {max(times):.0f} ms, {grown:.0f} MB more")
    if wrong:
        raise SystemExit("\n".join(wrong[:TOLD]))
    return rows


def takes_requests(rule):
    """Return whether programs hand in requests at an address."""
    return rule.rule.startswith(TAKING) and "POST" in (rule.methods or ())


def count_requests(env):
    # What was there before this transaction began is all that it sees
    env.cr.rollback()
    return env["pakn.ticket"].search_count([])


def make_row(rule, count, times, grown):
    times = sorted(times)
    methods = "/".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
    return Row(
        *(OURS, f"hostile {methods} {rule.rule}", count, "ms"),
        *(round(times[len(times) // 2], 3), round(times[0], 3), round(times[-1], 1)),
        *(None, 1, round(grown)),
    )


def ask(client, builder):
    """Return what is wrong with the answer to a request, or nothing."""
    try:
        reply = client.open(builder)
        # What is sent piece by piece is made while it is read
        content = reply.get_data()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return f"{type(error).__name__}: {error}"[:300]
    reply.close()
    if reply.status_code >= 500:
        return f"{reply.status} {content[:200]}"
    if reply.mimetype == "application/json" and b'"jsonrpc"' in content:
        error = json.loads(content).get("error")
        name = error and error.get("data", {}).get("name", "")
        if name and not name.startswith(("werkzeug.", "odoo.")):
            return f"{name} {error['data'].get('message')}"[:300]
    return None


@contextmanager
def lifted(env):
    """Lift the limits and leave the log to what is no answer."""
    limits = type(env["pakn.rate.limit"])
    loggers = [logging.getLogger(name) for name in ("odoo.http", "werkzeug")]
    levels = [logger.level for logger in loggers]
    with ExitStack() as stack:
        stack.enter_context(patch.object(RateLimit, "hit", return_value=0))
        stack.enter_context(patch.object(limits, "_hit", return_value=0))
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def get_rules(env):
    """Return the routes of ours that ask for no sign-in."""
    thread = threading.current_thread()
    with patch.object(thread, "dbname", env.cr.dbname, create=True):
        routes = env["ir.http"].routing_map()
    rules = {}
    for rule in routes.iter_rules():
        endpoint = rule.endpoint
        is_ours = endpoint.func.__module__.startswith("odoo.addons.pakn_1022")
        is_wanted = is_ours and ROUTES.match(rule.rule)
        if is_wanted and endpoint.routing["auth"] in ("public", "none"):
            rules.setdefault((rule.rule, str(rule.methods)), rule)
    return [rules[key] for key in sorted(rules)]


def prepare(env):
    """Make what a stranger may know, all committed.

    :return: ``(values, key of a program, code of a field)``
    """
    tickets = env["pakn.ticket"]
    category = env["pakn.category"].search([("parent_id", "!=", False)], limit=1)
    area = env["pakn.area"].search([("latitude", "!=", 0)], limit=1)
    vals = {
        "title": "Đèn đường hỏng",
        "description": "<p>Đèn đường hỏng đã ba ngày nay.</p>",
        "citizen_name": "Nguyễn Văn A",
        "citizen_phone": "0905123456",
        "category_id": category.id,
        "area_id": area.id,
        "latitude": area.latitude,
        "longitude": area.longitude,
    }
    public, still_open = tickets.create([vals, vals])
    public.answer("<p>Đã thay bóng đèn.</p>")
    public.send_result()
    public.publish()
    unit = env["pakn.unit"].search([("kind", "=", "department")], limit=1)
    unit.focal_user_ids += env["res.users"].create(
        {
            "name": "Hostile",
            "login": "bench_hostile",
            "group_ids": env.ref("pakn_1022.group_unit_focal").ids,
        }
    )
    still_open.transfer(unit.ids)
    env["pakn.statistics"]._count()
    client = env["pakn.api.client"].create(
        {
            "name": "Bench",
            "may_act": True,
            "may_submit": True,
            "may_follow": True,
            "limit_minute": 100_000,
            "limit_day": 1_000_000,
        }
    )
    key = env["pakn.api.key"]._issue(client, fields.Datetime.now() + timedelta(1), 0)
    for ticket in (public, still_open):
        ticket._portal_ensure_token()
    values = [public.name, still_open.name, category.code, area.code, unit.code, key]
    values += [public.access_token, still_open.access_token, str(still_open.id)]
    services = env["pakn.category"]._get_open311_services()
    asking = services.question_ids.filtered("is_required").category_id
    field = (services - asking)[:1].code
    env.cr.commit()
    return values, key, field


def get_peak():
    """Return the most memory this process has held, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
