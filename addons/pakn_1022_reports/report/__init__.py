from . import pakn_report_ticket, pakn_report_transfer
