# Others are made of these
from . import (
    pakn_anchor_book,
    pakn_sealed,
    pakn_ticket_evidence,
    pakn_ticket_state,
)

# isort: split
from . import (
    certificate_certificate,
    mail_message,
    pakn_anchor,
    pakn_anchor_leaf,
    pakn_archive,
    pakn_archive_part,
    pakn_document,
    pakn_event,
    pakn_house_seal,
    pakn_kept,
    pakn_notice,
    pakn_seal,
    pakn_signature,
    pakn_ticket,
    pakn_transfer,
    pakn_trust,
    pakn_unit,
    rating_rating,
    res_config_settings,
    res_partner,
    res_users,
)
