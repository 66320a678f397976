from werkzeug.exceptions import NotFound

from odoo.http import request

from odoo.addons.portal.controllers.mail import MailController


class PaknMail(MailController):
    """What the links of mails and notices lead to."""

    @classmethod
    def _redirect_to_generic_fallback(cls, model, res_id, access_token=None, **kwargs):
        """Say that it is gone or somebody else's: Odoo opens Discuss without a word."""
        if model and request.session.uid and not request.env.user.share:
            raise NotFound
        return super()._redirect_to_generic_fallback(
            model, res_id, access_token=access_token, **kwargs
        )
