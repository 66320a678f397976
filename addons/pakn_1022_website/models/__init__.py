from . import (
    ir_http,
    pakn_abuse,
    pakn_area,
    pakn_article,
    pakn_category,
    pakn_category_question,
    pakn_question_answer,
    pakn_spoken_guide,
    pakn_statistics,
    pakn_street,
    pakn_subscription,
    pakn_supporter,
    pakn_ticket_dialogs,
    pakn_ticket_follow,
    pakn_ticket_publication,
    pakn_ticket_results,
    pakn_ticket_shown,
    pakn_ticket_submission,
    pakn_transfer,
    pakn_upload,
    res_config_settings,
    res_partner,
    website,
    website_seo_metadata,
)

# isort: split
from . import pakn_ticket  # made of the mixins above
