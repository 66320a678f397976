"""The REST API as OpenAPI 3.1 describes it. Nothing of Odoo.

Kept by hand beside the controllers; tests compare it with the routes there are and with
what they answer.
"""

JSON, FORM = "application/json", "multipart/form-data"
PROBLEM, OCTETS = "application/problem+json", "application/octet-stream"
TITLE, VERSION = "1022 Gia Lai", "1.0"
ABOUT = (
    "What the public reads of the hotline, and what a program does for a citizen or a "
    "unit. A program shows its key in the header Authorization: Bearer; reading what "
    "is public needs none. Texts are Vietnamese, or English by Accept-Language. "
    "Moments are ISO 8601 with the zone of the province. Bodies are not compressed."
)


def _ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required, optional=None, **more):
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        **more,
    }


def _list(schema):
    return {"type": "array", "items": schema}


def _text(length, example=None):
    more = {"examples": [example]} if example else {}
    return {"type": "string", "maxLength": length, **more}


def _page(schema):
    return _object({"items": _list(schema), "next": NULL_TEXT})


def _or_null(schema):
    return {"anyOf": [schema, {"type": "null"}]}


TEXT, BOOL, INTEGER = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}
NULL_TEXT = {"type": ["string", "null"]}
MOMENT = {"type": "string", "format": "date-time"}
NULL_MOMENT = {"type": ["string", "null"], "format": "date-time"}
URL = {"type": "string", "format": "uri"}
CODE = {"type": "string", "examples": ["GL26-000123-7"]}
NAMED = _or_null(_ref("Named"))
PLACE = _or_null(_ref("Place"))
GRADE = {"type": ["integer", "null"], "enum": [1, 3, 5, None]}
# 5 satisfied, 3 acceptable, 1 not satisfied (Art. 14)
STATES = [
    *("new", "rejected", "transferred", "escalated_head", "escalated_province"),
    *("scheduled", "answered", "done", "cancelled"),
]

_CARD = {
    "code": CODE,
    "title": TEXT,
    "excerpt": TEXT,
    "field": NAMED,
    "area": NAMED,
    "unit": NAMED,
    "place": PLACE,
    "is_open": {**BOOL, "description": "Shown while it is handled, without a result"},
    "date_received": MOMENT,
    "date_published": NULL_MOMENT,
    "is_late": BOOL,
    "rating": GRADE,
    "supporters": INTEGER,
    "url": URL,
}
_LINE = {
    "code": CODE,
    "title": TEXT,
    "state": {"type": "string", "enum": STATES},
    "state_name": TEXT,
    "state_text": {**TEXT, "description": "Where it stands, in a sentence"},
    "unit": NAMED,
    "date_received": MOMENT,
    "date_due": NULL_MOMENT,
}
_FIELD = {
    "code": {**TEXT, "examples": ["4.1"]},
    "name": TEXT,
    "group": TEXT,
    "keywords": _list(TEXT),
    "has_questions": BOOL,
}
_ARTICLE = {
    "id": INTEGER,
    "question": TEXT,
    "excerpt": TEXT,
    "field": NAMED,
    "date_changed": MOMENT,
    "url": URL,
}
_MESSAGE = {"text": {**TEXT, "maxLength": 5000}}
UUID = {"type": "string", "format": "uuid"}
_UPLOADS = {
    "uploads": {
        **_list(UUID),
        "maxItems": 20,
        "description": "Names of files that went up before, in parts",
    }
}

SCHEMAS = {
    "Named": _object({"code": NULL_TEXT, "name": TEXT}),
    "Place": _object({"latitude": {"type": "number"}, "longitude": {"type": "number"}}),
    "Problem": _object(
        {"type": TEXT, "title": TEXT, "status": INTEGER, "detail": TEXT},
        {"errors": _list(_object({"name": TEXT, "detail": TEXT}))},
        description="RFC 9457; errors say what of the things sent is wrong",
    ),
    "FieldCard": _object(_FIELD),
    "Field": _object(
        _FIELD
        | {
            "notice": NULL_TEXT,
            "questions": _list(
                _object(
                    {
                        "code": TEXT,
                        "type": {
                            "enum": [
                                *("string", "number", "datetime", "text"),
                                *("singlevaluelist", "multivaluelist"),
                            ]
                        },
                        "required": BOOL,
                        "question": TEXT,
                        "hint": NULL_TEXT,
                        "choices": _list(_object({"key": TEXT, "name": TEXT})),
                    }
                )
            ),
        }
    ),
    "Area": _object({"code": TEXT, "name": TEXT, "place": PLACE}),
    "ResultCard": _object(_CARD),
    "Result": _object(
        _CARD | {"description": TEXT, "result": NULL_TEXT, "photos": _list(URL)}
    ),
    "Incident": _object(
        {
            "name": TEXT,
            "text": TEXT,
            "field": NAMED,
            "area": NAMED,
            "date_from": MOMENT,
            "date_to": NULL_MOMENT,
        }
    ),
    "ArticleCard": _object(_ARTICLE),
    "Article": _object(
        _ARTICLE
        | {
            "answer": TEXT,
            "answer_html": TEXT,
            "reference": NULL_TEXT,
            "files": _list(_object({"name": TEXT, "url": URL})),
        }
    ),
    "Statistics": _object(
        {
            "date": NULL_MOMENT,
            "licence": URL,
            "columns": {"type": "object", "additionalProperties": TEXT},
            "figures": {
                "type": ["object", "null"],
                "description": "As /thong-ke.json, of a year as with ?nam=2025; null "
                "stands for fewer than 5, false for what is left out",
            },
        }
    ),
    "NewRequest": _object(
        {
            "description": _text(5000, "Đèn đường hỏng đã ba ngày"),
            "name": _text(100, "Nguyễn Văn A"),
            "phone": _text(30, "0905 123 456"),
            "home_address": _text(250, "12 Hùng Vương, Pleiku"),
        },
        {
            "field": {**TEXT, "description": "Code of a field"},
            "area": {**TEXT, "description": "Code of a ward or commune"},
            "address": {**_text(250), "description": "Where the matter is"},
            "latitude": {"type": "number"},
            "longitude": {"type": "number"},
            "email": _text(120),
            "is_confidential": BOOL,
            "answers": {
                "type": "object",
                "description": "Code of a question -> what is answered, or several",
                "additionalProperties": {
                    "anyOf": [TEXT, {"type": "number"}, _list(TEXT)]
                },
            },
            **_UPLOADS,
        },
        additionalProperties=False,
    ),
    "Received": _object({"code": CODE, "token": NULL_TEXT, "url": URL}),
    "RequestLine": _object(_LINE),
    "Request": _object(
        _LINE
        | {
            "description": TEXT,
            "field": NAMED,
            "area": NAMED,
            "address": NULL_TEXT,
            "place": PLACE,
            "round": INTEGER,
            "result": NULL_TEXT,
            "may_rate": BOOL,
            "rating": GRADE,
            "files": _list(_object({"id": INTEGER, "name": TEXT, "type": TEXT})),
            "steps": _list(
                _object(
                    {
                        "kind": TEXT,
                        "date": MOMENT,
                        "title": TEXT,
                        "text": NULL_TEXT,
                        "is_mine": BOOL,
                        "file_ids": _list(INTEGER),
                    }
                )
            ),
        }
    ),
    "Updates": _object(
        {
            "code": CODE,
            "state": {"type": "string", "enum": STATES},
            "items": _list(
                _object({"id": TEXT, "date": MOMENT, "title": TEXT, "unit": NULL_TEXT})
            ),
        }
    ),
    "Message": _object(_MESSAGE, _UPLOADS, additionalProperties=False),
    "Upload": _object(
        {"received": {**INTEGER, "description": "Bytes of the file that are here"}}
    ),
    "Rating": _object(
        {"rating": {"type": "integer", "enum": [1, 3, 5]}},
        {"feedback": {**_text(5000), "description": "Needed with 1: why"}},
        additionalProperties=False,
    ),
    "Phone": _object(
        {"phone": {**TEXT, "examples": ["0905 123 456"]}},
        {"one_time_code": TEXT},
        additionalProperties=False,
    ),
    "Token": _object({"token": TEXT}),
    "CodeSent": _object({"phone": TEXT}),
    "SignedIn": _object({"phone": TEXT, "token": TEXT, "date_expires": MOMENT}),
}


def _query(name, about, schema=None, **more):
    return {
        "name": name,
        "in": "query",
        "description": about,
        "schema": schema or TEXT,
        **more,
    }


def _header(name, about):
    return {"name": name, "in": "header", "description": about, "schema": TEXT}


def _path(name, schema=None):
    return {"name": name, "in": "path", "required": True, "schema": schema or TEXT}


LIMIT = _query(
    "limit", "Entries of a page", {"type": "integer", "minimum": 1, "maximum": 100}
)
CURSOR = _query("cursor", "What `next` of the page before says")
NAME = _header("Idempotency-Key", "A call with this name is done once")
REQUEST_TOKEN = _header("Request-Token", "Of the request: by its code and phone")
CITIZEN_TOKEN = _header("Citizen-Token", "Of who has signed in")
TAG = _header("If-None-Match", "The ETag of what the program has already")
LANGUAGE = _header("Accept-Language", "vi or en: of texts and errors")
# What a key must allow -> as the administrator reads it
SCOPES = {
    "submit": "The key hands in requests",
    "follow": "Anybody of what is published; a key that follows its requests, of those "
    "that it handed in",
    "act": "The key serves citizens",
}
OWN = [_path("code", CODE), REQUEST_TOKEN, CITIZEN_TOKEN]


def _reply(schema, about, kind=JSON, headers=None):
    reply = {"description": about, "content": {kind: {"schema": schema}}}
    return reply | ({"headers": headers} if headers else {})


def _said(**abouts):
    """Return headers of an answer: name, with ``_`` for ``-`` -> what it says."""
    return {
        name.replace("_", "-"): {"description": about, "schema": TEXT}
        for name, about in abouts.items()
    }


def _body(name, part=None, files=None):
    content = {JSON: {"schema": _ref(name)}}
    if part:
        content[FORM] = {
            "schema": _object(
                {part: _ref(name)},
                {files: _list({"type": "string", "format": "binary"})},
            ),
            "encoding": {part: {"contentType": JSON}},
        }
    return {"required": True, "content": content}


def _operation(
    name, about, replies, parameters=(), body=None, scope="act", headers=None
):
    """Return an operation.

    :param replies: status -> ``(schema or None, description)``
    :param scope: what the key must allow; None where anybody reads, with one or without
    :param headers: of what is answered where it is not refused
    """
    is_open = scope in (None, "follow")
    answers = {
        status: _reply(schema, text, headers=headers)
        if schema
        else {"description": text}
        for status, (schema, text) in replies.items()
    }
    if scope is None:
        answers["304"] = {"description": "Who asks has it already (If-None-Match)"}
    problem = _reply(
        _ref("Problem"),
        "It was refused; the sentence says why",
        PROBLEM,
        _said(
            Retry_After="With 429: seconds to wait",
            WWW_Authenticate="With 401: Bearer",
            Allow="With 405: how it is called",
        ),
    )
    operation = {
        "operationId": name,
        "summary": about,
        **({"description": SCOPES[scope]} if scope else {}),
        "parameters": [*parameters, LANGUAGE],
        "responses": answers | {"4XX": problem},
        "security": [{}, {"key": []}] if is_open else [{"key": []}],
    }
    return operation | ({"requestBody": body} if body else {})


def _read(name, about, schema, *parameters):
    return {
        "get": _operation(
            name, about, {"200": (_ref(schema) if isinstance(schema, str) else schema,
                                  "What is there")}, [*parameters, TAG], scope=None,
            headers=_said(ETag="Of what is answered; see If-None-Match",
                          Cache_Control="How long it may be kept"),
        )
    }  # fmt: skip


_MADE = _said(Location="Address of the request")
_MINE = {"201": (_ref("Request"), "The request as it is now")}
PATHS = {
    "/openapi.json": _read("describe", "This description", {"type": "object"}),
    "/fields": _read(
        "listFields", "Fields that requests can be handed in for",
        _object({"items": _list(_ref("FieldCard"))}),
    ),
    "/fields/{code}": _read(
        "getField", "A field with its questions", "Field", _path("code")
    ),
    "/areas": _read(
        "listAreas", "Wards and communes", _object({"items": _list(_ref("Area"))})
    ),
    "/results": _read(
        "listResults", "What is published, the newest first",
        _page(_ref("ResultCard")),
        _query("q", "Words that occur, with or without accents"),
        _query("field", "Code of a field or of its group"),
        _query("area", "Code of a ward or commune"),
        _query("unit", "Code of a unit"),
        _query("from", "First day", {"type": "string", "format": "date"}),
        _query("to", "Last day", {"type": "string", "format": "date"}),
        _query("outcome", "Only these",
               {"type": "string", "enum": ["on_time", "late", "instant", "open"]}),
        _query("near", "Around a place: latitude,longitude", example="13.98,108.0"),
        _query("radius", "Metres around it, 1000 unless said",
               {"type": "number", "minimum": 50, "maximum": 20000}),
        LIMIT, CURSOR,
    ),
    "/results/{code}": _read(
        "getResult", "What is published of a request", "Result", _path("code", CODE)
    ),
    "/incidents": _read(
        "listIncidents", "Outages that everybody is told of now, the newest first",
        _object({"items": _list(_ref("Incident"))}),
    ),
    "/articles": _read(
        "listArticles", "Questions and answers, best first",
        _page(_ref("ArticleCard")),
        _query("q", "Words"), _query("field", "Code of a field"), LIMIT, CURSOR,
    ),
    "/articles/{id}": _read(
        "getArticle", "A question with its answer", "Article", _path("id", INTEGER)
    ),
    "/statistics": _read(
        "getStatistics", "The figures of the site", "Statistics",
        _query("year", "One that has ended, of figures.ended_years; without it the "
               "last twelve months. 404 where there are none of it",
               {"type": "string", "pattern": "^[0-9]{4}$"}, example="2025"),
    ),
    "/sign-in": {
        "post": _operation(
            "signIn", "Send a code to a phone; with the code, sign in",
            {
                "202": (_ref("CodeSent"), "A code was sent"),
                "201": (_ref("SignedIn"), "Signed in"),
            },
            body=_body("Phone"),
        ),
        "delete": _operation(
            "signOut", "Sign out", {"204": (None, "Done")}, [CITIZEN_TOKEN]
        ),
    },
    "/requests": {
        "get": _operation(
            "listOwnRequests", "The requests of the phone that is signed in",
            {"200": (_page(_ref("RequestLine")), "The newest first")},
            [CITIZEN_TOKEN, LIMIT, CURSOR],
        ),
        "post": _operation(
            "handIn", "Hand in a request",
            {
                "201": (_ref("Received"), "Received"),
                "200": (_ref("Received"), "It was received before, by this name"),
            },
            [NAME, CITIZEN_TOKEN], _body("NewRequest", "request", "files"),
            scope="submit", headers=_MADE,
        ),
    },
    "/uploads/{name}": {
        "get": _operation(
            "getUpload", "How much of a file is here",
            {"200": (_ref("Upload"), "Go on from there")}, [_path("name", UUID)],
            scope="submit",
        ),
        "post": _operation(
            "upload", "The next part of a file, 512 KB at most; say its name in "
            "`uploads` once it is whole",
            {"200": (_ref("Upload"), "Go on from there")},
            [
                _path("name", UUID),
                _query("position", "Bytes before this part", INTEGER, required=True),
                _query("size", "Bytes of the whole file", INTEGER, required=True),
            ],
            {"required": True, "content": {OCTETS: {"schema": {}}}}, scope="submit",
        ),
    },
    "/requests/{code}": {
        "get": _operation(
            "follow", "A request, for its citizen",
            {"200": (_ref("Request"), "As it is now")}, OWN,
        )
    },
    "/requests/{code}/proof": {
        "post": _operation(
            "prove", "Get the token of a request by its code and phone",
            {"200": (_ref("Token"), "It opens this request; 422 asks for the code that "
                     "was sent to the phone, where many have tried")},
            [_path("code", CODE)], _body("Phone"),
        )
    },
    "/requests/{code}/updates": {
        "get": _operation(
            "listUpdates", "What was done: of what is published, or was handed in by "
            "this program", {"200": (_ref("Updates"), "The oldest first")},
            [_path("code", CODE)], scope="follow",
        )
    },
    "/requests/{code}/messages": {
        "post": _operation(
            "reply", "Write to the hotline", _MINE, [*OWN, NAME],
            _body("Message", "message", "files"),
        )
    },
    "/requests/{code}/rating": {
        "post": _operation(
            "rate", "Grade the result, once: 5 satisfied, 3 acceptable, 1 not",
            _MINE, [*OWN, NAME], _body("Rating"),
        )
    },
    "/requests/{code}/not-fixed": {
        "post": _operation(
            "complain", "Say that it is not settled", _MINE, [*OWN, NAME],
            _body("Message", "message", "files"),
        )
    },
    "/requests/{code}/files/{id}": {
        "get": _operation(
            "getFile", "A file of the citizen, or of the result",
            {"200": (None, "The file")}, [*OWN, _path("id", INTEGER)],
        )
    },
}  # fmt: skip


def make_description(url: str) -> dict[str, object]:
    """Return the description of the API that is served at an address."""
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": ABOUT},
        "servers": [{"url": url}],
        "paths": PATHS,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }
