from . import (
    test_dashboard,
    test_export,
    test_figures,
    test_hooks,
    test_month,
    test_performance,
    test_periods,
    test_personal_data,
    test_plain_text,
    test_report_flow,
    test_rights,
    test_rules,
)
