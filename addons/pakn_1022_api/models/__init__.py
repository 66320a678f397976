from . import (
    ir_http,
    pakn_api_client,
    pakn_api_key,
    pakn_category,
    pakn_ticket,
    res_config_settings,
)
