"""The code of a request, or of another system's dossier: its state, with proof."""

from .. import given, words
from .desk import DETAILS, LONG_ANSWER, TRIES, Saying


class Codes(Saying):
    """Whose it is must be proved; :class:`Turn` has ``begin`` and ``call_person``."""

    def take_code(self) -> bool:
        """Answer to the code of a request; return whether there was one."""
        state, text = self.state, self.text
        if state.step in ("proof", "code_phone", "code_proof"):
            return False
        code = given.find_code(text)
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
        if given.has_mistyped_code(text):
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
        phones = given.find_phones_typed(self.text)
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
                self.say(key, phone=given.show_end(phones[0]))

    def at_code_proof(self) -> None:
        state = self.state
        digits = given.read_one_time_code(self.text)
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
