"""Gateways of brandname SMS: one class each, behind one interface. No Odoo."""

from .base import Gateway, Outgoing, Receipt, Result
from .esms import EsmsGateway
from .fpt import FptGateway
from .http_json import HttpJsonGateway
from .smpp import SmppGateway
from .speedsms import SpeedSmsGateway
from .viettel import ViettelGateway
from .vnpt import VnptGateway

GATEWAYS = {
    "smpp": SmppGateway,
    "http": HttpJsonGateway,
    "esms": EsmsGateway,
    "speedsms": SpeedSmsGateway,
    "vnpt": VnptGateway,
    "viettel": ViettelGateway,
    "fpt": FptGateway,
}

__all__ = [
    "GATEWAYS",
    "Gateway",
    "Outgoing",
    "Receipt",
    "Result",
]
