from . import pakn_1022_call
