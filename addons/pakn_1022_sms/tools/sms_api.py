from odoo.addons.sms.tools.sms_api import SmsApiBase

from .gateways import base

# What a gateway said -> the state that Odoo's ``sms`` knows
STATES = {
    base.ACCEPTED: "sent",
    base.NUMBER: "wrong_number_format",
    base.TEMPLATE: "brandname_template",
    base.ACCOUNT: "unregistered",
    base.CREDIT: "insufficient_credit",
    base.OTHER: "brandname_refused",
    base.RETRY: "server_error",
    base.UNKNOWN: "brandname_unknown",
}


class SmsApiBrandname(SmsApiBase):
    """The provider of Odoo's ``sms`` that hands messages to the hotline's accounts."""

    PROVIDER_TO_SMS_FAILURE_TYPE = SmsApiBase.PROVIDER_TO_SMS_FAILURE_TYPE | {
        "insufficient_credit": "sms_credit",
        "unregistered": "sms_acc",
        "brandname_template": "brandname_template",
        "brandname_unknown": "brandname_unknown",
        "brandname_no_account": "brandname_no_account",
        "brandname_refused": "sms_server",
    }

    def _send_sms_batch(
        self, messages: list[dict], delivery_reports_url: str | bool = False
    ) -> list[dict]:
        """Send by the accounts, the next one where the first could not be reached.

        :param messages: as Odoo's; the texts are those of the queue
        :return: one ``{"uuid", "state", "failure_reason", "account_id", "references",
            "text"}`` for each
        """
        texts = {
            number["uuid"]: (number["number"], message["content"])
            for message in messages
            for number in message["numbers"]
        }
        # sudo: the accounts' keys are no user's business
        accounts = self.env["pakn.sms.account"].sudo().search([], limit=100)
        results, sentences = {}, self._get_sms_api_error_messages()
        waiting, tried = set(texts), accounts.browse()
        while waiting:
            by_account = {}
            for uuid in sorted(waiting):
                account = accounts._pick(texts[uuid][0], tried)
                by_account.setdefault(account, []).append(uuid)
            waiting = set()
            for account, uuids in by_account.items():
                if not account:
                    for uuid in uuids:
                        results.setdefault(
                            uuid, {"uuid": uuid, "state": "brandname_no_account"}
                        )
                    continue
                for result, text in account._send(
                    [(uuid, *texts[uuid]) for uuid in uuids]
                ):
                    results[result.uuid] = {
                        "uuid": result.uuid,
                        "state": STATES[result.outcome],
                        "failure_reason": self._say(result, sentences),
                        "account_id": account.id,
                        "references": result.references,
                        "text": text,
                    }
                    # Certainly not taken for the account's own sake: the next one
                    if result.outcome in (base.RETRY, base.ACCOUNT, base.CREDIT):
                        waiting.add(result.uuid)
            tried = tried.union(*by_account)
        return list(results.values())

    @staticmethod
    def _say(result: base.Result, sentences: dict[str, str]) -> str | bool:
        """Return what happened in a sentence, with the gateway's own words behind it.

        A text that fits none of those registered here is said in a sentence already.
        """
        sentence = sentences.get(STATES[result.outcome])
        if not sentence or result.outcome == base.TEMPLATE and result.reason:
            return result.reason or False
        return f"{sentence} ({result.reason})" if result.reason else sentence

    def _get_sms_api_error_messages(self) -> dict[str, str]:
        return super()._get_sms_api_error_messages() | {
            "wrong_number_format": self.env._("The gateway does not know this number."),
            "brandname_template": self.env._(
                "The text fits none that is registered with the gateway."
            ),
            "unregistered": self.env._("The gateway refuses the account."),
            "insufficient_credit": self.env._("The account's balance is used up."),
            "server_error": self.env._("The gateway could not be reached."),
            "brandname_unknown": self.env._(
                "It is unclear whether the message was sent."
            ),
            "brandname_refused": self.env._("The gateway refuses the message."),
            "brandname_no_account": self.env._("No SMS account is set up."),
        }


class AskedOnce:
    """A provider that hands over once, and says the same to who asks again."""

    def __init__(self, provider: SmsApiBase):
        self._provider, self._said = provider, None

    def __getattr__(self, name: str):
        return getattr(self._provider, name)

    def _send_sms_batch(self, *args, **options) -> list[dict]:
        if self._said is None:
            self._said = self._provider._send_sms_batch(*args, **options)
        return self._said
