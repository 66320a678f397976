from . import export, pakn_1022_call
