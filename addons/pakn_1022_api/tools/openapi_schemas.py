"""What goes in and out of the REST API, as JSON Schema says it. Nothing of Odoo.

A room of ``openapi.py``, which has the addresses.
"""


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def struct(required, optional=None, **more):
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        **more,
    }


def list_of(schema):
    return {"type": "array", "items": schema}


def _text(length, example=None):
    more = {"examples": [example]} if example else {}
    return {"type": "string", "maxLength": length, **more}


def page_of(schema):
    return struct({"items": list_of(schema), "next": NULL_TEXT})


def _or_null(schema):
    return {"anyOf": [schema, {"type": "null"}]}


TEXT, BOOL, INTEGER = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}
NULL_TEXT = {"type": ["string", "null"]}
MOMENT = {"type": "string", "format": "date-time"}
NULL_MOMENT = {"type": ["string", "null"], "format": "date-time"}
URL = {"type": "string", "format": "uri"}
CODE = {"type": "string", "examples": ["GL26-000123-7"]}
NAMED = _or_null(ref("Named"))
PLACE = _or_null(ref("Place"))
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
    "keywords": list_of(TEXT),
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
        **list_of(UUID),
        "maxItems": 20,
        "description": "Names of files that went up before, in parts",
    }
}

SCHEMAS = {
    "Named": struct({"code": NULL_TEXT, "name": TEXT}),
    "Place": struct({"latitude": {"type": "number"}, "longitude": {"type": "number"}}),
    "Problem": struct(
        {"type": TEXT, "title": TEXT, "status": INTEGER, "detail": TEXT},
        {"errors": list_of(struct({"name": TEXT, "detail": TEXT}))},
        description="RFC 9457; errors say what of the things sent is wrong",
    ),
    "FieldCard": struct(_FIELD),
    "Field": struct(
        _FIELD
        | {
            "notice": NULL_TEXT,
            "questions": list_of(
                struct(
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
                        "choices": list_of(struct({"key": TEXT, "name": TEXT})),
                    }
                )
            ),
        }
    ),
    "Area": struct({"code": TEXT, "name": TEXT, "place": PLACE}),
    "ResultCard": struct(_CARD),
    "Result": struct(
        _CARD | {"description": TEXT, "result": NULL_TEXT, "photos": list_of(URL)}
    ),
    "Incident": struct(
        {
            "name": TEXT,
            "text": TEXT,
            "field": NAMED,
            "area": NAMED,
            "date_from": MOMENT,
            "date_to": NULL_MOMENT,
        }
    ),
    "ArticleCard": struct(_ARTICLE),
    "Article": struct(
        _ARTICLE
        | {
            "answer": TEXT,
            "answer_html": TEXT,
            "reference": NULL_TEXT,
            "files": list_of(struct({"name": TEXT, "url": URL})),
        }
    ),
    "Statistics": struct(
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
    "NewRequest": struct(
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
                    "anyOf": [TEXT, {"type": "number"}, list_of(TEXT)]
                },
            },
            **_UPLOADS,
        },
        additionalProperties=False,
    ),
    "Received": struct({"code": CODE, "token": NULL_TEXT, "url": URL}),
    "RequestLine": struct(_LINE),
    "Request": struct(
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
            "files": list_of(struct({"id": INTEGER, "name": TEXT, "type": TEXT})),
            "steps": list_of(
                struct(
                    {
                        "kind": TEXT,
                        "date": MOMENT,
                        "title": TEXT,
                        "text": NULL_TEXT,
                        "is_mine": BOOL,
                        "file_ids": list_of(INTEGER),
                    }
                )
            ),
        }
    ),
    "Updates": struct(
        {
            "code": CODE,
            "state": {"type": "string", "enum": STATES},
            "items": list_of(
                struct({"id": TEXT, "date": MOMENT, "title": TEXT, "unit": NULL_TEXT})
            ),
        }
    ),
    "Message": struct(_MESSAGE, _UPLOADS, additionalProperties=False),
    "Upload": struct(
        {"received": {**INTEGER, "description": "Bytes of the file that are here"}}
    ),
    "Rating": struct(
        {"rating": {"type": "integer", "enum": [1, 3, 5]}},
        {"feedback": {**_text(5000), "description": "Needed with 1: why"}},
        additionalProperties=False,
    ),
    "Phone": struct(
        {"phone": {**TEXT, "examples": ["0905 123 456"]}},
        {"one_time_code": TEXT},
        additionalProperties=False,
    ),
    "Token": struct({"token": TEXT}),
    "CodeSent": struct({"phone": TEXT}),
    "SignedIn": struct({"phone": TEXT, "token": TEXT, "date_expires": MOMENT}),
}
