import re

import requests

from ..gsm import is_gsm
from .base import (
    ACCEPTED,
    ACCOUNT,
    CREDIT,
    NUMBER,
    OTHER,
    RETRY,
    TEMPLATE,
    HttpGateway,
    Outgoing,
    Result,
    to_national,
)

OUTCOMES = {
    "1": ACCOUNT,
    "7": TEMPLATE,
    "10": ACCOUNT,
    "13": ACCOUNT,
    "14": ACCOUNT,
    "15": ACCOUNT,
    "16": RETRY,
    "20": CREDIT,
    "21": CREDIT,
    "22": CREDIT,
    "23": NUMBER,
    "25": NUMBER,
    "32": TEMPLATE,
    # The same REQID: it was taken before
    "33": ACCEPTED,
}


class VnptGateway(HttpGateway):
    """VNPT/Vinaphone, ``send_sms_list``: a registered template and its contents."""

    is_idempotent = True
    needs_template = True

    def submit(self, message: Outgoing) -> requests.Response:
        config = self.config
        return self.call(
            "POST",
            config["url"],
            json={
                "RQST": {
                    "name": "send_sms_list",
                    "REQID": message.uuid,
                    "LABELID": config.get("label") or message.sender,
                    "CONTRACTTYPEID": "1",
                    "CONTRACTID": config.get("contract") or "",
                    "TEMPLATEID": message.template,
                    "PARAMS": [
                        {"NUM": str(number), "CONTENT": content}
                        for number, content in enumerate(message.places, 1)
                    ],
                    "SCHEDULETIME": "",
                    "MOBILELIST": to_national(message.number),
                    "ISTELCOSUB": "0",
                    "AGENTID": config.get("agent") or "",
                    "APIUSER": config["username"],
                    "APIPASS": config["password"],
                    "USERNAME": config["username"],
                    "DATACODING": "0" if is_gsm(message.text) else "8",
                }
            },
        )

    def read_response(self, message: Outgoing, response: requests.Response) -> Result:
        answer = response.json()["RPLY"]
        code = re.sub(r"\s", "", str(answer["ERROR"]))
        if code == "0":
            return Result(message.uuid, ACCEPTED, (message.uuid,))
        reason = f"{code} {answer.get('ERROR_DESC') or ''}".strip()
        return Result(message.uuid, OUTCOMES.get(code, OTHER), reason=reason)
