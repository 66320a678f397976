from . import (
    ir_http,
    pakn_article,
    pakn_rate_limit,
    pakn_transfer,
    res_config_settings,
    website,
)
