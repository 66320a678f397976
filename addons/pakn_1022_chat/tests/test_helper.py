from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import helper, match, words
from .conversations import OWN, FakeDesk, play, read_conversations


@tagged(*TAGS)
class TestHelper(BaseCase):
    """The helper by itself, in conversations as people write them (Art. 8, 10.1)."""

    def test_art08_written_conversations_turn_by_turn(self):
        whole, count = 0, 0
        for name, settings, turns in read_conversations():
            said = []
            with self.subTest(name):
                for (lines, keys, acts), found_keys, found_acts in play(
                    settings, turns
                ):
                    self.assertEqual(found_keys, keys, lines)
                    self.assertEqual(found_acts, acts, lines)
                    said += found_keys
            count += 1
            whole += any(key.startswith("complete") for key in said)
        self.assertGreaterEqual(count, 60)
        # pylint: disable-next=print-used
        print(f"{whole} of {count} conversations: a whole request without a person")  # noqa: T201

    def test_first_words_say_that_it_is_a_programme(self):
        for _name, settings, turns in read_conversations():
            first = next(iter(play(settings, turns)))
            self.assertIn("greeting", first[1])

    def test_emergency_comes_before_anything_else(self):
        for text in (
            *("cháy rừng ở Chư Mom Ray", "dam chay lon o cho", "có tai nạn chết người"),
            *("danh nhau", "trẻ đuối nước ở sông Ba", "Cấp cứu!", "bị cướp giật"),
        ):
            replies = helper.hear(helper.State(), helper.Heard(text), FakeDesk(set()))
            with self.subTest(text):
                self.assertEqual(replies[0].key, "emergency")
        for text in ("nước chảy tràn đường", "xe chạy nhanh quá", "đường dây nóng"):
            with self.subTest(text):
                self.assertFalse(words.is_emergency(text))

    def test_emergency_is_said_also_while_a_person_answers(self):
        state = helper.State(with_person=True, has_greeted=True)
        replies = helper.hear(state, helper.Heard("cháy nhà rồi"), FakeDesk(set()))
        self.assertEqual([reply.key for reply in replies], ["emergency"])

    def test_a_complaint_is_never_answered_with_an_article(self):
        text = "thủ tục đăng ký khai sinh bị vòi vĩnh, cán bộ hách sách là thế nào?"
        desk = FakeDesk(set())
        keys = [r.key for r in helper.hear(helper.State(), helper.Heard(text), desk)]
        self.assertNotIn("articles", keys)
        self.assertIn("open", desk.done)

    def test_each_thing_is_asked_once(self):
        for name, settings, turns in read_conversations():
            asked = []
            for _turn, keys, acts in play(settings, turns):
                if acts.startswith("open"):
                    asked.clear()
                # Asked again only after something else was said in between
                if not {"noted", "file_added_ask", "state", "lookup_found"} & set(keys):
                    asked += [key for key in keys if key.startswith("ask_")]
            again = {key for key in asked if asked.count(key) > 1}
            with self.subTest(name):
                # A number or a place given in its stead does not answer it
                self.assertLessEqual(again, {"ask_name"})

    def test_state_survives_as_json_and_forgets_what_it_does_not_know(self):
        state = helper.State(step="name", given=["place"], words="x")
        again = helper.State.from_json({**state.to_json(), "of_the_future": 1})
        self.assertEqual(again, state)

    def test_anything_at_any_step_is_survived(self):
        odd = (
            "",
            "0",
            "1",
            "💥",
            "GL",
            "GL26-",
            "a" * 3000,
            "\x00",
            "bỏ qua",
            "?" * 50,
        )
        steps = (
            *helper.DETAILS,
            *("proof", "code_phone", "code_proof", "article", "reason", "same"),
            *("more", "tell", "unknown", ""),
        )
        odd = (*odd, "H21-251126-0001")
        for settings in (
            *(set(), {"done"}, {"ended"}, {"nobody", "closed"}, {"no-sms"}),
            *({"public"}, {"personal"}, {"personal", "no-sms"}, {"public", "down"}),
        ):
            for step in steps:
                for text in odd:
                    desk = FakeDesk(settings)
                    if step in helper.DETAILS or step == "proof":
                        desk.request = helper.Request(OWN, True)
                    state = helper.State(step=step, words="đèn hỏng", code=OWN)
                    with self.subTest(step, text=text[:10], settings=settings):
                        replies = helper.hear(state, helper.Heard(text, 1), desk)
                        self.assertTrue(all(reply.key for reply in replies))

    def test_words(self):
        for text in (
            "alo",
            "ad ơi",
            "1022 có ai không ạ",
            "Xin chào",
            "cho em hỏi với ạ",
        ):
            self.assertTrue(words.is_greeting(text), text)
        for text in ("alo mất nước rồi", "chào, đèn đường hỏng"):
            self.assertFalse(words.is_greeting(text), text)
        for text in (
            "gặp nhân viên",
            "cho tôi gặp người thật",
            "noi chuyen voi nhan vien",
        ):
            self.assertTrue(words.wants_person(text), text)
        for text in ("nhân viên thu tiền điện thái độ", "gặp khó khăn"):
            self.assertFalse(words.wants_person(text), text)
        self.assertTrue(words.has_mistyped_code("mã GL26-000123-8 đâu rồi"))
        self.assertFalse(words.has_mistyped_code("mã GL26-000123-7 đâu rồi"))
        self.assertFalse(words.has_mistyped_code("0905123456"))

    def test_articles_fit_without_accents_and_nothing_fits_nothing(self):
        titles = [
            "Làm thẻ căn cước ở đâu?",
            "Thủ tục đăng ký khai sinh",
            "Giờ làm việc",
        ]
        self.assertEqual(match.find_fitting("lam can cuoc o dau vay", titles), [0])
        self.assertEqual(
            match.find_fitting("khai sinh cho con đăng ký sao", titles), [1]
        )
        self.assertEqual(match.find_fitting("trời hôm nay đẹp", titles), [])
        self.assertEqual(match.find_fitting("", titles), [])
