from typing import Any

import requests

from .base import (
    ACCEPTED,
    ACCOUNT,
    CREDIT,
    NUMBER,
    OTHER,
    RETRY,
    HttpGateway,
    Outgoing,
    Receipt,
    Result,
    to_national,
)

URL = "https://api.speedsms.vn/index.php"
OUTCOMES = {
    "007": ACCOUNT,
    "008": ACCOUNT,
    "009": ACCOUNT,
    "105": NUMBER,
    "300": CREDIT,
    "500": RETRY,
}


class SpeedSmsGateway(HttpGateway):
    """SpeedSMS.vn (speedsms.vn/sms-api); the password is the access token."""

    can_be_asked = True

    @property
    def auth(self) -> tuple[str, str]:
        """User and password of each call."""
        return (self.config["password"], "x")

    def submit(self, message: Outgoing) -> requests.Response:
        url = self.config.get("url") or URL
        return self.call(
            "POST",
            f"{url}/sms/send",
            auth=self.auth,
            json={
                "to": [to_national(message.number)],
                "content": message.text,
                "sms_type": 3,
                "sender": message.sender,
            },
        )

    def read_response(self, message: Outgoing, response: requests.Response) -> Result:
        answer = response.json()
        if answer["status"] == "success":
            if answer["data"].get("invalidPhone"):
                return Result(message.uuid, NUMBER)
            return Result(message.uuid, ACCEPTED, (str(answer["data"]["tranId"]),))
        code = str(answer.get("code"))
        reason = f"{code} {answer.get('message') or ''}".strip()
        return Result(message.uuid, OUTCOMES.get(code, OTHER), reason=reason)

    def parse_receipt(self, values: dict[str, Any]) -> list[Receipt]:
        if values.get("type") == "incoming":
            return [
                Receipt(
                    number=str(values.get("phone") or ""),
                    text=str(values.get("content") or ""),
                )
            ]
        status = int(values.get("status") or 0)
        outcome = "delivered" if status == 0 else "failed" if status >= 64 else ""
        return [
            Receipt(
                reference=str(values.get("tranId") or ""),
                outcome=outcome,
                reason=f"status {status}",
            )
        ]

    def get_balance(self) -> float | None:
        url = self.config.get("url") or URL
        answer = self.call("GET", f"{url}/user/info", auth=self.auth).json()
        return float(answer["data"]["balance"]) if "data" in answer else None
