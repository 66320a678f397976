from odoo.tests import tagged

from odoo.addons.pakn_1022.tools.held import Person

from .common import NUMBER, TAGS, CallCase

E164 = "+84905123456"


@tagged(*TAGS)
class TestHeld(CallCase):
    """Law 91/2025/QH15: a person's calls are told to who asks, and let go of."""

    def setUp(self):
        super().setUp()
        self.answered(number=NUMBER, recording="https://cdn.example/a.wav")
        self.lost("lost", number=NUMBER)
        self.answered("other", number="0905999888", recording="b.wav")
        self.recordings = self.get("c1").recording_id, self.get("other").recording_id
        for recording in self.recordings:
            recording._keep(b"RIFF not read", "audio/wav")

    def test_what_is_held_of_a_phone(self):
        held = self.env["pakn.held"].with_user(self.manager)._get_held(E164)
        [part] = [part for part in held if part["key"] == "calls"]
        self.assertEqual(part["title"], "Calls")
        first, second = part["rows"]
        self.assertEqual(first["when"], self.get("c1").date_ring)
        self.assertEqual((first["seconds"], first["recorded"]), (60, True))
        self.assertEqual(first["text"], "60 seconds, recorded")
        self.assertEqual((second["text"], second["recorded"]), ("0 seconds", False))

    def release(self, **found):
        person = Person(**{name: found.get(name, []) for name in Person._fields})
        self.env["pakn.held"]._release(person, [])

    def test_sound_of_a_person_goes_and_that_of_others_stays(self):
        mine, other = self.recordings
        self.release(phones=[E164])
        self.assertEqual((mine.state, other.state), ("removed", "kept"))
        self.assertTrue(mine.sha256)
        self.assertFalse(mine.address)
        audios = self.env["pakn.call.audio"].search([])
        self.assertEqual(audios.recording_id & (mine | other), other)
        # Of another phone, by the request it led to
        ticket = self.new_ticket()
        self.get("other").with_user(self.operator).link(ticket.id)
        self.release(tickets=ticket.ids)
        self.assertEqual(other.state, "removed")
