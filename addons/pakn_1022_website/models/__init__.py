from . import (
    ir_http,
    pakn_article_suggest,
    pakn_category,
    pakn_category_question,
    pakn_question_answer,
    pakn_rate_limit,
    pakn_ticket_follow,
    pakn_ticket_portal,
    pakn_ticket_site,
    res_config_settings,
    res_partner,
    website,
)
