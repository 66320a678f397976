"""Peers of the addons' tests, without the addons: the process of these is no Odoo."""

import sys
from importlib.util import module_from_spec, spec_from_file_location

from tests.conftest import ROOT


def load(path, name=None):
    """Return a module of an addon's tests.

    :param str path: below ``addons``
    :param str name: under which other modules import it
    """
    file = ROOT / "addons" / path
    spec = spec_from_file_location(name or file.stem, file)
    module = module_from_spec(spec)
    if name:
        sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


# What other peers are made of stands under its own name, or they would load its addon
_base = load("pakn_1022/tests/http_peer.py", "odoo.addons.pakn_1022.tests.http_peer")
HttpPeer, PeerHandler = _base.HttpPeer, _base.PeerHandler
