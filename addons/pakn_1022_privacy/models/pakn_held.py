from odoo import api, models

from odoo.addons.pakn_1022.tools.held import Kept


class PaknHeld(models.AbstractModel):
    """What is held of people by what this addon rests on, and by itself."""

    _inherit = "pakn.held"

    @api.model
    def _get_kept(self):
        return super()._get_kept() | {
            "access": Kept(
                self.env._("Log of who opened whose data"),
                1825,
                "staff",
                "pakn_access_log",
                "hour < %(limit)s",
                None,
                50,
            ),
            "privacy": Kept(
                self.env._("Citizens' requests about their data: phone and words"),
                1825,
                "request",
                "pakn_privacy_request",
                "state IN ('done', 'refused') AND date_done < %(limit)s"
                " AND phone IS NOT NULL",
                {"phone": None, "words": None},
                60,
            ),
        }

    @api.model
    def _get_processing(self):
        _ = self.env._
        return super()._get_processing() | {
            "request": {
                "sequence": 10,
                "name": _("Requests and complaints of citizens"),
                "people": _(
                    "Citizens and organisations that write to or call the hotline"
                ),
                "data": _(
                    "Name, phone, address, email; what they write, photos and files,"
                    " the place of the matter; what became of it, their rating and"
                    " messages."
                ),
                "purpose": _(
                    "To take the request in, have it handled and answer it; to judge"
                    " how it was handled."
                ),
                "ground": _(
                    "Task of a state body by law: the regulation of the hotline 1022"
                    " (Art. 8, 10, 12, 14). No consent is needed; publication is for"
                    " results without names (Art. 13)."
                ),
                "duration": _(
                    "As the law on archives asks for records of the state; see “Removal"
                    " after its time”."
                ),
                "recipients": _(
                    "Operators of the hotline; the unit that handles it (not the name,"
                    " where it is confidential); the provincial office; the monitor,"
                    " masked."
                ),
                "protection": _(
                    "Rights by role; masks; a record of each act; log of who opened it;"
                    " exports by right and on a log; backups encrypted where a key is"
                    " given."
                ),
            },
            "message": {
                "sequence": 30,
                "name": _("Messages by mail"),
                "people": _("Citizens who are told of their request"),
                "data": _("Address and name; what is written both ways."),
                "purpose": _(
                    "To tell citizens each step (Art. 10.1), and to be asked where"
                    " they write."
                ),
                "ground": _("Task of a state body by law (Art. 3, 10.1)."),
                "duration": _("Originals of mails: as set under Settings."),
                "recipients": _(
                    "The providers of mail, as far as it takes to deliver."
                ),
                "protection": _(
                    "Mails hold the code of the request and a link, no name."
                ),
            },
            "staff": {
                "sequence": 50,
                "name": _("Accounts of staff"),
                "people": _(
                    "Operators, focal points, heads, monitors and administrators"
                ),
                "data": _(
                    "Name, login, email, phone, unit and role; acts on requests; what"
                    " they opened."
                ),
                "purpose": _("To know who may do what and who did what (Art. 9, 16)."),
                "ground": _("Task of a state body by law; the duty of office."),
                "duration": _("As long as the record of acts."),
                "recipients": _(
                    "All staff: name, unit and role. The administrator: all of it."
                ),
                "protection": _(
                    "Passwords as hashes; second factor where it is set; review of"
                    " rights twice a year."
                ),
            },
        }
