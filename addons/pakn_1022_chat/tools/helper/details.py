"""What Art. 8.3 wants, asked for step by step, each thing once."""

from .. import given, words
from .desk import DETAILS, LONG_ANSWER, OPTIONAL, TRIES, Saying


class Details(Saying):
    """Place, photo, name, address and phone, and the proof of the phone."""

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
            given.find_own_phones(text)
            if self.state.step != "phone"
            else (given.find_phones_typed(text))
        )
        if phones and "phone" not in self.state.given:
            self.give("phone", phones[0])
            found = True
        name = given.read_name(text, False)
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
                self.say("ask_proof", phone=given.show_end(state.phone))
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
        if name == "name" and count <= 7 and given.read_name(text, True):
            return False
        if name in ("place", "address") and given.names_place(text):
            return False
        if count > LONG_ANSWER:
            return True
        return count >= 4 and (words.is_complaint(text) or words.is_question(text))

    def at_place(self) -> None:
        if self.is_passed("place"):
            return
        if self.take_details() and not given.names_place(self.text):
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
            name = given.read_name(self.text, True)
            if name and given.names_place(name):
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
        name = given.read_name(self.text, True) or ""
        if words.count_words(self.text) <= words.count_words(name) + 3:
            return
        address = given.read_address(self.text)
        if address and "address" not in self.state.given:
            self.give("address", address)
        if address or not has_details:
            self.desk.add_words(self.text)

    def take_address(self) -> bool:
        """Take an address that is given where another thing was asked for."""
        if "address" in self.state.given or not given.names_place(self.text):
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
        if self.take_details() and len(given.find_phones_typed(self.text)) > 1:
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
        digits = given.read_one_time_code(self.text)
        phones = given.find_phones_typed(self.text)
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
            self.say("ask_proof", phone=given.show_end(state.phone))
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
            self.say("ask_proof", phone=given.show_end(state.phone))
        else:
            self.finish()
