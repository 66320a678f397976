"""The helper of all chat doors: a state machine that takes requests in. No Odoo.

It says at once that it is a programme, and reaches a person whenever asked. What it
hears it does not judge: it asks, step by step and each thing once, for what Art. 8.3
wants; whatever says that something is wrong is a request, before anything else. It
promises nothing and knows nothing of a request but what :class:`Desk` says.

``hear`` takes what arrived and returns what to say, as keys of texts that the
administrator writes; what it does, it asks of the desk.
"""

from .desk import DETAILS, Article, Desk, Heard, Place, Reply, Request, Source, State
from .turn import hear
