"""Calls as Asterisk tells of them over AMI: twenty kinds, each with what it becomes.

Their moments are in the events, as with ``timestampevents = yes``, so that lengths are
the same however fast they are sent.
"""

from .ami_server import block

KINDS = 20
# Between two telephones of the hotline: told of as well, and no call of a citizen
INSIDE = 20


class Call:
    """One call; ``blocks`` are what is sent, ``ends`` what stands in the end.

    :param float start: seconds since 1970, when it rings
    """

    def __init__(self, kind, number, start):
        self.id = f"{round(start)}.{number}"
        self.phone, self.start = f"09051{number:05}", start
        self.number, self.blocks, self.legs = number, [], {}
        self.ends = {"direction": "in", "phone": self.phone}
        getattr(self, f"_play_{kind}")()

    def _tell(self, seconds, event, **values):
        moment = f"{self.start + seconds:.6f}"
        self.blocks.append(block(Event=event, Timestamp=moment, **values))

    def _get_base(self, **values):
        return {
            "Channel": f"PJSIP/viettel-{self.number:08x}",
            "Uniqueid": self.id,
            "Linkedid": self.id,
            "CallerIDNum": self.phone,
            "CallerIDName": "<unknown>",
            **values,
        }

    # What happens in calls

    def _ring(self, queue="1022", **values):
        base = self._base = self._get_base(**values)
        self._tell(0, "Newchannel", **base, ChannelState=4, Exten="02691022")
        if queue:
            self._tell(1, "QueueCallerJoin", **base, Queue=queue)
            self.ends["queue"] = queue

    def _offer(self, seconds, extension):
        nth = len(self.legs) + 1
        leg = self.legs[extension] = {
            "DestChannel": f"PJSIP/{extension}-{self.number * 10 + nth:08x}",
            "DestUniqueid": f"{self.id}{nth}",
            "DestLinkedid": self.id,
        }
        self._tell(
            seconds,
            "Newchannel",
            Channel=leg["DestChannel"],
            Uniqueid=leg["DestUniqueid"],
            Linkedid=self.id,
            CallerIDNum=extension,
            Exten="s",
        )
        self._tell(seconds, "DialBegin", **self._base, **leg, DialString=extension)

    def _answer(self, seconds, extension):
        self._tell(
            seconds,
            "DialEnd",
            **self._base,
            **self.legs[extension],
            DialStatus="ANSWER",
        )
        self._tell(
            seconds,
            "AgentConnect",
            **self._base,
            **self.legs[extension],
            Interface=f"PJSIP/{extension}",
        )

    def _refuse(self, seconds, extension, status="NOANSWER"):
        leg = self.legs.pop(extension)
        self._tell(seconds, "DialEnd", **self._base, **leg, DialStatus=status)
        self._hang_up_leg(seconds, leg)

    def _hang_up_leg(self, seconds, leg):
        self._tell(
            seconds,
            "Hangup",
            Channel=leg["DestChannel"],
            Uniqueid=leg["DestUniqueid"],
            Linkedid=self.id,
            Cause=16,
        )

    def _hang_up(self, seconds, own_first=False):
        own = {**self._base, "Cause": 16, "Cause-txt": "Normal Clearing"}
        if own_first:
            self._tell(seconds, "Hangup", **own)
        for leg in self.legs.values():
            self._hang_up_leg(seconds, leg)
        if not own_first:
            self._tell(seconds, "Hangup", **own)

    def _transfer(self, seconds, extension):
        """Somebody who was asked in a call of its own is put through."""
        self._tell(
            seconds,
            "BridgeEnter",
            Channel=f"PJSIP/{extension}-{self.number:08x}",
            Uniqueid=f"{self.id}9",
            Linkedid=self.id,
        )

    def _become(self, state, **values):
        self.ends |= {"state": state, **values}

    def _answered(self, extension="901", **values):
        self._become("done", extension=extension, waited=9, talked=60, **values)

    # The kinds

    def _play_0(self):
        """Answered, by the only telephone that rings."""
        self._ring()
        self._offer(2, "901")
        self._answer(9, "901")
        self._hang_up(69)
        self._answered()

    def _play_1(self):
        """… without a queue."""
        self._ring(queue="")
        self._offer(2, "901")
        self._answer(9, "901")
        self._hang_up(69)
        self._answered()

    def _play_2(self):
        """… by one of three."""
        self._ring()
        for extension in ("901", "902", "903"):
            self._offer(2, extension)
        self._answer(9, "902")
        self._refuse(9, "901", "CANCEL")
        self._refuse(9, "903", "CANCEL")
        self._hang_up(69)
        self._answered("902")

    def _play_3(self):
        """… by the second, after the first did not."""
        self._ring()
        self._offer(2, "901")
        leg = self.legs["901"]
        self._tell(7, "AgentRingNoAnswer", **self._base, **leg, Interface="PJSIP/901")
        self._refuse(7, "901")
        self._offer(7, "902")
        self._answer(9, "902")
        self._hang_up(69)
        self._answered("902")

    def _play_4(self):
        """… and put through to a colleague."""
        self._ring()
        self._offer(2, "901")
        self._answer(9, "901")
        self._transfer(30, "902")
        self._hang_up(69)
        self._answered("902")

    def _play_5(self):
        """… there and back."""
        self._ring()
        self._offer(2, "901")
        self._answer(9, "901")
        self._transfer(30, "902")
        self._transfer(40, "901")
        self._hang_up(69)
        self._answered()

    def _play_6(self):
        """Given up in the queue."""
        self._ring()
        self._offer(2, "901")
        self._tell(20, "QueueCallerAbandon", **self._base, Queue="1022")
        self._refuse(20, "901", "CANCEL")
        self._hang_up(20)
        self._become("abandoned", waited=20)

    def _play_7(self):
        """Given up before any telephone rang."""
        self._ring()
        self._tell(4, "QueueCallerAbandon", **self._base, Queue="1022")
        self._hang_up(4)
        self._become("abandoned", waited=4)

    def _play_8(self):
        """Nobody answered."""
        self._ring()
        self._offer(2, "901")
        self._refuse(30, "901")
        self._hang_up(31)
        self._become("missed", waited=31)

    def _play_9(self):
        """Outside of the hours: a voice says so."""
        self._ring(queue="")
        self._hang_up(12)
        self._become("missed", waited=12)

    def _play_10(self):
        """Number hidden."""
        self._ring(CallerIDNum="anonymous", CallerIDName="Anonymous")
        self._offer(2, "901")
        self._answer(9, "901")
        self._hang_up(69)
        self._answered(phone="")

    def _call_out(self):
        self._base = self._get_base(
            Channel=f"PJSIP/901-{self.number:08x}", CallerIDNum="901"
        )
        self._tell(0, "Newchannel", **self._base, Exten=self.phone)
        leg = self.legs["out"] = {
            "DestChannel": f"PJSIP/viettel-{self.number:08x}",
            "DestUniqueid": f"{self.id}1",
            "DestLinkedid": self.id,
        }
        self._tell(
            1, "DialBegin", **self._base, **leg, DialString=f"{self.phone}@viettel"
        )
        return leg

    def _play_11(self):
        """To the outside, answered."""
        leg = self._call_out()
        self._tell(9, "DialEnd", **self._base, **leg, DialStatus="ANSWER")
        self._hang_up(69)
        self._answered(direction="out")

    def _play_12(self):
        """… not answered."""
        self._call_out()
        self._refuse(21, "out")
        self._hang_up(21)
        self._become("missed", direction="out")

    def _play_13(self):
        """The caller's channel ends before the operator's."""
        self._ring()
        self._offer(2, "901")
        self._answer(9, "901")
        self._hang_up(69, own_first=True)
        self._answered()

    def _play_14(self):
        """With a name, as older telephones write it."""
        name = f"José Muñoz {self.number}"
        self._ring(CallerIDName=name.encode("latin-1"))
        self._offer(2, "901")
        self._answer(9, "901")
        self._hang_up(69)
        self._answered(name=name)

    def _play_15(self):
        """Everything told twice."""
        self._play_0()
        self.blocks = [one for one in self.blocks for _twice in range(2)]

    def _play_16(self):
        """Given up while a telephone rings, without a queue."""
        self._ring(queue="")
        self._offer(2, "901")
        self._refuse(15, "901", "CANCEL")
        self._hang_up(15)
        self._become("abandoned", waited=15)

    def _play_17(self):
        """Still ringing."""
        self._ring()
        self._offer(2, "901")
        self._become("ringing")

    def _play_18(self):
        """Still spoken."""
        self._ring()
        self._offer(2, "902")
        self._answer(9, "902")
        self._become("talking", extension="902", waited=9)

    def _play_19(self):
        """A number as another exchange writes it, and a second time in the queue."""
        self._ring(CallerIDNum=f"+84{self.phone[1:]}")
        self._offer(2, "901")
        self._refuse(4, "901")
        self._tell(5, "QueueCallerJoin", **self._base, Queue="1022")
        self._offer(6, "902")
        self._answer(9, "902")
        self._hang_up(69)
        self._answered("902")

    def _play_20(self):
        """From one telephone of the hotline to another."""
        self._base = self._get_base(
            Channel=f"PJSIP/901-{self.number:08x}", CallerIDNum="901"
        )
        self._tell(0, "Newchannel", **self._base, Exten="902")
        self._offer(1, "902")
        self._answer(9, "902")
        self._hang_up(69)


def interleave(calls, together, dice):
    """Yield the blocks of calls, some going on at once, each in its own order."""
    waiting, going = list(reversed(calls)), []
    while waiting or going:
        while waiting and len(going) < together:
            going.append(iter(waiting.pop().blocks))
        nth = dice.randrange(len(going))
        one = next(going[nth], None)
        if one is None:
            going.pop(nth)
        else:
            yield one
