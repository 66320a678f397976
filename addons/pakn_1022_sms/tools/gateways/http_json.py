import json
import re
from collections.abc import Callable
from typing import Any

import requests

from .base import (
    ACCEPTED,
    OTHER,
    RETRY,
    HttpGateway,
    Outgoing,
    Receipt,
    Result,
    to_national,
)

_PLACE = re.compile(r"\{(\w+)\}")


def get_path(values: Any, path: str) -> Any:
    """Return what stands at ``a.b.0`` in JSON, ``None`` where nothing does."""
    for key in path.split("."):
        if isinstance(values, dict):
            values = values.get(key)
        elif isinstance(values, list) and key.isdigit() and int(key) < len(values):
            values = values[int(key)]
        else:
            return None
    return values


def fill(value: Any, places: dict[str, str]) -> Any:
    """Return JSON with the ``{places}`` in its texts filled in."""
    if isinstance(value, dict):
        return {key: fill(item, places) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, places) for item in value]
    if isinstance(value, str):
        return _PLACE.sub(lambda match: str(places.get(match[1], match[0])), value)
    return value


class HttpJsonGateway(HttpGateway):
    """Any gateway that takes JSON over HTTP, described by the account.

    Settings: ``url``; ``body``, JSON with the places ``{number}``, ``{number_plus}``,
    ``{text}``, ``{sender}``, ``{uuid}``, ``{callback}``, ``{username}``,
    ``{password}``, ``{template}``; ``auth``: ``none``, ``basic`` or ``bearer``;
    ``success_path`` and ``success_value``; ``reference_path``; ``error_path``;
    ``retry_values`` (codes at the success path, by commas); and of receipts
    ``receipt_reference_path``, ``receipt_uuid_path``, ``receipt_status_path``,
    ``receipt_delivered`` and ``receipt_failed`` (values, by commas).
    """

    def __init__(
        self,
        config: dict[str, Any],
        on_receipt: Callable[[Receipt], None] | None = None,
    ):
        super().__init__(config, on_receipt)
        self.is_idempotent = bool(config.get("is_idempotent"))

    def submit(self, message: Outgoing) -> requests.Response:
        config = self.config
        places = {
            "number": to_national(message.number),
            "number_plus": message.number,
            "text": message.text,
            "sender": message.sender,
            "uuid": message.uuid,
            "callback": message.callback,
            "template": message.template,
            "username": config.get("username") or "",
            "password": config.get("password") or "",
        }
        options = {}
        if config.get("auth") == "basic":
            options["auth"] = (places["username"], places["password"])
        elif config.get("auth") == "bearer":
            options["headers"] = {"Authorization": f"Bearer {places['password']}"}
        body = fill(json.loads(config["body"]), places)
        return self.call("POST", config["url"], json=body, **options)

    def read_response(self, message: Outgoing, response: requests.Response) -> Result:
        config, answer = self.config, response.json()
        code = get_path(answer, config["success_path"])
        if str(code) == config["success_value"]:
            reference = get_path(answer, config.get("reference_path") or "")
            return Result(
                message.uuid, ACCEPTED, (str(reference),) if reference else ()
            )
        reason = get_path(answer, config.get("error_path") or "")
        retry = str(code) in _split(config.get("retry_values"))
        return Result(
            message.uuid,
            RETRY if retry else OTHER,
            reason=f"{code} {reason or ''}".strip(),
        )

    def parse_receipt(self, values: dict[str, Any]) -> list[Receipt]:
        config = self.config
        status = str(get_path(values, config.get("receipt_status_path") or ""))
        outcome = ""
        if status in _split(config.get("receipt_delivered")):
            outcome = "delivered"
        elif status in _split(config.get("receipt_failed")):
            outcome = "failed"
        reference = get_path(values, config.get("receipt_reference_path") or "")
        uuid = get_path(values, config.get("receipt_uuid_path") or "")
        return [Receipt(str(reference or ""), str(uuid or ""), outcome, status)]


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]
