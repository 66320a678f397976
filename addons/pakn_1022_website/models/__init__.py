from . import (
    pakn_abuse,
    pakn_rate_limit,
    pakn_statistics,
    pakn_subscription,
    pakn_supporter,
    pakn_ticket_actions,
    pakn_ticket_publication,
    pakn_ticket_results,
    res_config_settings,
    website,
)
