from . import pakn_call_wall, pakn_report_content
