from . import (
    common,
    feeds,
    follow,
    home,
    portal,
    result_map,
    results,
    statistics,
    submit,
    subscription,
    widget,
)
