import logging
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import requests

from ..incoming_sms import Piece

_logger = logging.getLogger(__name__)

TIMEOUT = 15

# What became of a message at the gateway
ACCEPTED = "accepted"
# Not taken, and will not be: "refused:<why>", why one of the below
NUMBER = "refused:number"
TEMPLATE = "refused:template"
ACCOUNT = "refused:account"
CREDIT = "refused:credit"
OTHER = "refused:other"
# Certainly not taken, and may be tried again
RETRY = "retry"
# Perhaps taken: nobody knows
UNKNOWN = "unknown"


class Outgoing(NamedTuple):
    """A message to be sent."""

    uuid: str  # 32 hexadecimal digits, ours
    number: str  # E.164
    text: str
    sender: str
    callback: str = ""  # address for the receipt of this message
    template: str = ""  # the gateway's id of the registered text
    places: tuple[str, ...] = ()  # contents of its places


class Result(NamedTuple):
    """What the gateway said to one message."""

    uuid: str
    outcome: str
    references: tuple[str, ...] = ()  # the gateway's ids, one for each part
    reason: str = ""


class Receipt(NamedTuple):
    """What the gateway tells later: of a message of ours, or one from a citizen."""

    reference: str = ""
    uuid: str = ""
    outcome: str = ""  # "delivered", "failed", or "" for not yet
    reason: str = ""
    number: str = ""  # of a message from a citizen
    text: str = ""
    piece: Piece | None = None  # instead of the text: of a message in several


class NotSent(Exception):
    """The gateway could not be reached: certainly nothing was sent."""


class Refused(Exception):
    """The gateway answers and does not take these user and password."""


class Gateway:
    """One account at a gateway. Used in a ``with`` block, which ends the session.

    :cvar is_idempotent: the gateway drops a second message with the same uuid
    :cvar needs_template: free texts are not taken
    :cvar can_be_asked: whether it works is told without a message, see :meth:`ask`
    """

    is_idempotent = False
    needs_template = False
    can_be_asked = False

    def __init__(
        self,
        config: dict[str, Any],
        on_receipt: Callable[[Receipt], None] | None = None,
    ):
        """
        :param config: the account's settings, by field
        :param on_receipt: is called with each :class:`Receipt` that comes in during
            the session, and must keep it before it returns
        """
        self.config = config
        self.on_receipt = on_receipt

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, *exception: Any) -> None:
        """End the session; exceptions go on."""

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        """Send messages and return a :class:`Result` for each."""
        return [self.send_one(message) for message in messages]

    def send_one(self, message: Outgoing) -> Result:
        """Send one message and return what the gateway said."""
        raise NotImplementedError

    def listen(self, seconds: float) -> bool:
        """Collect receipts for a while, where the gateway delivers them so.

        :return: whether the gateway was heard to the end
        """
        return True

    def ask(self) -> float | None:
        """Ask whether the account can be used, and return what is left on it.

        :raise Refused: another user or password is needed
        :raise Exception: the gateway's own, if it does not answer
        """
        if (balance := self.get_balance()) is None:
            raise Refused
        return balance

    def get_balance(self) -> float | None:
        """Return what is left on the account in its currency, ``None`` if not told."""
        return None

    def parse_receipt(self, values: dict[str, Any]) -> list[Receipt]:
        """Return the :class:`Receipt` objects in a call of the gateway.

        :param values: query, form or JSON
        """
        return []


class HttpGateway(Gateway):
    """What the gateways over HTTP share."""

    def __enter__(self) -> "HttpGateway":
        self.session = requests.Session()
        return self

    def __exit__(self, *exception: Any) -> None:
        self.session.close()

    def call(self, method: str, url: str, **options: Any) -> requests.Response:
        """Return the response of the gateway.

        :raise NotSent: no connection, so nothing was sent
        :raise requests.RequestException: it may have been sent
        """
        try:
            return self.session.request(method, url, timeout=TIMEOUT, **options)
        except requests.ConnectTimeout as error:
            raise NotSent(type(error).__name__) from error
        except requests.ConnectionError as error:
            # A refused connection is certain; one that broke while open is not
            if "NewConnectionError" in str(error) or "NameResolution" in str(error):
                raise NotSent("no connection") from error
            raise

    def send_one(self, message: Outgoing) -> Result:
        try:
            response = self.submit(message)
        except NotSent:
            return Result(message.uuid, RETRY)
        except requests.RequestException:
            # The text of the error would hold the address, and that the keys
            return Result(message.uuid, UNKNOWN)
        if response.status_code == 429:
            return Result(message.uuid, RETRY, reason="HTTP 429")
        if response.status_code in (401, 403):
            return Result(message.uuid, ACCOUNT, reason=f"HTTP {response.status_code}")
        if response.status_code == 503:
            return Result(message.uuid, RETRY, reason="HTTP 503")
        if response.status_code >= 500:
            return Result(message.uuid, UNKNOWN, reason=f"HTTP {response.status_code}")
        try:
            return self.read_response(message, response)
        except (ValueError, KeyError, TypeError, AttributeError):
            return Result(message.uuid, UNKNOWN)

    def submit(self, message: Outgoing) -> requests.Response:
        """Call the gateway and return the response."""
        raise NotImplementedError

    def read_response(self, message: Outgoing, response: requests.Response) -> Result:
        """Return the :class:`Result` that a response means."""
        raise NotImplementedError


def to_national(number: str) -> str:
    """Return an E.164 number as most gateways take it: ``84905123456``."""
    return number.lstrip("+")
