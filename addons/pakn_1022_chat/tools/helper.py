"""The helper of all chat doors: a state machine that takes requests in. No Odoo.

It says at once that it is a programme, and reaches a person whenever asked. What it
hears it does not judge: it asks, step by step and each thing once, for what Art. 8.3
wants; whatever says that something is wrong is a request, before anything else. It
promises nothing and knows nothing of a request but what :class:`Desk` says.

``hear`` takes what arrived and returns what to say, as keys of texts that the
administrator writes; what it does, it asks of the desk.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import NamedTuple, Protocol

from . import words

# What is asked for, in this order, and what may be passed over (Art. 8.3)
DETAILS = ("place", "photo", "name", "address", "phone")
OPTIONAL = ("place", "photo")
# A long answer to a short question is something else
LONG_ANSWER = 12
# Wrong one-time codes and numbers before a person is called
TRIES = 3
ARTICLES = 3


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


def hear(state: State, heard: Heard, desk: Desk) -> list[Reply]:
    """Take in what arrived, change ``state``, and return what to say."""
    return _Turn(state, heard, desk).run()


class _Turn:
    """One turn: what arrived, and what is said to it."""

    def __init__(self, state: State, heard: Heard, desk: Desk) -> None:
        self.state, self.heard, self.desk = state, heard, desk
        self.text = heard.text.strip()
        self.replies: list[Reply] = []

    def run(self) -> list[Reply]:
        state = self.state
        if self.text and words.is_emergency(self.text):
            self.say("emergency")
        if self.heard.is_back:
            state.with_person = state.has_greeted = False
            self.forget_questions()
        if state.with_person:
            self.keep()
            self.tell_nobody()
            return self.replies
        if not state.has_greeted:
            state.has_greeted = True
            self.say("greeting")
        request = self.desk.get_request()
        if state.step in (*DETAILS, "proof") and not (request and request.is_open):
            # It has ended meanwhile: what comes now is no answer
            self.forget_questions()
        self.take_place()
        if words.wants_person(self.text):
            self.call_person()
        elif self.heard.has_voice and not self.text:
            self.say("voice")
            self.call_person()
        elif self.text and words.asks_who(self.text):
            self.tell_who()
        elif (
            state.step != "phone"
            and words.is_cancel(self.text)
            and not (state.step == "name" and words.read_name(self.text, True) == "Huy")
        ):
            self.cancel()
        else:
            self.answer()
        return self.replies

    def tell_who(self) -> None:
        """Say that it is a programme, whenever somebody asks."""
        if "greeting" not in [reply.key for reply in self.replies]:
            self.say("greeting")
        if self.state.step in DETAILS:
            self.say(f"ask_{self.state.step}")

    def cancel(self) -> None:
        """Nothing more is asked; to withdraw a request is an operator's act."""
        state, request = self.state, self.desk.get_request()
        step, resume = state.step, state.resume
        self.forget_questions()
        if step in ("code_phone", "code_proof"):
            state.step = resume
            self.say("code_left")
        elif request and request.is_open:
            self.desk.add_words(self.text)
            self.say("withdraw", code=request.code)
        else:
            self.say("welcome")

    def forget_questions(self) -> None:
        state = self.state
        state.step, state.words, state.articles = "", "", []
        state.code, state.resume, state.source, state.link = "", "", 0, ""
        state.given, state.asked, state.place = [], [], []
        state.phone, state.tries, state.told_when = "", 0, ""

    def say(self, key: str, **values: str) -> None:
        self.replies.append(Reply(key, values))

    def answer(self) -> None:
        state, text = self.state, self.text
        if self.take_code():
            return
        handler = getattr(self, f"at_{state.step}", None) if state.step else None
        if handler and (text or self.heard.files or self.heard.place):
            handler()
            return
        self.begin()

    # ------------------------------------------------------------
    # A PERSON
    # ------------------------------------------------------------

    def call_person(self) -> None:
        """Reach a person, and say honestly whether one is there."""
        self.keep()
        if self.desk.call_person():
            self.state.with_person = True
            self.say("person")
        else:
            when = self.state.told_when = self.desk.when_open()
            self.say("nobody" if when else "nobody_now", when=when)

    def keep(self) -> None:
        """Put what was written to the request; a person reads the rest anyway."""
        request = self.desk.get_request()
        rest = words.cut_person(self.text)
        if request and request.is_open and self.text:
            self.desk.add_words(self.text)
        elif not request and words.is_content(rest) and not words.is_question(rest):
            self.desk.open_request(rest)

    def tell_nobody(self) -> None:
        """Say after hours, once, when the person who was called will answer."""
        when = "" if self.desk.is_there() else self.desk.when_open()
        if when and when != self.state.told_when:
            self.say("nobody", when=when)
        self.state.told_when = when

    # ------------------------------------------------------------
    # NOTHING ASKED YET
    # ------------------------------------------------------------

    def begin(self) -> None:
        state, text = self.state, self.text
        request = self.desk.get_request()
        grade = words.read_grade(text) if request and request.can_be_rated else None
        if grade and not state.step:
            self.rate(*grade)
        elif not text and self.heard.files:
            self.take_files(request)
        elif not text:
            if self.heard.place and not request:
                state.step = "tell"
                self.say("tell_place")
            elif not request and not self.replies:
                self.say("help")
        elif words.is_skip(text) and not state.words:
            self.say("help")
        elif words.is_thanks(text) and not state.words:
            self.say("welcome")
        elif words.is_greeting(text) and not state.words:
            if "greeting" not in [reply.key for reply in self.replies]:
                self.say("help")
        elif request and request.is_open:
            self.desk.add_words(text)
            self.say("added", code=request.code)
        elif request:
            state.step, state.words = "same", text
            self.say("same", code=request.code)
        else:
            self.listen()

    def take_files(self, request: Request | None) -> None:
        if request and request.is_open:
            self.say("file_added", code=request.code)
        else:
            self.state.step = "tell"
            self.state.given.append("photo")
            self.say("tell_photo")

    def listen(self) -> None:
        """Words of a new matter, maybe only the first of them."""
        state = self.state
        text = f"{state.words}\n{self.text}".strip()
        if words.is_question(text):
            articles = self.desk.find_articles(text)[:ARTICLES]
            if articles:
                state.step, state.words = "article", text
                state.articles = [list(article) for article in articles]
                titles = [f"{n}. {a.title}" for n, a in enumerate(articles, 1)]
                self.say("articles", titles="\n".join(titles))
                return
        if words.is_content(text) or words.is_question(text):
            self.open(text)
        else:
            state.words, state.step = text, "tell"
            self.say("tell_more")

    def at_tell(self) -> None:
        """Somebody is about to say what it is."""
        if not self.text:
            if self.heard.files:
                self.state.given.append("photo")
            if not self.replies:
                self.say("tell_more")
        elif words.is_greeting(self.text) or words.is_thanks(self.text):
            self.say("tell_more")
        else:
            self.state.step = ""
            self.begin() if self.desk.get_request() else self.listen()

    def open(self, text: str) -> None:
        """Take the request in at once, that nothing is lost; then ask for the rest."""
        state = self.state
        self.desk.open_request(text)
        state.words, state.articles, state.asked = "", [], []
        if self.heard.files:
            state.given.append("photo")
        if state.place:
            latitude, longitude, name = state.place
            self.desk.set_place(Place(float(latitude), float(longitude), str(name)))
            state.given.append("place")
        elif words.names_place(text):
            state.given.append("place")
        self.take_details(text)
        self.say("taken")
        self.ask_next()

    # ------------------------------------------------------------
    # WHAT ART. 8.3 WANTS
    # ------------------------------------------------------------

    def take_place(self) -> None:
        """A location message tells where, at whatever moment it comes."""
        place = self.heard.place
        if not place:
            return
        self.state.place = list(place)
        request = self.desk.get_request()
        if request and request.is_open:
            self.desk.set_place(place)
            self.state.given.append("place")

    def take_details(self, text: str | None = None) -> bool:
        """Take a number and a name from wherever they stand in what was written."""
        found = False
        text = self.text if text is None else text
        phones = (
            words.find_own_phones(text)
            if self.state.step != "phone"
            else (words.find_phones_typed(text))
        )
        if phones and "phone" not in self.state.given:
            self.give("phone", phones[0])
            found = True
        name = words.read_name(text, False)
        if name and "name" not in self.state.given:
            self.give("name", name)
            found = True
        return found

    def give(self, name: str, value: str) -> None:
        self.desk.set_detail(name, value)
        self.state.given.append(name)
        if name == "phone":
            self.state.phone = value

    def ask_next(self) -> None:
        """Ask for the next thing that is missing, each once; then say it is whole."""
        state = self.state
        for name in DETAILS:
            if name not in state.given and name not in state.asked:
                state.asked.append(name)
                state.step = name
                self.say(f"ask_{name}")
                return
        if state.phone and "proved" not in state.given and "proof" not in state.asked:
            state.asked.append("proof")
            if self.desk.send_code(state.phone, None):
                state.step, state.tries = "proof", 0
                self.say("ask_proof", phone=_local(state.phone))
                return
        self.finish()

    def finish(self) -> None:
        state, request = self.state, self.desk.get_request()
        missing = [one for one in DETAILS if one not in (*OPTIONAL, *state.given)]
        values = {
            "code": request.code if request else "",
            "when": self.desk.when_open(),
        }
        state.step = ""
        state.given, state.asked, state.place, state.phone = [], [], [], ""
        if missing:
            self.say("incomplete", **values)
        else:
            self.say("complete_closed" if values["when"] else "complete", **values)

    def is_passed(self, name: str) -> bool:
        """Return whether this question is answered without words, or passed over."""
        state = self.state
        if name == "place" and self.heard.place:
            self.ask_next()
            return True
        if self.heard.files and not self.text:
            state.given.append("photo")
            if name == "photo":
                self.ask_next()
            else:
                self.say("file_added_ask")
                self.say(f"ask_{name}")
            return True
        if words.is_skip(self.text):
            if name not in OPTIONAL:
                self.say("needed")
            self.ask_next()
            return True
        if name != "photo" and words.is_nod(self.text):
            # Said before the answer that follows
            if f"nod {name}" in state.asked:
                self.ask_next()
            else:
                state.asked.append(f"nod {name}")
                self.say(f"ask_{name}")
            return True
        if words.asks_why(self.text):
            if f"why {name}" in state.asked:
                self.ask_next()
            else:
                state.asked.append(f"why {name}")
                self.say("why")
                self.say(f"ask_{name}")
            return True
        if self.goes_on(name):
            # They go on telling: not an answer
            self.desk.add_words(self.text)
            self.take_details()
            if name in state.given:
                self.ask_next()
            else:
                self.say("noted")
                self.say(f"ask_{name}")
            return True
        return False

    def goes_on(self, name: str) -> bool:
        """Return whether this is no answer, but more of the matter."""
        text, count = self.text, words.count_words(self.text)
        if name == "name" and count <= 7 and words.read_name(text, True):
            return False
        if name in ("place", "address") and words.names_place(text):
            return False
        if count > LONG_ANSWER:
            return True
        return count >= 4 and (words.is_complaint(text) or words.is_question(text))

    def at_place(self) -> None:
        if self.is_passed("place"):
            return
        if self.take_details() and not words.names_place(self.text):
            self.say("ask_place")
            return
        self.give("place", self.text)
        self.ask_next()

    def at_photo(self) -> None:
        if self.is_passed("photo"):
            return
        if self.heard.files:
            self.state.given.append("photo")
            self.desk.add_words(self.text)
        elif not (self.take_details() or words.is_thanks(self.text)):
            self.desk.add_words(self.text)
        self.ask_next()

    def at_name(self) -> None:
        if self.is_passed("name"):
            return
        has_details = self.take_details()
        if "name" not in self.state.given:
            name = words.read_name(self.text, True)
            if name and words.names_place(name):
                name = None
            if not name and self.take_address():
                self.say("ask_name")
                return
            if name:
                self.give("name", name)
            elif not has_details:
                self.desk.add_words(self.text)
            else:
                self.say("ask_name")
                return
        if "name" in self.state.given:
            self.take_rest(has_details)
        self.ask_next()

    def take_rest(self, has_details: bool) -> None:
        """Take what stands beside the name: all of it at once."""
        name = words.read_name(self.text, True) or ""
        if words.count_words(self.text) <= words.count_words(name) + 3:
            return
        address = words.read_address(self.text)
        if address and "address" not in self.state.given:
            self.give("address", address)
        if address or not has_details:
            self.desk.add_words(self.text)

    def take_address(self) -> bool:
        """Take an address that is given where another thing was asked for."""
        if "address" in self.state.given or not words.names_place(self.text):
            return False
        self.give("address", self.text)
        return True

    def at_address(self) -> None:
        if self.is_passed("address"):
            return
        if self.take_details() and words.count_words(self.text) <= 4:
            self.say("ask_address")
            return
        self.give("address", self.text)
        self.ask_next()

    def at_phone(self) -> None:
        state = self.state
        if self.is_passed("phone"):
            return
        if self.take_details() and len(words.find_phones_typed(self.text)) > 1:
            self.desk.add_words(self.text)
        if "phone" not in state.given and self.take_address():
            self.say("ask_phone")
            return
        if "phone" not in state.given:
            state.tries += 1
            if state.tries < 2:
                self.say("phone_wrong")
                return
            self.desk.add_words(self.text)
        state.tries = 0
        self.ask_next()

    def at_proof(self) -> None:
        state = self.state
        digits = words.read_one_time_code(self.text)
        phones = words.find_phones_typed(self.text)
        if words.is_skip(self.text) and not words.wants_code_again(self.text):
            self.finish()
        elif digits and self.desk.check_code(state.phone, digits, None):
            state.given.append("proved")
            self.finish()
        elif phones and phones[0] != state.phone:
            # The number was mistyped
            self.give("phone", phones[0])
            self.send_proof()
        elif not digits and words.wants_code_again(self.text):
            self.send_proof()
        elif not digits and words.is_content(self.text):
            self.desk.add_words(self.text)
            self.say("noted")
            self.say("ask_proof", phone=_local(state.phone))
        else:
            state.tries += 1
            if state.tries >= TRIES:
                self.finish()
            else:
                self.say("proof_wrong")

    def send_proof(self) -> None:
        """Send a one-time code once more; where that cannot be, do without."""
        state = self.state
        state.tries += 1
        if state.tries < TRIES and self.desk.send_code(state.phone, None):
            self.say("ask_proof", phone=_local(state.phone))
        else:
            self.finish()

    # ------------------------------------------------------------
    # A CODE
    # ------------------------------------------------------------

    def take_code(self) -> bool:
        """Answer to the code of a request; return whether there was one."""
        state, text = self.state, self.text
        if state.step in ("proof", "code_phone", "code_proof"):
            return False
        code = words.find_code(text)
        if code:
            if words.count_words(text) > LONG_ANSWER and words.is_complaint(text):
                return False  # a matter that names a request, not a question for it
            state.code, state.resume, state.tries = code, state.step, 0
            if self.desk.is_own(code):
                self.tell_state()
            else:
                state.step = "code_phone"
                self.say("code_phone", code=code)
            return True
        if self.take_source():
            return True
        if words.has_mistyped_code(text):
            self.say("code_wrong")
            return True
        return False

    def take_source(self) -> bool:
        """Answer to a code of another database; return whether there was one."""
        state = self.state
        if not self.text or state.step == "phone":
            return False  # a number that is asked for
        source = self.desk.find_source(self.text)
        if not source:
            return False
        if words.is_complaint(source.rest) and (
            words.count_words(source.rest) > LONG_ANSWER
        ):
            return False  # a matter that names a code, not a question for it
        state.code, state.resume, state.tries = source.code, state.step, 0
        state.source, state.link = source.key, source.link
        if not source.needs_phone:
            self.tell_found("")
        elif source.can_prove:
            state.step = "code_phone"
            self.say("lookup_phone", code=source.code)
        else:
            self.leave_code("lookup_link")
        return True

    def tell_found(self, phone: str) -> None:
        """Say what a database of others knows of a code."""
        state = self.state
        outcome, lines = self.desk.look_up(state.source, state.code, phone)
        self.say(f"lookup_{outcome}", code=state.code, lines=lines, link=state.link)
        self.go_on()

    def tell_state(self) -> None:
        self.say("state", **self.desk.describe_state(self.state.code))
        self.go_on()

    def go_on(self) -> None:
        """Go on where the code came in between."""
        state = self.state
        self.forget_code()
        if state.step in DETAILS:
            self.say(f"ask_{state.step}")

    def forget_code(self) -> None:
        state = self.state
        state.step, state.code, state.phone, state.tries = state.resume, "", "", 0
        state.source, state.link = 0, ""

    def at_code_phone(self) -> None:
        state = self.state
        phones = words.find_phones_typed(self.text)
        if words.is_skip(self.text):
            self.leave_code()
        elif not phones and self.is_matter():
            self.hear_matter()
        elif not phones:
            state.tries += 1
            if state.tries >= TRIES:
                self.leave_code()
            else:
                self.say("phone_wrong")
        else:
            # Of a code of others the phone is compared after it was proved
            sent = self.desk.send_code(phones[0], None if state.source else state.code)
            if sent is None:
                self.leave_code("code_no_proof")
            elif not sent:
                self.leave_code("code_too_many")
            else:
                state.phone, state.step, state.tries = phones[0], "code_proof", 0
                key = "lookup_sent" if state.source else "code_sent"
                self.say(key, phone=_local(phones[0]))

    def at_code_proof(self) -> None:
        state = self.state
        digits = words.read_one_time_code(self.text)
        if digits and state.source and self.desk.check_phone(state.phone, digits):
            self.tell_found(state.phone)
        elif (
            digits
            and not state.source
            and self.desk.check_code(state.phone, digits, state.code)
        ):
            self.tell_state()
        elif words.is_skip(self.text) and not words.wants_code_again(self.text):
            self.leave_code()
        elif not digits and words.wants_code_again(self.text):
            state.step = "code_phone"
            self.text = state.phone
            self.at_code_phone()
        elif not digits and self.is_matter():
            self.hear_matter()
        else:
            state.tries += 1
            if state.tries >= TRIES:
                self.leave_code()
            else:
                self.say("proof_wrong")

    def is_matter(self) -> bool:
        """Return whether something is told, where a number was asked for."""
        text = self.text
        return words.count_words(text) >= 4 and words.is_complaint(text)

    def hear_matter(self) -> None:
        """Leave the code, and take in what is told: nobody's words are lost."""
        self.forget_code()
        handler = getattr(self, f"at_{self.state.step}", None)
        (handler or self.begin)()

    def leave_code(self, key: str = "code_left") -> None:
        state = self.state
        if state.source:
            # The site tells it, without anybody's help
            key = {"code_left": "lookup_left", "code_no_proof": "lookup_link"}.get(
                key, key
            )
        self.say(key, code=state.code, link=state.link)
        self.forget_code()
        if key == "code_no_proof":
            self.call_person()

    # ------------------------------------------------------------
    # ARTICLES, RATINGS, THE SAME MATTER
    # ------------------------------------------------------------

    def at_article(self) -> None:
        """Read one of the articles, be content, or have it taken in as a request."""
        state, text = self.state, self.text
        choice = words.read_choice(text, len(state.articles))
        if choice:
            title, answer = state.articles[choice - 1]
            self.say("article", title=title, answer=answer)
        elif words.is_thanks(text) or words.is_skip(text):
            state.step, state.words, state.articles = "", "", []
            self.say("welcome")
        elif words.read_choice(text, 9):
            titles = [f"{n}. {one[0]}" for n, one in enumerate(state.articles, 1)]
            self.say("articles", titles="\n".join(titles))
        elif words.fold(text).strip(" .!") in ("gui", "gui di", "gui phan anh", "0"):
            self.open(state.words)
        else:
            self.open(f"{state.words}\n{text}")

    def rate(self, grade: int, reason: str) -> None:
        if grade == 3 and not reason:
            self.state.step = "reason"
            self.say("ask_reason")
        else:
            self.say("rated" if self.desk.rate(grade, reason) else "rated_before")

    def at_reason(self) -> None:
        self.state.step = ""
        self.say("rated" if self.desk.rate(3, self.text) else "rated_before")

    def at_same(self) -> None:
        """After a request has ended: is it about the same matter?"""
        state, text = self.state, self.text
        request = self.desk.get_request()
        if words.is_yes(text):
            self.desk.add_words(state.words)
            state.step, state.words = "", ""
            self.say("added_ended", code=request.code if request else "")
        elif words.is_skip(text) and not words.is_no(text):
            self.forget_questions()
            self.say("welcome")
        elif words.is_no(text):
            state.step, whole = "", state.words
            self.open_or_listen(whole)
        else:
            state.words = f"{state.words}\n{text}"
            state.tries += 1
            if state.tries < 2:
                self.say("same", code=request.code if request else "")
            else:
                state.step, state.tries = "", 0
                self.open_or_listen(state.words)

    def open_or_listen(self, text: str) -> None:
        if words.is_content(text):
            self.open(text)
        else:
            self.state.words, self.state.step = text, "more"
            self.say("tell_more")

    def at_more(self) -> None:
        """A new matter after an ended one, still without enough words."""
        text = f"{self.state.words}\n{self.text}".strip()
        self.state.step = ""
        self.open_or_listen(text)


def _local(phone: str) -> str:
    """Return an E.164 number as people here write it, all but its end hidden."""
    return f"…{phone[-3:]}"
