# Others are made of this
from . import pakn_ticket_removal

# isort: split
from . import (
    pakn_access_log,
    pakn_breach,
    pakn_privacy_request,
    pakn_processing,
    pakn_retention,
    pakn_ticket,
    pakn_transfer,
    res_partner,
)
