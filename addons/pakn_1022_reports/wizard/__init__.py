from . import pakn_export
