from xmlrpc.client import Fault

from odoo import http
from odoo.exceptions import AccessDenied, UserError
from odoo.http import Response
from odoo.tools import config

from odoo.addons.rpc.controllers import RPC
from odoo.addons.rpc.controllers.xmlrpc import (
    RPC_FAULT_CODE_APPLICATION_ERROR,
    dumps,
)

from .errors import FAILURE


class PaknRpc(RPC):
    """Programs that call methods learn what to do better, not how ours run."""

    @http.route()
    def xmlrpc_2(self, service):
        try:
            return super().xmlrpc_2(service)
        except (AccessDenied, UserError):
            raise
        except Exception as error:
            if not config["dev_mode"]:
                # In place of Odoo's answer, the course of the program
                fault = Fault(RPC_FAULT_CODE_APPLICATION_ERROR, FAILURE._source)
                error.error_response = Response(dumps(fault), mimetype="text/xml")
            raise
