"""Fill a demonstration database: people, units, a year of requests, reports, chats."""

from .demo_chats import load_chats
from .demo_reports import load_reports
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
    load_reports(env)
    load_chats(env)
    # The site counts them at night, and analyses every ten minutes; when they were
    # installed there was nothing
    env["pakn.statistics"]._count()
    env["pakn.report.analysis"]._cron_refresh()
