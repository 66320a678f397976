"""The table of acts: what may be done, by whom, when, and who is told. No Odoo.

One row per act of the regulation. Operations, buttons, board, site, API, tests and
documentation read it and nothing else; ``docs/acts.md`` is made of it. To add an act,
add its row here, the operation on the model, and texts for those who are told.
"""

from collections.abc import Collection, Iterator
from typing import NamedTuple

TICKET, SLIP = "pakn.ticket", "pakn.transfer"

# States of a request: waiting for a unit, open, and all
WAITING = ("transferred", "scheduled", "escalated_head", "escalated_province")
OPEN = ("new", *WAITING, "answered")
CLOSED = ("done", "rejected", "cancelled")
# States of a slip that is still to be answered
SLIP_OPEN = ("sent", "acknowledged", "scheduled", "extended")
LEVELS = ("focal", "head", "province")
# Level -> the level that gets what this one let expire (Art. 10.1.2 b2 step 2)
NEXT_LEVEL = {"focal": "head", "head": "province"}
# Level -> state of the request whose lead slip lies there
STATE_OF_LEVEL = {
    "focal": "transferred",
    "head": "escalated_head",
    "province": "escalated_province",
}
# Level -> how those are called who are told of a slip there
AUDIENCE_OF_LEVEL = {"focal": "unit", "head": "head", "province": "office"}

# Seconds in which an act done by hand in the backend can be taken back, and as long as
# which nobody is told of it. The toast offers it for eight; moments are whole seconds,
# and the answer to the act has its way to the browser
HOLD = 11
# Of many that are done part by part each is held so much longer that, when the last one
# is done, all can be taken back; at most so long after it was done
HOLD_PART, HOLD_LONGEST = 2 * HOLD, 300

# Acts after which a slip is not to be answered by who had it
SLIP_GONE = ("overdue", "recalled")

AUDIENCES = ("citizen", "unit", "head", "office", "operator", "manager")
# Those a slip is addressed to: their audience follows its level
ADDRESSEES = "addressees"
STAFF = (ADDRESSEES, "unit", "head", "office", "operator", "manager")

# Who acts. Roles are worked out for the record: see ``_get_act_facts`` of the models.
OPERATOR = "operator"  # of the hotline
SUPERVISOR = "supervisor"  # an operator who leads the shift
RESPONDER = "responder"  # to whom a slip is addressed; the manager may stand in
OFFICE = "office"  # the provincial office, of what lies with it
CITIZEN = "citizen"  # by site, mail, SMS or the operator on the phone
CLOCK = "clock"  # the program itself
MANAGER = "manager"


def _lt(label: str) -> str:
    """Mark a label for translation; whoever shows it translates it."""
    return label


class Act(NamedTuple):
    """One row.

    ``key`` names the act in the record, the outbox and the texts; ``name`` is the
    operation, ``None`` if nobody calls it by hand. ``states`` are those of the record
    it is done on, ``levels`` those of the slip; empty: any. ``needs`` are further
    facts that must hold (:data:`NEEDS`). ``to_state`` is the state of the request
    afterwards, ``None`` where it stays or depends on the slip. ``told`` are audiences,
    ``work`` those of them for whom it is a to-do. ``followed``: the citizen sees it on
    the page of the request. ``revocable``: who did it by hand in the backend may take
    it back for a moment (``taken_back``), and as long nobody is told of it.

    Not revocable is what has its own way back, or has none: a slip begins a unit's time
    and stays on record (``recalled``, of which the unit is told), and so do the acts
    that make one again (``result_returned``, ``reopened``); what is published can be
    read at once (``unpublished``); an urging only adds to a count. Of a grade or a
    message it is the citizen's word, of a unit's response the unit's, and what the
    clock does nobody did by mistake.
    """

    key: str
    model: str
    name: str | None
    who: tuple[str, ...]
    article: str
    label: str
    states: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    to_state: str | None = None
    told: tuple[str, ...] = ()
    followed: bool = False
    kind: str | None = None
    by_office: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    revocable: bool = False

    @property
    def recorded(self) -> str:
        """The kind of act on record."""
        return self.kind or self.key


# Fact -> what it says, for the documentation
NEEDS = {
    "public": "the request is neither confidential nor secret",
    "published": "its result is public",
    "unpublished": "its result is not public yet",
    "unrated": "its present result has not been rated",
    "by_unit": "the result came from a unit",
    "lead": "it is the slip of the lead unit",
    "extension_left": "the unit has an extension left (setting)",
    "not_delegate": "the caller answers for the head by nobody's delegation",
    "expired": "the time of the slip has run out",
    "forwardable": "there is a level above it, or its delay is not on record yet",
    "unreached": "no message reached the citizen",
    "recent": "a revocable act was done by hand in the backend a moment ago",
    "own": "the caller did it",
    "latest": "it is the last act of the request",
    "untold": "nobody has been told of it",
}

ACTS: tuple[Act, ...] = (
    # Intake (Art. 8, 10.1.1)
    Act("received", TICKET, None, (OPERATOR, CITIZEN), "10.1.1", _lt("Received"),
        to_state="new", told=("citizen",), followed=True),
    Act("asked", TICKET, None, (CLOCK,), "8.3",
        _lt("Asked for name, address and phone"), states=("new",), told=("citizen",),
        followed=True),
    Act("updated", TICKET, None, (OPERATOR,), "9.1", _lt("Corrected")),
    # Told to that one by the operation itself: of many in one message
    Act("handed", TICKET, "hand_out", (SUPERVISOR,), "15.2",
        _lt("Handed to an operator"), states=OPEN, told=("operator",), kind="updated"),
    Act("replied", TICKET, None, (CITIZEN,), "14", _lt("Message from the citizen"),
        told=("operator",), followed=True),
    Act("wrote", TICKET, None, (OPERATOR,), "10.1", _lt("Written to the citizen"),
        told=("citizen",)),
    # The telephone (Art. 3.1, 12.1): addons of an exchange append these
    Act("phoned", TICKET, None, (OPERATOR,), "3.1, 12.1", _lt("Telephone call")),
    Act("recorded", TICKET, None, (CLOCK,), "12.1", _lt("Recording kept")),
    Act("heard", TICKET, None, (OPERATOR, MANAGER), "12.1", _lt("Recording heard")),
    Act("transcript_read", TICKET, None, (OPERATOR, MANAGER), "12.1",
        _lt("Transcript of a recording read")),
    Act("recording_removed", TICKET, None, (CLOCK,), "12.1",
        _lt("Recording removed after its time")),
    # On paper: the addon of evidence makes these
    Act("documented", TICKET, None, (OPERATOR, RESPONDER, MANAGER), "9.1, 12.1",
        _lt("Document made")),
    # Of who asks for it, or after its time: the addon of people's data does it
    Act("erased", TICKET, None, (MANAGER, CLOCK), "9.1, 13.1",
        _lt("Personal data removed")),
    Act("file_removed", TICKET, None, (MANAGER,), "9.1", _lt("File removed")),
    Act("link_renewed", TICKET, "renew_link", (OPERATOR,), "13.1",
        _lt("Citizen's link renewed")),
    # The operator (Art. 10.1)
    Act("rejected", TICKET, "reject", (OPERATOR,), "10.1.2a", _lt("Rejected"),
        states=("new",), to_state="rejected", told=("citizen",), followed=True,
        revocable=True),
    Act("answered", TICKET, "answer", (OPERATOR,), "10.1.2 b1",
        _lt("Answered by the operator"), states=("new",), to_state="answered",
        followed=True, revocable=True),
    Act("transferred", TICKET, "transfer", (OPERATOR, OFFICE), "10.1.2 b2, 10.4.2",
        _lt("Slip sent"), states=("new",), to_state="transferred",
        told=(ADDRESSEES, "citizen"), followed=True, by_office=WAITING,
        work=(ADDRESSEES,)),
    Act("waived", TICKET, None, (OPERATOR,), "8, 10.1.2",
        _lt("Handed on although Art. 8 is not met"), states=("new",)),
    Act("joined", TICKET, "add_units", (OPERATOR, OFFICE), "10.4.2",
        _lt("Supporting units added"), states=WAITING, told=(ADDRESSEES,),
        kind="transferred", by_office=WAITING, work=(ADDRESSEES,)),
    Act("referred", TICKET, "refer_to_province", (OPERATOR,), "10.4.2",
        _lt("Referred to the provincial office"), states=("new",),
        to_state="escalated_province", told=(ADDRESSEES, "citizen"), followed=True,
        work=(ADDRESSEES,)),
    Act("result_returned", TICKET, "return_result", (OPERATOR,), "10.1, 10.2",
        _lt("Result given back to the unit"), states=("answered",), needs=("by_unit",),
        told=(ADDRESSEES,), followed=True, work=(ADDRESSEES,)),
    Act("sent", TICKET, "send_result", (OPERATOR,), "13.1",
        _lt("Result sent to the citizen"), states=("answered",), to_state="done",
        told=("citizen",), followed=True, revocable=True),
    Act("rating_asked", TICKET, None, (CLOCK,), "14", _lt("Asked for a rating"),
        states=("done",), told=("citizen",)),
    Act("published", TICKET, "publish", (OPERATOR,), "13.1", _lt("Published"),
        states=("done",), needs=("public", "unpublished"), followed=True),
    Act("unpublished", TICKET, "unpublish", (OPERATOR,), "13.1",
        _lt("Withdrawn from publication"), states=("done", "new"),
        needs=("published",)),
    Act("rated", TICKET, "rate", (OPERATOR, CITIZEN), "14", _lt("Rated by the citizen"),
        states=("done",), needs=("unrated",), followed=True),
    Act("complained", TICKET, None, (CITIZEN,), "14.3",
        _lt("Citizen not satisfied"), states=("done",), told=("operator",),
        kind="rated", work=("operator",)),
    Act("reopened", TICKET, "reopen", (OPERATOR,), "14", _lt("Reopened"),
        states=("done", "rejected"), to_state="new", followed=True),
    Act("called", TICKET, "note_call", (OPERATOR,), "10.1", _lt("Told by telephone"),
        needs=("unreached",), followed=True),
    Act("cancelled", TICKET, "cancel", (OPERATOR,), "10.1", _lt("Cancelled"),
        states=OPEN, to_state="cancelled", followed=True, revocable=True),
    Act("taken_back", TICKET, "take_back", (OPERATOR,), "9.1, 10.1", _lt("Taken back"),
        states=("rejected", "answered", "done", "cancelled"),
        needs=("recent", "own", "latest", "untold")),
    # The unit (Art. 10.2, 10.3)
    Act("acknowledged", SLIP, "acknowledge", (RESPONDER,), "10.2",
        _lt("Slip acknowledged"), states=("sent",), followed=True),
    Act("attached", SLIP, "add_files", (RESPONDER,), "10.2", _lt("Files added"),
        states=SLIP_OPEN),
    Act("responded", SLIP, "answer", (RESPONDER,), "10.2.1, 10.2.2",
        _lt("Result of the unit"), states=SLIP_OPEN, to_state="answered",
        told=("operator",), followed=True),
    Act("scheduled", SLIP, "schedule", (RESPONDER,), "10.2.2", _lt("Appointment given"),
        states=("sent", "acknowledged"), to_state="scheduled", told=("citizen",),
        followed=True),
    Act("extended", SLIP, "extend", (RESPONDER,), "11.3", _lt("Extended"),
        states=("scheduled", "extended"), needs=("extension_left",),
        to_state="scheduled", told=("citizen", "operator"), followed=True),
    Act("unit_wrote", SLIP, None, (RESPONDER,), "10.2", _lt("Mail of the unit"),
        told=("operator",), work=("operator",)),
    Act("returned", SLIP, "give_back", (RESPONDER,), "10.2", _lt("Slip returned"),
        states=("sent", "acknowledged"), levels=("focal", "head"), to_state="new",
        told=("operator",), followed=True, work=("operator",)),
    Act("delegated", SLIP, "delegate", (RESPONDER,), "10.3", _lt("Delegated"),
        states=SLIP_OPEN, levels=("head", "province"), needs=("not_delegate",),
        told=(ADDRESSEES,), work=(ADDRESSEES,)),
    # The operator on a slip
    Act("recalled", SLIP, "recall", (OPERATOR,), "10.1", _lt("Slip taken back"),
        states=("sent", "acknowledged"), to_state="new", told=(ADDRESSEES,),
        followed=True),
    Act("urged", SLIP, "urge", (OPERATOR,), "10.1, 15.1", _lt("Unit urged"),
        states=SLIP_OPEN, told=(ADDRESSEES,)),
    Act("escalated", SLIP, "escalate", (OPERATOR, CLOCK), "10.1.2 b2, 11.2",
        _lt("Escalated"), states=SLIP_OPEN, needs=("expired", "forwardable"),
        told=(ADDRESSEES, "citizen"), followed=True, work=(ADDRESSEES,)),
    # The clock (Art. 10.5, 11)
    Act("overdue", SLIP, None, (CLOCK,), "11.4", _lt("Overdue"), states=SLIP_OPEN,
        told=(ADDRESSEES, "operator"), followed=True, work=("manager",)),
    Act("unmanned", SLIP, None, (CLOCK,), "16.1", _lt("A level without a person"),
        told=("manager",), work=("manager",)),
    Act("reminded", SLIP, None, (CLOCK,), "10.5", _lt("Reminded"), states=SLIP_OPEN,
        told=(ADDRESSEES, "operator"), work=("operator",)),
    Act("nearly_due", SLIP, None, (CLOCK,), "11.1",
        _lt("Reminded of the end of the time"), states=SLIP_OPEN, told=(ADDRESSEES,),
        kind="reminded"),
    # The administrator
    Act("moved", SLIP, None, (MANAGER,), "15.1", _lt("Moved to the unit's successor"),
        states=SLIP_OPEN, told=(ADDRESSEES,), followed=True, work=(ADDRESSEES,)),
    Act("recounted", SLIP, None, (MANAGER,), "11.1", _lt("Deadline counted anew"),
        states=("sent", "acknowledged")),
)  # fmt: skip

BY_KEY: dict[str, Act] = {act.key: act for act in ACTS}
# What an act can be on record as
KINDS = frozenset(act.recorded for act in ACTS)
# … and those of them that can be taken back
REVOCABLE = frozenset(act.recorded for act in ACTS if act.revocable)
_BY_NAME = {(act.model, act.name): act for act in ACTS if act.name}


class Facts(NamedTuple):
    """What is so of one record for one caller.

    ``roles``: of :data:`OPERATOR`, …; ``holds``: facts of :data:`NEEDS`.
    """

    state: str
    roles: Collection[str]
    holds: Collection[str] = ()
    level: str | None = None


def get_act(model: str, name: str) -> Act:
    """Return the row of an operation.

    :raise KeyError: there is none
    """
    return _BY_NAME[model, name]


def get_operations(model: str) -> Iterator[Act]:
    """Yield the rows of what is done by hand on records of a model."""
    return (act for act in ACTS if act.model == model and act.name)


def why_not(act: Act, facts: Facts) -> str | None:
    """Return why an act cannot be done: ``who``, ``state``, ``level`` or a need.

    :return: ``None`` if it can be done now
    """
    roles = set(act.who) & set(facts.roles)
    if not roles:
        return "who"
    allowed = {role: act.by_office if role == OFFICE else act.states for role in roles}
    if not any(not states or facts.state in states for states in allowed.values()):
        return "state"
    if act.levels and facts.level not in act.levels:
        return "level"
    return next((need for need in act.needs if need not in facts.holds), None)
