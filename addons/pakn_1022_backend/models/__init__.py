from . import (
    discuss_channel,
    iap_account,
    ir_config_parameter,
    ir_http,
    publisher_warranty,
    res_company,
    res_users,
)
