import base64
import time
import uuid
from collections.abc import Callable
from typing import Any

import requests

from .base import (
    ACCEPTED,
    ACCOUNT,
    OTHER,
    HttpGateway,
    Outgoing,
    Receipt,
    Result,
    to_national,
)

URL = "https://app.sms.fpt.net"


class FptGateway(HttpGateway):
    """FPT brandname: a token for some time, the text in base64."""

    def __init__(
        self,
        config: dict[str, Any],
        on_receipt: Callable[[Receipt], None] | None = None,
    ):
        super().__init__(config, on_receipt)
        self.token, self.expires = None, 0.0
        self.session_id = uuid.uuid4().hex

    def authenticate(self) -> requests.Response | None:
        """Get a token.

        :return: the response if there is none
        """
        response = self.call(
            "POST",
            f"{self.config.get('url') or URL}/oauth2/token",
            json={
                "grant_type": "client_credentials",
                "client_id": self.config["username"],
                "client_secret": self.config["password"],
                "scope": "send_brandname_otp send_brandname",
                "session_id": self.session_id,
            },
        )
        answer = response.json() if response.ok else {}
        if "access_token" not in answer:
            return response
        self.token = answer["access_token"]
        self.expires = time.monotonic() + float(answer.get("expires_in") or 3600) - 60
        return None

    def submit(self, message: Outgoing) -> requests.Response:
        if not self.token or time.monotonic() > self.expires:
            failed = self.authenticate()
            if failed is not None:
                return failed
        return self.call(
            "POST",
            f"{self.config.get('url') or URL}/api/push-brandname-otp",
            json={
                "access_token": self.token,
                "session_id": self.session_id,
                "BrandName": message.sender,
                "Phone": to_national(message.number),
                "Message": base64.b64encode(message.text.encode()).decode(),
            },
        )

    def read_response(self, message: Outgoing, response: requests.Response) -> Result:
        answer = response.json()
        if "MessageId" in answer:
            return Result(message.uuid, ACCEPTED, (str(answer["MessageId"]),))
        error = answer.get("Error") or answer.get("error")
        reason = answer.get("Error_description") or answer.get("error_description")
        outcome = ACCOUNT if "error" in answer else OTHER
        return Result(message.uuid, outcome, reason=f"{error} {reason or ''}".strip())
