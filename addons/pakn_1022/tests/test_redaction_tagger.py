"""What the learned weights add to the rules of the redaction; nothing of Odoo."""

import unittest
from time import process_time

from ..tools.redaction import find, find_doubtful
from ..tools.redaction.names import find_names
from ..tools.redaction.tagger import (
    LONGEST_TEXT,
    get_margins,
    get_signs,
    read_weights,
    weigh_words,
)
from ..tools.redaction.tokens import get_words

# Seconds that a text of some lines may take, hidden and marked; on a busy machine too
SECONDS = 0.01
# What a rule takes for a name, where other words speak against it
MISTAKEN = (
    ("em thay duong nay hu hong nang lam", "duong"),
    ("Karaoke Hoàng Gia mở nhạc quá giờ.", "Hoàng Gia"),
    ("can bo huong dan khong ro", "huong"),
)


def read(text, spans):
    """Return what spans hold."""
    return [text[span.start : span.end] for span in spans]


class TestRedactionTagger(unittest.TestCase):
    def test_art13_1_people_are_hidden_whom_no_rule_names(self):
        for text, people in (
            ("thai do cua nguyet o mot cua rat kho chiu", ["nguyet"]),
            ("can bo trinh mot cua noi chuyen kho chiu", ["trinh"]),
            ("sang nay luan voi hung danh nhau truoc cong", ["luan", "hung"]),
        ):
            with self.subTest(text):
                self.assertEqual(read(text, find_names(text)), [])
                self.assertEqual(read(text, find(text)), people)

    def test_streets_and_firms_that_bear_names_stay_readable(self):
        for text in (
            "cây xăng Hữu Lộc bơm thiếu",
            "nha thuoc minh chau ban thuoc het han",
            "tiệm bánh Ngọc Nga lấn vỉa hè",
            "duong nguyen van cu ngap",
            "truong nguyen trai tan hoc",
            "UBND phường Hội Phú trả lời như sau",
        ):
            with self.subTest(text):
                self.assertEqual(find(text), [])
                self.assertEqual(find_doubtful(text, []), [])

    def test_what_a_rule_mistakes_for_a_name_is_marked_and_not_hidden(self):
        for text, word in MISTAKEN:
            with self.subTest(text):
                self.assertIn(word, read(text, find_names(text)))
                found = find(text)
                self.assertNotIn(word, read(text, found))
                self.assertIn(word, read(text, find_doubtful(text, found)))

    def test_after_what_is_hidden_nothing_more_is(self):
        text = "Người nhận: Lương ***, ***, *** Lê Đức Thọ."
        self.assertEqual(find(text), [])

    def test_each_word_is_weighed_the_same_each_time(self):
        text = "anh tuan nha so 5 khong tra tien cho Nguyễn Thị Hoa, xóm 3"
        first = weigh_words(text)
        weigh_words.cache_clear()
        self.assertEqual(weigh_words(text), first)
        self.assertEqual([word for word, _score in first], get_words(text))
        scores = {word.text: score for word, score in first}
        for name in ("tuan", "Nguyễn", "Thị", "Hoa"):
            self.assertGreater(scores[name], 0, name)
        for other in ("anh", "nha", "5", "tien", "cho", "xóm"):
            self.assertLess(scores[other], 0, other)

    def test_the_scores_are_those_of_the_best_readings(self):
        """Compared with all readings of a text, counted one by one."""
        text, weights = "gặp chị Lan Anh nhé", read_weights()
        scores = [
            (0, *(sum(column) for column in zip(*known, strict=True)))
            for known in (
                [weights.signs.get(sign, (0, 0)) for sign in signs]
                for signs in get_signs(text, get_words(text))
            )
        ]
        readings = [[]]
        for _word in scores:
            readings = [[*reading, state] for reading in readings for state in range(3)]
        totals = {}
        for reading in readings:
            total, before = 0, 3
            for score, state in zip(scores, reading, strict=True):
                total += score[state] + weights.joints[before][state]
                before = state
            totals[tuple(reading)] = total
        for index, margin in enumerate(get_margins(scores, weights.joints)):
            named = max(total for reading, total in totals.items() if reading[index])
            other = max(
                total for reading, total in totals.items() if not reading[index]
            )
            self.assertAlmostEqual(margin, named - other)

    def test_texts_of_no_words_and_of_too_many(self):
        for text in ("", " ", "…", "\n\n"):
            self.assertEqual(weigh_words(text), ())
        text = "gọi " * LONGEST_TEXT
        self.assertLessEqual(weigh_words(text)[-1][0].end, LONGEST_TEXT)
        self.assertEqual(read(text + "anh Tuấn", find(text + "anh Tuấn")), ["Tuấn"])

    def test_a_text_takes_some_milliseconds(self):
        text = (
            "Ông Nguyễn Văn Bình ở tổ 5 đổ rác trước nhà chị Hoa, gọi mãi không ai tới."
        )
        find(text)
        weigh_words.cache_clear()
        start = process_time()
        find_doubtful(text, find(text))
        self.assertLess(process_time() - start, SECONDS)
