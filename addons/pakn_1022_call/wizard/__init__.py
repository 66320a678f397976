from . import pakn_call_settle
