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
        return super()._get_processing() | {
            "request": {
                "sequence": 10,
                "name": self.env._("Requests and complaints of citizens"),
                "people": self.env._(
                    "Citizens and organisations that write to or call the hotline"
                ),
                "data": self.env._(
                    "Name, phone, address, email; what they write, photos and files,"
                    " the place of the matter; what became of it, their rating and"
                    " messages."
                ),
                "purpose": self.env._(
                    "To take the request in, have it handled and answer it; to judge"
                    " how it was handled."
                ),
                "ground": self.env._(
                    "Task of a state body by law: the regulation of the hotline 1022"
                    " (Art. 8, 10, 12, 14). No consent is needed; publication is for"
                    " results without names (Art. 13)."
                ),
                "duration": self.env._(
                    "As the law on archives asks for records of the state; see “Removal"
                    " after its time”."
                ),
                "recipients": self.env._(
                    "Operators of the hotline; the unit that handles it (not the name,"
                    " where it is confidential); the provincial office; the monitor,"
                    " masked."
                ),
                "protection": self.env._(
                    "Rights by role; masks; a record of each act; log of who opened it;"
                    " exports by right and on a log; backups encrypted where a key is"
                    " given."
                ),
            },
            "message": {
                "sequence": 30,
                "name": self.env._("Messages by mail"),
                "people": self.env._("Citizens who are told of their request"),
                "data": self.env._("Address and name; what is written both ways."),
                "purpose": self.env._(
                    "To tell citizens each step (Art. 10.1), and to be asked where"
                    " they write."
                ),
                "ground": self.env._("Task of a state body by law (Art. 3, 10.1)."),
                "duration": self.env._("Originals of mails: as set under Settings."),
                "recipients": self.env._(
                    "The providers of mail, as far as it takes to deliver."
                ),
                "protection": self.env._(
                    "Mails hold the code of the request and a link, no name."
                ),
            },
            "staff": {
                "sequence": 50,
                "name": self.env._("Accounts of staff"),
                "people": self.env._(
                    "Operators, focal points, heads, monitors and administrators"
                ),
                "data": self.env._(
                    "Name, login, email, phone, unit and role; acts on requests; what"
                    " they opened."
                ),
                "purpose": self.env._(
                    "To know who may do what and who did what (Art. 9, 16)."
                ),
                "ground": self.env._(
                    "Task of a state body by law; the duty of office."
                ),
                "duration": self.env._("As long as the record of acts."),
                "recipients": self.env._(
                    "All staff: name, unit and role. The administrator: all of it."
                ),
                "protection": self.env._(
                    "Passwords as hashes; second factor where it is set; review of"
                    " rights twice a year."
                ),
            },
        }
