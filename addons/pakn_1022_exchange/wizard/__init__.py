from . import pakn_exchange_export, pakn_exchange_import
