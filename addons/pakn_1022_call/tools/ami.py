"""Asterisk's manager interface (AMI): the line protocol and a connection. No Odoo.

``panoramisk``, the client that is kept for it, decodes each piece of the stream by
itself, so that letters at its edges are lost, knows one character set for all phones,
and comes back after a fixed pause; hence these few lines. The protocol: blocks of
``Key: value`` lines parted by an empty one, lines end with CR LF
(https://docs.asterisk.org/Configuration/Interfaces/Asterisk-Manager-Interface-AMI/).
"""

import asyncio
import itertools
import logging
import ssl
from collections.abc import AsyncIterator, Mapping

_logger = logging.getLogger(__name__)

# Bytes of one block; a longer one is no block of AMI
BLOCK_LIMIT = 256 * 1024
# Seconds: to connect and log in, between signs of life, for an answer
CONNECT_TIMEOUT, PING_PAUSE, ANSWER_TIMEOUT = 10, 20, 20
# Blocks that wait to be dealt with
QUEUE_LIMIT = 100_000

Block = dict[str, str]


class AmiError(Exception):
    """The exchange refused, or what it says is not AMI."""


def decode(data: bytes) -> str:
    """Return a text that is UTF-8, or else Latin-1, as older phones send names."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def encode(fields: Mapping[str, str]) -> bytes:
    """Return an action as it is sent.

    :raise ValueError: a value has more than one line, which would be another action
    """
    lines = []
    for key, value in fields.items():
        # A repeated key: Variable, one for each line
        for text in value if isinstance(value, (list, tuple)) else (value,):
            if any(char in f"{key}{text}" for char in "\r\n\0"):
                raise ValueError(key)
            lines.append(f"{key}: {text}\r\n")
    return "".join([*lines, "\r\n"]).encode()


class Parser:
    """Makes blocks of a stream that comes in pieces of any size."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Block]:
        """Return the blocks that are whole now.

        :raise AmiError: a block does not end
        """
        self._buffer += data
        blocks = []
        while True:
            end, length = self._find_end()
            if end < 0:
                break
            block = self._parse(bytes(self._buffer[:end]))
            del self._buffer[: end + length]
            if block:
                blocks.append(block)
        if len(self._buffer) > BLOCK_LIMIT:
            raise AmiError("a block without an end")
        return blocks

    def _find_end(self) -> tuple[int, int]:
        """Return where the first block ends and how long its end is."""
        found = [
            (position, len(end))
            for end in (b"\r\n\r\n", b"\n\n")
            if (position := self._buffer.find(end)) >= 0
        ]
        return min(found, default=(-1, 0))

    @staticmethod
    def _parse(data: bytes) -> Block:
        """Return a block; of a key that comes twice the first value.

        The greeting, ``Asterisk Call Manager/x``, has no value and is left out.
        """
        block: Block = {}
        for line in data.splitlines():
            key, colon, value = line.partition(b":")
            if colon and key.strip():
                block.setdefault(decode(key.strip()), decode(value.strip()))
        return block


class Connection:
    """One connection, logged in; :meth:`iter_events` ends when it is lost."""

    def __init__(self, host: str, port: int, username: str, secret: str,
                 use_tls: bool = False) -> None:  # fmt: skip
        self._address = host, port
        self._credentials = username, secret
        self._use_tls = use_tls
        self._numbers = itertools.count(1)
        self._answers: dict[str, asyncio.Future] = {}
        self._lists: dict[str, list[Block]] = {}
        self._events: asyncio.Queue[Block | None] = asyncio.Queue(QUEUE_LIMIT)
        self._reader = self._writer = None
        self._tasks: list[asyncio.Task] = []

    async def open(self) -> None:
        """Connect and log in.

        :raise OSError, asyncio.TimeoutError: it cannot be reached
        :raise AmiError: it refuses the user
        """
        context = ssl.create_default_context() if self._use_tls else None
        self._reader, self._writer = await asyncio.wait_for(
            asyncio.open_connection(*self._address, ssl=context, limit=BLOCK_LIMIT),
            CONNECT_TIMEOUT,
        )
        # The greeting is a line without the empty one after it
        await asyncio.wait_for(self._reader.readline(), CONNECT_TIMEOUT)
        self._tasks.append(asyncio.create_task(self._read()))
        username, secret = self._credentials
        try:
            await self.ask("Login", Username=username, Secret=secret, Events="on")
        except (AmiError, asyncio.TimeoutError):
            await self.close()
            raise
        self._tasks.append(asyncio.create_task(self._ping()))

    async def close(self) -> None:
        """End the connection; harmless when it is lost already."""
        for task in self._tasks:
            task.cancel()
        if self._writer:
            self._writer.close()
        self._end()

    async def ask(self, action: str, **fields: str) -> Block:
        """Send an action and return its answer.

        :raise AmiError: the exchange refuses it, or the connection is lost
        """
        answer, _rows = await self._ask(action, fields, is_list=False)
        return answer

    async def ask_list(self, action: str, **fields: str) -> list[Block]:
        """Send an action that is answered by a list, and return its rows."""
        _answer, rows = await self._ask(action, fields, is_list=True)
        return rows

    async def _ask(self, action, fields, is_list):
        number = f"pakn-{next(self._numbers)}"
        future = asyncio.get_running_loop().create_future()
        self._answers[number] = future
        if is_list:
            self._lists[number] = []
        try:
            self._writer.write(encode({"Action": action, "ActionID": number, **fields}))
            await self._writer.drain()
            answer = await asyncio.wait_for(future, ANSWER_TIMEOUT)
        except ConnectionError as error:
            raise AmiError("the connection is lost") from error
        finally:
            self._answers.pop(number, None)
            rows = self._lists.pop(number, [])
        if answer.get("Response") == "Error":
            raise AmiError(answer.get("Message", "refused"))
        return answer, rows

    async def iter_events(self) -> AsyncIterator[Block]:
        """Yield the events as they come, until the connection is lost."""
        while (block := await self._events.get()) is not None:
            yield block

    async def _read(self) -> None:
        parser = Parser()
        try:
            while data := await self._reader.read(65536):
                for block in parser.feed(data):
                    self._sort(block)
        except (OSError, AmiError, asyncio.QueueFull) as error:
            _logger.warning("AMI: %s", type(error).__name__)
        finally:
            self._end()

    def _sort(self, block: Block) -> None:
        """Give a block to who asked for it, or to the events."""
        number = block.get("ActionID", "")
        future = self._answers.get(number)
        if number in self._lists and future and not future.done():
            if "Event" not in block:
                if block.get("Response") == "Error":
                    future.set_result(block)
            elif block.get("EventList") == "Complete" or block["Event"].endswith(
                "Complete"
            ):
                future.set_result(block)
            else:
                self._lists[number].append(block)
        elif "Response" in block:
            if future and not future.done():
                future.set_result(block)
        elif "Event" in block:
            self._events.put_nowait(block)

    def _end(self) -> None:
        """Let everybody go who waits for this connection."""
        for future in self._answers.values():
            if not future.done():
                future.set_exception(AmiError("the connection is lost"))
        if self._events.full():
            self._events.get_nowait()
        self._events.put_nowait(None)

    async def _ping(self) -> None:
        """Find out that the other end is gone though nothing says so."""
        try:
            while True:
                await asyncio.sleep(PING_PAUSE)
                await self.ask("Ping")
        except (AmiError, asyncio.TimeoutError):
            self._writer.close()
            self._end()


async def originate(connection: Mapping, fields: Mapping[str, str]) -> None:
    """Have a call made, by a connection of its own.

    :param connection: arguments of :class:`Connection`
    :param fields: of the action ``Originate``
    :raise OSError, asyncio.TimeoutError: the exchange cannot be reached
    :raise AmiError: it refuses
    """
    opened = Connection(**connection)
    try:
        await opened.open()
        await opened.ask("Originate", **fields)
    finally:
        await opened.close()


def get_pauses(first: float = 1, last: float = 60):
    """Yield the seconds to wait before each new attempt: doubled up to the last."""
    pause = first
    while True:
        yield pause
        pause = min(pause * 2, last)
