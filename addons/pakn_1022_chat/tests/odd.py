"""Payloads as no door sends them: right ones with parts put wrong, and mere noise."""

import json
from copy import deepcopy

ODD = (
    *(None, True, False, 0, -1, 1.5, 10**30, float("inf"), float("nan"), "", " "),
    *("\x00", "x\x00y", "\ud800", "𐀀" * 50, "x" * 3000, "1", "1e999", "-", "null"),
    *([], [[]], [None], {}, {"id": None}, {"id": []}, [{}], [{"payload": None}]),
    *({"": {"": []}}, "2026-03-02", "' OR 1=1 --", "http://127.0.0.1/", "%s{0}"),
)


def make_odd(random, payload, share=0.2):
    """Return a copy of a payload with some of its parts, at any depth, put wrong."""
    if random.random() < 0.02:
        return deepcopy(random.choice(ODD))
    return _spoil(random, deepcopy(payload), share)


def _spoil(random, value, share):
    if random.random() < share / 4:
        return deepcopy(random.choice(ODD))
    if isinstance(value, dict):
        kept = {}
        for key, inner in value.items():
            fate = random.random()
            if fate < share / 4:
                continue
            kept[key] = _spoil(random, inner, share)
            if fate > 1 - share / 8:
                kept[random.choice(("id", "x", ""))] = deepcopy(random.choice(ODD))
        return kept
    if isinstance(value, list):
        return [_spoil(random, inner, share) for inner in value]
    return value


def to_bytes(payload):
    """Return a payload as it comes over the line, lone surrogates escaped."""
    return json.dumps(payload).encode()
