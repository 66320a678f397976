from . import controllers, models, wizard
from .hooks import post_init_hook
from .tools import log_filter

log_filter.install()
