"""Headers of mails, made as Python's ``email`` makes them and in a third of the time.

Nothing of Odoo. ``HeaderRegistry`` defines a class for each header of each mail, and
parses the address of the hotline anew for each; both are kept here. A header is text
that nobody changes, so that two mails may have the same one.
"""

from email.headerregistry import BaseHeader, HeaderRegistry
from functools import cache, lru_cache

# Longer values are of one mail alone
LONGEST, KEPT = 200, 1000


class Headers(HeaderRegistry):
    """The header factory of a policy (``email.policy``)."""

    def __getitem__(self, name: str) -> type[BaseHeader]:
        return _combine(self.registry.get(name.lower(), self.default_class))

    def __call__(self, name: str, value) -> BaseHeader:
        """Return the header of a value: text, or what ``email`` takes for it."""
        if type(value) is str and len(value) <= LONGEST:
            return self._make(name, value)
        return self[name](name, value)

    @lru_cache(KEPT)  # noqa: B019 - there is one factory, as long as the program
    def _make(self, name: str, value: str) -> BaseHeader:
        return self[name](name, value)


@cache
def _combine(kind: type) -> type[BaseHeader]:
    return type(f"_{kind.__name__}", (kind, BaseHeader), {})
