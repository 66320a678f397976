"""Every test run is watched: a warning or error in the log fails it."""

import logging
import resource

import pytest

from tests.log_watch import is_known


class LogWatch(logging.Handler):
    """Collect what is logged outside of ``assertLogs`` and ``mute_logger``."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.found = []

    def emit(self, record):
        text = f"{record.name}: {record.getMessage()}"
        if not is_known(text):
            self.found.append(f"{record.levelname} {text}")


@pytest.fixture(autouse=True, scope="session")
def memory():
    """Lift the limit that Odoo sets to its servers: all tests run in this one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


@pytest.fixture(autouse=True)
def log_watch():
    """Fail the test during which Odoo logged a warning or an error."""
    watch = LogWatch()
    logging.getLogger().addHandler(watch)
    yield watch
    logging.getLogger().removeHandler(watch)
    assert not watch.found, "\n".join(watch.found)
