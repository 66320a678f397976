from typing import Any

import requests

from ..gsm import is_gsm
from .base import (
    ACCEPTED,
    ACCOUNT,
    CREDIT,
    NUMBER,
    OTHER,
    TEMPLATE,
    HttpGateway,
    Outgoing,
    Receipt,
    Result,
    to_national,
)

URL = "https://rest.esms.vn/MainService.svc/json"
OUTCOMES = {
    "99": NUMBER,
    "101": ACCOUNT,
    "102": CREDIT,
    "103": CREDIT,
    "104": ACCOUNT,
    "108": NUMBER,
    # The same RequestId today: it was taken before
    "124": ACCEPTED,
    "140": ACCOUNT,
    "146": TEMPLATE,
    "177": NUMBER,
}


class EsmsGateway(HttpGateway):
    """eSMS.vn, ``SendMultipleMessage_V4_post_json`` (developers.esms.vn)."""

    can_be_asked = True
    is_idempotent = True

    def submit(self, message: Outgoing) -> requests.Response:
        payload = {
            "ApiKey": self.config["username"],
            "SecretKey": self.config["password"],
            "Phone": to_national(message.number),
            "Content": message.text,
            "Brandname": message.sender,
            "SmsType": "2",
            "IsUnicode": "0" if is_gsm(message.text) else "1",
            "RequestId": message.uuid,
        }
        if message.callback:
            payload["CallbackUrl"] = message.callback
        url = self.config.get("url") or URL
        return self.call(
            "POST", f"{url}/SendMultipleMessage_V4_post_json/", json=payload
        )

    def read_response(self, message: Outgoing, response: requests.Response) -> Result:
        answer = response.json()
        code = str(answer["CodeResult"])
        if code == "100":
            return Result(message.uuid, ACCEPTED, (str(answer.get("SMSID", "")),))
        reason = f"{code} {answer.get('ErrorMessage') or ''}".strip()
        return Result(message.uuid, OUTCOMES.get(code, OTHER), reason=reason)

    def parse_receipt(self, values: dict[str, Any]) -> list[Receipt]:
        if str(values.get("SendStatus")) == "5":
            delivered = int(values.get("SendSuccess") or 0) > 0
            outcome = "delivered" if delivered else "failed"
        elif str(values.get("SendStatus")) == "4":
            outcome = "failed"
        else:
            outcome = ""
        return [
            Receipt(
                reference=str(values.get("SMSID") or ""),
                uuid=str(values.get("RequestId") or ""),
                outcome=outcome,
                reason=f"SendStatus {values.get('SendStatus')}",
            )
        ]

    def get_balance(self) -> float | None:
        url = self.config.get("url") or URL
        answer = self.call(
            "POST",
            f"{url}/GetBalance_json",
            json={
                "ApiKey": self.config["username"],
                "SecretKey": self.config["password"],
            },
        ).json()
        return float(answer["Balance"]) if "Balance" in answer else None
