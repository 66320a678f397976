"""One message that arrived, and what is said to it."""

from .. import given, words
from .codes import Codes
from .desk import DETAILS, Desk, Heard, Place, Reply, Request, State
from .details import Details

ARTICLES = 3


def hear(state: State, heard: Heard, desk: Desk) -> list[Reply]:
    """Take in what arrived, change ``state``, and return what to say."""
    return Turn(state, heard, desk).run()


class Turn(Details, Codes):
    """One turn: what arrived, and what is said to it."""

    def run(self) -> list[Reply]:
        state = self.state
        if self.text and words.is_emergency(self.text):
            self.say("emergency")
        if self.heard.is_back:
            state.with_person = state.has_greeted = False
            self.forget_questions()
        if state.with_person:
            if not self.rate_beside_a_person():
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
            and not (state.step == "name" and given.read_name(self.text, True) == "Huy")
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
        grade = given.read_grade(text) if request and request.can_be_rated else None
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
        elif given.names_place(text):
            state.given.append("place")
        self.take_details(text)
        self.say("taken")
        self.ask_next()

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

    def rate_beside_a_person(self) -> bool:
        """Take a grade that was asked for, though a person answers the rest.

        Of what could be words to that person, the grade alone counts.
        """
        state, request = self.state, self.desk.get_request()
        if not self.text or not (request and request.can_be_rated):
            return False
        if state.step == "reason":
            self.at_reason()
            return True
        grade = given.read_grade(self.text)
        if not grade or (grade[1] and grade[0] != 3):
            return False
        self.rate(*grade)
        return True

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
