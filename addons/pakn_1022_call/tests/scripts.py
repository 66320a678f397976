"""Calls as exchanges tell of them: twenty kinds, each with what it is in the end."""

from datetime import datetime, timedelta, timezone

from ..tools.call_facts import (
    ANSWERED,
    ENDED,
    GONE,
    GUESS,
    OFFERED,
    RINGING,
    SUMMARY,
    TOLD,
    WITHDRAWN,
    CallEvent,
)

START = datetime(2026, 3, 2, 1, 0, tzinfo=timezone.utc)


def script(kind: int, number: int) -> tuple[str, list[CallEvent], dict]:
    """Return id, events in their true order, and what the call is in the end."""
    call_id, start = f"s{kind}-{number}", START + timedelta(seconds=number)
    phone = f"09051{number % 100_000:05}"

    def at(seconds):
        return start + timedelta(seconds=seconds)

    def event(kind, seconds, extension="", rank=1, **values):
        texts = values.pop("texts", {})
        return CallEvent(
            call_id,
            kind,
            at(seconds),
            extension,
            texts=tuple(texts.items()),
            rank=rank,
            **values,
        )

    ring = event(RINGING, 0, texts={"direction": "in", "caller": phone})
    out = event(RINGING, 0, texts={"direction": "out", "called": phone})
    offer = event(OFFERED, 2, "901")
    answer = event(ANSWERED, 8, "901")
    end = event(ENDED, 68)
    done = {"state": "done", "extension": "901", "waited": 8, "talked": 60}
    events, expected = {
        # answered
        0: ([ring, offer, answer, end], done),
        # … after waiting in a queue
        1: (
            [ring, event(TOLD, 1, texts={"queue": "1022"}), offer, answer, end],
            done | {"queue": "1022"},
        ),
        # … by one of three that ring
        2: (
            [
                ring,
                offer,
                event(OFFERED, 2, "902"),
                event(OFFERED, 2, "903"),
                answer,
                event(WITHDRAWN, 8, "902"),
                event(WITHDRAWN, 8, "903"),
                end,
            ],
            done,
        ),
        # … by the second, after the first did not
        3: (
            [
                ring,
                offer,
                event(WITHDRAWN, 7, "901"),
                event(OFFERED, 8, "902"),
                event(ANSWERED, 8, "902"),
                end,
            ],
            done | {"extension": "902"},
        ),
        # … and transferred
        4: (
            [ring, offer, answer, event(ANSWERED, 30, "902"), end],
            done | {"extension": "902"},
        ),
        # … transferred there and back
        5: (
            [
                ring,
                offer,
                answer,
                event(ANSWERED, 30, "902"),
                event(ANSWERED, 40, "901"),
                end,
            ],
            done,
        ),
        # given up in the queue
        6: (
            [
                ring,
                offer,
                event(GONE, 20),
                event(WITHDRAWN, 20, "901"),
                event(ENDED, 20),
            ],
            {"state": "abandoned", "waited": 20, "talked": 0},
        ),
        # given up before any telephone rang
        7: (
            [ring, event(GONE, 4), event(ENDED, 4)],
            {"state": "abandoned", "waited": 4},
        ),
        # nobody answered
        8: (
            [ring, offer, event(WITHDRAWN, 30, "901"), event(ENDED, 31)],
            {"state": "missed", "waited": 31},
        ),
        # outside of the hours: a voice says so
        9: ([ring, event(ENDED, 12)], {"state": "missed", "waited": 12}),
        # number hidden
        10: (
            [event(RINGING, 0, texts={"direction": "in"}), offer, answer, end],
            done | {"caller": ""},
        ),
        # to the outside, answered
        11: (
            [out, answer, end],
            done | {"direction": "out", "called": phone},
        ),
        # … not answered
        12: (
            [out, event(TOLD, 20, texts={"cause": "NOANSWER"}), event(ENDED, 21)],
            {
                "state": "missed",
                "direction": "out",
                "called": phone,
                "cause": "NOANSWER",
            },
        ),
        # the end was missed: how long it was is not known
        13: (
            [ring, offer, answer, event(ENDED, 500, rank=GUESS)],
            {"state": "done", "waited": 8, "talked": None, "end_is_guess": True},
        ),
        # … and is told of after all
        14: (
            [ring, offer, answer, end, event(ENDED, 500, rank=GUESS)],
            done | {"end_is_guess": False},
        ),
        # only the summary came
        15: (
            [
                event(RINGING, 0, rank=SUMMARY),
                event(ANSWERED, 8, "901", rank=SUMMARY),
                event(
                    ENDED,
                    68,
                    rank=SUMMARY,
                    waited=8,
                    talked=60,
                    texts={"direction": "in", "caller": phone},
                ),
            ],
            done,
        ),
        # the summary knows better how long it was
        16: (
            [ring, offer, answer, end, event(ENDED, 66, rank=SUMMARY, talked=58)],
            done | {"talked": 58},
        ),
        # the beginning never came
        17: ([offer, answer, end], {"state": "done", "extension": "901"}),
        # nothing but the end came
        18: ([end], {"state": "missed", "caller": ""}),
        # still going on
        19: (
            [ring, offer, event(OFFERED, 3, "902"), event(WITHDRAWN, 5, "901")],
            {"state": "ringing", "ringing": ("902",), "waited": None},
        ),
    }[kind]
    return (
        call_id,
        events,
        {"direction": "in", "caller": phone}
        | ({"caller": ""} if kind in (11, 12, 17) else {})
        | expected,
    )
