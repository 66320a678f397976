"""What a chat door speaks: one shape for all of them. Nothing of Odoo."""

from typing import NamedTuple, Protocol

# What keeps a message back where nothing is quoted of the other side
NO_CONNECTION, BROKEN, NO_ANSWER = "no connection", "the connection broke off", "late"


class File(NamedTuple):
    """A picture, file or voice message, still at the other side."""

    url: str
    name: str = ""
    is_voice: bool = False


class Event(NamedTuple):
    """What a door tells.

    ``kind``: ``message``, ``edit``, ``public``, ``follow``, ``unfollow``,
    ``delivered``, ``read``, ``ignored``. ``identity``: who it is for the account;
    ``key``: unique for the account, so that what is told twice counts once; ``about``:
    outside ids of messages of ours, or of the one that was edited; ``place``: latitude,
    longitude, name.
    """

    kind: str
    key: str
    identity: str = ""
    name: str = ""
    text: str = ""
    files: tuple[File, ...] = ()
    place: tuple[float, float, str] | None = None
    about: tuple[str, ...] = ()


class OutFile(NamedTuple):
    """A file on its way out; its name is plain letters, its type what its bytes say."""

    name: str
    mimetype: str
    data: bytes


class Outgoing(NamedTuple):
    """What is to be said: to whom for the account, and whether a person wrote it.

    With a ``file``, the file alone: what is said to it is a message of its own.
    """

    identity: str
    text: str
    is_person: bool = False
    file: OutFile | None = None


class Result(NamedTuple):
    """What became of it.

    ``sent``; ``retry``: certainly not sent, later perhaps; ``failed``: never; ``shut``:
    the door is shut for this conversation; ``unclear``: perhaps sent. ``reason`` is the
    door's name, a colon, and what it says or one of the words above.
    """

    state: str
    outside_id: str = ""
    reason: str = ""


class Gateway(Protocol):
    """A door, for one account."""

    def send(self, message: Outgoing) -> Result:
        """Hand a message over; raise nothing but what is a defect."""
