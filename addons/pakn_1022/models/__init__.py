from . import pakn_kept  # others inherit from it

# isort: split
from . import (
    pakn_area,
    pakn_article,
    pakn_calendar_source,
    pakn_category,
    pakn_channel,
    pakn_event,
    pakn_reject_reason,
    pakn_stage,
    pakn_ticket,
    pakn_ticket_actions,
    pakn_ticket_flow,
    pakn_ticket_notify,
    pakn_ticket_record,
    pakn_transfer,
    pakn_transfer_board,
    pakn_transfer_clock,
    pakn_transfer_recount,
    pakn_unit,
    pakn_working_day,
    rating_rating,
    res_config_settings,
    res_partner,
    resource_calendar,
    resource_calendar_leaves,
)
