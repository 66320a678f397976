from . import pakn_report_analysis, pakn_report_ticket, pakn_report_transfer
