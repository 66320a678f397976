# Others are made of these
from . import pakn_access_noted, pakn_privacy_package, pakn_ticket_removal

# isort: split
from . import (
    ir_binary,
    pakn_access_log,
    pakn_breach,
    pakn_held,
    pakn_privacy_request,
    pakn_processing,
    pakn_retention,
    pakn_ticket,
    pakn_transfer,
    res_partner,
)
