from . import pakn_api_key_issue, pakn_webhook_secret
