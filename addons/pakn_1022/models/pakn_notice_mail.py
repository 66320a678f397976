from odoo import api, fields, models

SECRET = "secret"


class PaknNoticeMail(models.AbstractModel):
    """Mail as a door of the outbox (Art. 10.1).

    A room of ``pakn.notice``. Of a state secret (Art. 13.1) a mail says which request
    it is about and what was done, and no word of it: whatever is said by the texts,
    which the administrator may change.
    """

    _name = "pakn.notice.mail"
    _description = "Notices by mail"

    def _hand_over_mail(self):
        """Make the mails of these notices; Odoo's queue sends them."""
        single, folded = self._split_folded()
        vals_list = folded._prepare_digests() if folded else []
        secret = single.filtered(lambda notice: notice.ticket_id.secrecy == SECRET)
        vals_list += [notice._prepare_kept_mail() for notice in secret]
        single -= secret
        for (act, audience), notices in single.grouped(
            lambda notice: (notice.act, notice.audience)
        ).items():
            # sudo: units' people may not read templates and contacts
            template = self.env["mail.template"].sudo()._get_pakn(act, audience)
            vals_list += notices._prepare_mails(template)
        self.env["mail.mail"].sudo().create(vals_list)
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _prepare_mails(self, template):
        """Return values of ``mail.mail``; a text is made once for each record."""
        records = {notice: notice._get_record() for notice in self}
        ids = list(dict.fromkeys(record.id for record in records.values()))
        rendered = template._generate_template(
            ids,
            ("attachment_ids", "auto_delete", "body_html", "email_from", "model")
            + ("reply_to", "res_id", "subject"),
        )
        dates = self._get_moments()
        vals_list = []
        for notice, record in records.items():
            vals = dict(rendered[record.id])
            vals.pop("attachments", None)
            if record._name == "pakn.transfer" and notice.user_id:
                vals["message_id"] = record._make_message_id(notice.user_id)
            files = vals.get("attachment_ids") or []
            vals_list.append(
                vals
                | {
                    "body": vals["body_html"],
                    "attachment_ids": [fields.Command.link(file) for file in files],
                    "email_to": notice._get_mail_to(),
                    "scheduled_date": dates[notice],
                    "pakn_notice_ids": [fields.Command.link(notice.id)],
                }
            )
        return vals_list

    def _prepare_kept_mail(self):
        """Return values of the ``mail.mail`` of a state secret, which says nothing."""
        self.ensure_one()
        record = self._get_record()
        lang = self.user_id.lang or self.env["pakn.ticket"]._get_citizen_lang()
        local = self.with_context(lang=lang)
        slip = record if record._name == "pakn.transfer" else None
        subject, body = local._make_kept_text(
            self.ticket_id,
            dict(local._selection_act())[self.act],
            slip=slip,
            is_staff=bool(self.user_id),
        )
        vals = {
            "subject": subject,
            "email_from": self.env.company.email_formatted,
            "email_to": self._get_mail_to(),
            "body_html": body,
            "body": body,
            "model": record._name,
            "res_id": record.id,
            "auto_delete": True,
            "scheduled_date": self._get_moments()[self],
            "pakn_notice_ids": [fields.Command.link(self.id)],
        }
        if slip and self.user_id:
            vals["message_id"] = slip._make_message_id(self.user_id)
        return vals

    @api.model
    def _make_kept_text(self, ticket, label, slip=None, is_staff=True):
        """Return subject and body of a mail about a state secret (Art. 13.1).

        :param str label: what was done, in the language of the environment
        :param slip: where its addressee reads and answers
        """
        body = self.env["ir.qweb"]._render(
            "pakn_1022.notice_kept",
            {"code": ticket.name, "label": label, "slip": slip, "is_staff": is_staff},
        )
        return f"1022 Gia Lai: {ticket.name}: {label}", body

    def _prepare_digests(self):
        """Return values of one ``mail.mail`` for each person and act."""
        vals_list = []
        dates = self._get_moments()
        for (user, act), notices in self.grouped(
            lambda notice: (notice.user_id, notice.act)
        ).items():
            local = self.with_context(lang=user.lang)
            label = dict(local._selection_act())[act]
            body = local.env["ir.qweb"]._render(
                "pakn_1022.notice_digest",
                {"slips": notices.transfer_id, "label": label, "act": act},
            )
            vals_list.append(
                {
                    "subject": local.env._(
                        "1022 Gia Lai: %(count)s slips: %(act)s",
                        count=len(notices.transfer_id),
                        act=label,
                    ),
                    "email_from": self.env.company.email_formatted,
                    "email_to": user.email_formatted,
                    "body_html": body,
                    "body": body,
                    "auto_delete": True,
                    "scheduled_date": dates[notices[0]],
                    "pakn_notice_ids": [fields.Command.set(notices.ids)],
                }
            )
        return vals_list

    def _get_mail_to(self):
        self.ensure_one()
        if self.user_id:
            return self.user_id.email_formatted
        return self.ticket_id.private_email
