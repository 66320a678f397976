# What others are made of comes first
from . import (
    pakn_export_making,
    pakn_report_content,
    pakn_report_counting,
    pakn_report_facts,
    pakn_report_letter,
    pakn_report_line,
    pakn_report_mailing,
    pakn_report_schedule,
)

# isort: split
from . import (
    mail_template,
    pakn_dashboard,
    pakn_event,
    pakn_export_log,
    pakn_export_part,
    pakn_export_rows,
    pakn_held,
    pakn_notice,
    pakn_report,
    pakn_report_criterion,
    pakn_report_dispatch,
    pakn_report_recipient,
    pakn_ticket,
    pakn_transfer,
    rating_rating,
    res_config_settings,
)
