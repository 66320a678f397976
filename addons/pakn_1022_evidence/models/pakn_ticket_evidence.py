import json

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.pakn_1022.tools.record import REMOVED

from ..tools.seals import START


class PaknTicketEvidence(models.AbstractModel):
    """A request's record with its proof, to be checked without this program (Art. 9.1).

    A room of ``pakn.ticket``.
    """

    _name = "pakn.ticket.evidence"
    _description = "Evidence of a request"

    def action_export_evidence(self):
        """Open the file of evidence, which ``bin/verify`` checks (Art. 12.1)."""
        self.ensure_one()
        self._check_evidence_access()
        return {"type": "ir.actions.act_url", "url": f"/pakn/evidence/{self.id}"}

    def _check_evidence_access(self):
        """Check that the caller may take the whole record out.

        :raise AccessError: no operator or administrator, or not allowed to read it
        """
        if not self.env.user.has_group("pakn_1022.group_operator"):
            raise AccessError(
                self.env._("Only an operator of the hotline may do this.")
            )
        self.check_access("read")

    def action_make_answer(self):
        """Open the answer to the citizen as a document (Art. 10.1.3).

        :raise UserError: there is no answer yet
        """
        self.ensure_one()
        self._check_evidence_access()
        if not self.result:
            raise UserError(
                self.env._("%s has no result yet, so there is no answer.", self.name)
            )
        return self.env["pakn.document"]._make("answer", self).action_open()

    def action_make_file(self):
        """Open the whole file as a document, its evidence attached (Art. 9.1, 12.1)."""
        self.ensure_one()
        self._check_evidence_access()
        return self.env["pakn.document"]._make("file", self).action_open()

    def _export_evidence(self):
        """Return the file of evidence, JSON in UTF-8, and note who took it out."""
        self.ensure_one()
        content = self._get_evidence()
        # sudo: who took it out is noted, whoever it was
        self.sudo()._message_log(
            body=self.env._("Evidence taken out by %s.", self.env.user.name)
        )
        return content

    def _get_evidence(self):
        """Return the file of evidence, JSON in UTF-8.

        See ``docs/evidence.md``. It holds what people said and who they are.
        """
        self._check_evidence_access()
        ticket_sudo = self.sudo()  # sudo: the whole record; the right is checked above
        seals = ticket_sudo.env["pakn.seal"]
        seals._seal_pending()
        reader = seals._get_reader()
        recorded = seals._get_recorded(self)
        state = reader.read_states(self.ids, recorded, in_words=True)[self.id]
        events = ticket_sudo.env["pakn.event"]
        acts_sudo = ticket_sudo.event_ids.sorted("sequence")
        acts = [
            events._to_act(
                self.name,
                {
                    **{
                        name: event[name]
                        for name in ("sequence", "date", "actor", "kind", "note")
                        + ("from_state", "to_state", "payload", "unit_code")
                    },
                    "transfer_id": event.transfer_id.id,
                },
            )._asdict()
            for event in acts_sudo
        ]
        # Of acts whose words were removed the hash stands there: it cannot be worked
        # out any more
        removed = {
            number
            for event in acts_sudo
            if event.kind == REMOVED
            for number in (event.payload or {}).get("acts", ())
        }
        for act, event in zip(acts, acts_sudo, strict=True):
            if str(event.sequence) in removed:
                act["hash"] = event.hash
        chain = [
            {
                "ticket": seal.code,
                "sequence": seal.sequence,
                "date": fields.Datetime.to_string(seal.date),
                "acts": seal.acts,
                "acts_hash": seal.acts_hash or START,
                "changes": seal.changes,
            }
            for seal in seals.search([("ticket_id", "=", self.id)], order="sequence")
        ]
        return json.dumps(
            {
                "version": 1,
                "request": self.id,
                "code": self.name,
                "salt": ticket_sudo.seal_salt or "",
                "acts": acts,
                "seals": chain,
                "state": state,
                "proof": ticket_sudo.env["pakn.anchor"]._get_proof(self),
            },
            ensure_ascii=False,
            indent=1,
            sort_keys=True,
        ).encode("utf-8")
