"""Fill a demonstration database: people and units, then a year of requests."""

from .demo_tickets import load_tickets
from .demo_units import load_articles, load_units, load_users


def post_init_hook(env):
    """Load everything in Vietnamese, telling nobody by mail."""
    env = env(
        context=dict(
            env.context,
            lang="vi_VN",
            tz="Asia/Ho_Chi_Minh",
            no_reset_password=True,
            pakn_no_notify=True,
            mail_create_nosubscribe=True,
            mail_create_nolog=True,
            tracking_disable=True,
        )
    )
    load_users(env)
    load_units(env)
    load_articles(env)
    load_tickets(env)
