from odoo.tests import BaseCase, tagged

from odoo.addons.pakn_1022.tests.common import TAGS

from ..tools import given, helper, match, words
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

    def test_emergency_in_odd_spelling_regional_words_and_without_accents(self):
        for text in (
            *("CHÁY!!!", "chayyy", "nha toi dang chay", "tainan", "tngt nga tu"),
            *("danh lon truoc quan", "oánh nhau", "chem nhau", "giat tui xach"),
            *("nuoc cuon troi", "sat lo vui lap nguoi", "no binh ga", "hiep dam"),
            *("chong danh vo", "con 10 tuổi, bố con đánh con hoài", "nhay cau"),
            *("toi muon chet", "bat coc tre em", "dot quy", "ran can", "lat xe"),
            *("cuu toi voi", "cứu", "day dien dut nam giua duong", "ngáo đá cầm dao"),
            *("trẻ lạc", "phat hien bom", "xâm hại trẻ em", "rò rỉ gas"),
        ):
            with self.subTest(text):
                self.assertTrue(words.is_emergency(text))
        for text in (
            *(
                "nước chảy lớn",
                "toi dang chay xe tren duong",
                "chay xe o to qua toc do",
            ),
            *("bị đánh giá sai", "cửa hàng bán cháy hàng", "xe tai chay lon xon"),
            *("cán bộ xã bị động", "hang xom danh dan hat karaoke", "chay quan ao"),
        ):
            with self.subTest(text):
                self.assertFalse(words.is_emergency(text))

    def test_a_person_is_reached_by_many_words_and_not_by_a_complaint_of_staff(self):
        for text in (
            *("gap nv đi", "cho gap nv", "gapnv", "gặp nhân viêm", "nv oi"),
            *("tôi muốn gặp cán bộ", "nhân viên đâu", "có nhân viên không"),
            *("goi nhan vien", "tư vấn viên", "cần người hỗ trợ", "gọi cho tôi đi"),
            *("không muốn nói với máy", "gap truc tiep", "có người thật không"),
            "I want to talk to a human",
        ):
            with self.subTest(text):
                self.assertTrue(words.wants_person(text))
        for text in (
            *("chuyển cho nhân viên điện lực xử lý", "cho nhan vien an hoi lo"),
            *("tôi gặp nhân viên bảo vệ chợ chửi dân", "can bo xa"),
            "toi da gap nhan vien xa roi ma ho khong giai quyet",
        ):
            with self.subTest(text):
                self.assertFalse(words.wants_person(text))
        self.assertEqual(
            words.cut_person("Đèn hỏng rồi, cho tôi gặp nhân viên đi"), "Đèn hỏng rồi"
        )

    def test_skipped_in_many_words(self):
        for text in (
            *("bq", "bo wa", "bỏ qua đi", "hok", "hổng có", "k", "không có hình"),
            *("chưa chụp được", "dạ không", "thôi khỏi", "ẩn danh", "ko co sdt"),
        ):
            with self.subTest(text):
                self.assertTrue(words.is_skip(text))
        for text in ("không ai sửa", "Hồng", "không có điện từ sáng", "Khôi"):
            with self.subTest(text):
                self.assertFalse(words.is_skip(text))

    def test_who_was_with_a_person_is_told_after_hours_once_when_they_answer(self):
        state = helper.State(with_person=True, has_greeted=True)
        desk = FakeDesk({"closed", "nobody"})
        said = [
            [r.key for r in helper.hear(state, helper.Heard(text), desk)]
            for text in ("sao rồi ad", "alo", "có ai không")
        ]
        self.assertEqual(said, [["nobody"], [], []])

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
            for (lines, *_rest), keys, acts in play(settings, turns):
                if all(words.is_nod(line) for line in lines):
                    continue  # "dạ" is said before the answer, and answers nothing
                if acts.startswith("open"):
                    asked.clear()
                # Asked again only after something else was said in between
                if not {
                    *("noted", "file_added_ask", "state", "lookup_found"),
                    *("why", "greeting"),
                } & set(keys):
                    asked += [key for key in keys if key.startswith("ask_")]
            again = {key for key in asked if asked.count(key) > 1}
            with self.subTest(name):
                # A number or a place given in its stead does not answer it; a code that
                # did not arrive is sent again
                self.assertLessEqual(again, {"ask_name", "ask_phone", "ask_proof"})

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
        self.assertTrue(given.has_mistyped_code("mã GL26-000123-8 đâu rồi"))
        self.assertFalse(given.has_mistyped_code("mã GL26-000123-7 đâu rồi"))
        self.assertFalse(given.has_mistyped_code("0905123456"))

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
