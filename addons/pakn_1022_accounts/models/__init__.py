from . import (
    pakn_first_steps,
    pakn_rights_review,
    pakn_role_grant,
    res_config_settings,
    res_groups,
    res_users,
)
