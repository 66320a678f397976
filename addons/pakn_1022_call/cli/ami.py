"""``odoo ami -d DATABASE``: listens to the Asterisk exchanges of a database."""

import asyncio
import importlib
import sys

from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.tools import config


class Ami(Command):
    """Listen to the Asterisk exchanges of a database, until it is told to end.

    A service of its own, which lives longer than a worker of the server. It comes back
    by itself when the exchange or the database is gone for a while, and asks the
    exchange then which calls there are.
    """

    def run(self, args):
        config.parse_config(args, setup_logging=True)
        databases = config["db_name"]
        if len(databases) != 1:
            sys.exit("Name one database: odoo ami -d DATABASE")
        if not Registry(databases[0]).get("pakn.call"):
            sys.exit("The addon pakn_1022_call is not installed in this database.")
        # Odoo loads this file by itself, outside of its addon, and before any addon
        service = importlib.import_module(
            "odoo.addons.pakn_1022_call.service.ami_service"
        )
        asyncio.run(service.Service(databases[0]).run())
