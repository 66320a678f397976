# Others are made of it
from . import pakn_ticket_rest  # isort: skip
from . import (
    ir_http,
    pakn_api_call,
    pakn_api_client,
    pakn_api_key,
    pakn_api_session,
    pakn_article,
    pakn_category,
    pakn_event,
    pakn_held,
    pakn_ticket,
    pakn_undo,
    pakn_webhook,
    pakn_webhook_delivery,
    res_config_settings,
)
