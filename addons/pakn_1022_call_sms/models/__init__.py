from . import pakn_call_back, res_config_settings
