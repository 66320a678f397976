from . import pakn_lookup_ask
