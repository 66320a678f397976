from . import pakn_api_key_issue
