from . import pakn_report_content
