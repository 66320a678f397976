"""The REST API as OpenAPI 3.1 describes it. Nothing of Odoo.

Kept by hand beside the controllers; tests compare it with the routes there are and with
what they answer.
"""

from .openapi_schemas import (
    CODE,
    INTEGER,
    SCHEMAS,
    TEXT,
    UUID,
    list_of,
    page_of,
    ref,
    struct,
)

JSON, FORM = "application/json", "multipart/form-data"
PROBLEM, OCTETS = "application/problem+json", "application/octet-stream"
TITLE, VERSION = "1022 Gia Lai", "1.0"
ABOUT = (
    "What the public reads of the hotline, and what a program does for a citizen or a "
    "unit. A program shows its key in the header Authorization: Bearer; reading what "
    "is public needs none. Texts are Vietnamese, or English by Accept-Language. "
    "Moments are ISO 8601 with the zone of the province. Bodies are not compressed."
)


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
    content = {JSON: {"schema": ref(name)}}
    if part:
        content[FORM] = {
            "schema": struct(
                {part: ref(name)},
                {files: list_of({"type": "string", "format": "binary"})},
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
        ref("Problem"),
        "It was refused; the sentence says why",
        PROBLEM,
        _said(
            Retry_After="With 429: seconds to wait",
            WWW_Authenticate="With 401: Bearer",
            Allow="With 405: how it is called",
        ),
    )
    failure = _reply(ref("Problem"), "It failed here; ask again later", PROBLEM)
    operation = {
        "operationId": name,
        "summary": about,
        **({"description": SCOPES[scope]} if scope else {}),
        "parameters": [*parameters, LANGUAGE],
        "responses": answers | {"4XX": problem, "5XX": failure},
        "security": [{}, {"key": []}] if is_open else [{"key": []}],
    }
    return operation | ({"requestBody": body} if body else {})


def _read(name, about, schema, *parameters):
    return {
        "get": _operation(
            name, about, {"200": (ref(schema) if isinstance(schema, str) else schema,
                                  "What is there")}, [*parameters, TAG], scope=None,
            headers=_said(ETag="Of what is answered; see If-None-Match",
                          Cache_Control="How long it may be kept"),
        )
    }  # fmt: skip


_MADE = _said(Location="Address of the request")
_MINE = {"201": (ref("Request"), "The request as it is now")}
PATHS = {
    "/openapi.json": _read("describe", "This description", {"type": "object"}),
    "/fields": _read(
        "listFields", "Fields that requests can be handed in for",
        struct({"items": list_of(ref("FieldCard"))}),
    ),
    "/fields/{code}": _read(
        "getField", "A field with its questions", "Field", _path("code")
    ),
    "/areas": _read(
        "listAreas", "Wards and communes", struct({"items": list_of(ref("Area"))})
    ),
    "/results": _read(
        "listResults", "What is published, the newest first",
        page_of(ref("ResultCard")),
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
        struct({"items": list_of(ref("Incident"))}),
    ),
    "/articles": _read(
        "listArticles", "Questions and answers, best first",
        page_of(ref("ArticleCard")),
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
                "202": (ref("CodeSent"), "A code was sent"),
                "201": (ref("SignedIn"), "Signed in"),
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
            {"200": (page_of(ref("RequestLine")), "The newest first")},
            [CITIZEN_TOKEN, LIMIT, CURSOR],
        ),
        "post": _operation(
            "handIn", "Hand in a request",
            {
                "201": (ref("Received"), "Received"),
                "200": (ref("Received"), "It was received before, by this name"),
            },
            [NAME, CITIZEN_TOKEN], _body("NewRequest", "request", "files"),
            scope="submit", headers=_MADE,
        ),
    },
    "/uploads/{name}": {
        "get": _operation(
            "getUpload", "How much of a file is here",
            {"200": (ref("Upload"), "Go on from there")}, [_path("name", UUID)],
            scope="submit",
        ),
        "post": _operation(
            "upload", "The next part of a file, 512 KB at most; say its name in "
            "`uploads` once it is whole",
            {"200": (ref("Upload"), "Go on from there")},
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
            {"200": (ref("Request"), "As it is now")}, OWN,
        )
    },
    "/requests/{code}/proof": {
        "post": _operation(
            "prove", "Get the token of a request by its code and phone",
            {"200": (ref("Token"), "It opens this request; 422 asks for the code that "
                     "was sent to the phone, where many have tried")},
            [_path("code", CODE)], _body("Phone"),
        )
    },
    "/requests/{code}/updates": {
        "get": _operation(
            "listUpdates", "What was done: of what is published, or was handed in by "
            "this program", {"200": (ref("Updates"), "The oldest first")},
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
