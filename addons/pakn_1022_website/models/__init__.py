from . import pakn_rate_limit, website
