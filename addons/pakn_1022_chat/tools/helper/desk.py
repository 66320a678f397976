"""What the helper hears and says, asks of the hotline, and remembers."""

from dataclasses import asdict, dataclass, field, fields
from typing import NamedTuple, Protocol

# What is asked for, in this order, and what may be passed over (Art. 8.3)
DETAILS = ("place", "photo", "name", "address", "phone")
OPTIONAL = ("place", "photo")
# A long answer to a short question is something else
LONG_ANSWER = 12
# Wrong one-time codes and numbers before a person is called
TRIES = 3


class Place(NamedTuple):
    """A location message; degrees."""

    latitude: float
    longitude: float
    name: str = ""


class Heard(NamedTuple):
    """What arrived: words, how many pictures and files, a voice message, a place.

    ``is_back``: nothing had been said for so long that nobody remembers where it stood.
    """

    text: str = ""
    files: int = 0
    has_voice: bool = False
    place: Place | None = None
    is_back: bool = False


class Reply(NamedTuple):
    """What to say: the key of a text, and what stands in its blanks."""

    key: str
    values: dict[str, str] = {}


class Article(NamedTuple):
    title: str
    answer: str


class Request(NamedTuple):
    """The request a conversation is about."""

    code: str
    is_open: bool
    can_be_rated: bool = False


class Source(NamedTuple):
    """A database of others whose code a message names.

    ``key`` is the desk's; ``rest``: what else was written; ``link``: a page where it is
    looked up. With ``needs_phone`` it is told to whoever proves a phone alone, which
    ``can_prove`` says to be possible here.
    """

    key: int
    code: str
    rest: str = ""
    link: str = ""
    needs_phone: bool = False
    can_prove: bool = False


class Desk(Protocol):
    """What the helper asks of the hotline. Phones are E.164."""

    def get_request(self) -> Request | None:
        """Return the last request of this conversation."""

    def open_request(self, text: str) -> Request:
        """Take in a request with the files that came so far."""

    def add_words(self, text: str) -> None:
        """Put what was written to the request of this conversation."""

    def set_detail(self, name: str, value: str) -> None:
        """Fill in ``place``, ``name``, ``address`` or ``phone`` of the request."""

    def set_place(self, place: Place) -> None:
        """Fill in where the matter is."""

    def is_own(self, code: str) -> bool:
        """Return whether the request came by this conversation."""

    def describe_state(self, code: str) -> dict[str, str]:
        """Return what may be said of a request to its citizen."""

    def send_code(self, phone: str, code: str | None) -> bool | None:
        """Send a one-time code to a phone, if it is that of request ``code``.

        :param code: ``None``: to whatever phone was given for the present request
        :return: ``None`` where codes cannot be sent, ``False`` where too many were;
            ``True`` also if the phone is another's, for that is nobody's to know
        """

    def check_code(self, phone: str, digits: str, code: str | None) -> bool:
        """Return whether a one-time code is right; the phone is proved then."""

    def check_phone(self, phone: str, digits: str) -> bool:
        """Return whether a one-time code is right, without linking the phone."""

    def find_source(self, text: str) -> Source | None:
        """Return the database whose code a message names, if chats may ask it."""

    def look_up(self, key: int, code: str, phone: str) -> tuple[str, str]:
        """Look a code up in a database.

        :param phone: proved, or empty
        :return: what came of it (``found``, ``link``: nothing that is said here,
            ``missing``, ``not_yours``, ``down``, ``busy``), and its lines
        """

    def find_articles(self, text: str) -> list[Article]:
        """Return public articles that fit, the best first."""

    def call_person(self) -> bool:
        """Hand the conversation over; return whether anybody is there."""

    def is_there(self) -> bool:
        """Return whether the person is there who was called."""

    def when_open(self) -> str:
        """Return when the hotline is at work again; empty: it is now."""

    def rate(self, grade: int, reason: str) -> bool:
        """Take the grade of the last result, 1 the best of 3."""


@dataclass
class State:
    """Where a conversation stands; kept as JSON between two messages."""

    step: str = ""
    has_greeted: bool = False
    with_person: bool = False
    given: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    words: str = ""
    place: list[float | str] = field(default_factory=list)
    articles: list[list[str]] = field(default_factory=list)
    code: str = ""
    source: int = 0
    link: str = ""
    phone: str = ""
    tries: int = 0
    resume: str = ""
    told_when: str = ""
    date_heard: str = ""

    @classmethod
    def from_json(cls, values: dict | None) -> "State":
        names = {one.name for one in fields(cls)}
        return cls(**{k: v for k, v in (values or {}).items() if k in names})

    def to_json(self) -> dict:
        return asdict(self)


class Saying:
    """One turn, as its rooms share it: what arrived, where it stands, what is said."""

    def __init__(self, state: State, heard: Heard, desk: Desk) -> None:
        self.state, self.heard, self.desk = state, heard, desk
        self.text = heard.text.strip()
        self.replies: list[Reply] = []

    def say(self, key: str, **values: str) -> None:
        self.replies.append(Reply(key, values))
