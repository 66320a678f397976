from . import (
    discuss_channel,
    iap_account,
    ir_config_parameter,
    ir_http,
    mail_canned_response,
    publisher_warranty,
    res_company,
    res_config_settings,
    res_partner,
    res_users,
)
