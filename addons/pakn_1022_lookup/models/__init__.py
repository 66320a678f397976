from . import pakn_held, pakn_lookup, pakn_lookup_field, pakn_lookup_log, pakn_ticket
