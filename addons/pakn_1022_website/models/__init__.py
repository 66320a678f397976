from . import pakn_rate_limit, res_config_settings, website
