#!/usr/bin/env python3
"""A neuron that tires: every spike raises its threshold, which falls back with time.

    plugin load examples/plugins/fatigue.py
    neuron fatigue | drive current=2
"""
import array
import json
import math
import sys

HELLO = {
    "protocol": 1,
    "name": "fatigue",
    "summary": "A neuron whose threshold rises with every spike.",
    "neurons": [{
        "name": "fatigue",
        "summary": "A leaky integrator whose threshold rises with every spike and falls back with time.",
        "equation": "τ dv/dt = I − v\nτ_h dh/dt = −h\nspike where v ≥ θ + h, then v = 0 and h = h + jump",
        "variables": [{"name": "v"}, {"name": "h"}],
        "silent": True,
        "settings": [
            {"name": "tau", "default": 20, "unit": "ms", "low": 0.01, "high": 10000,
             "summary": "Time constant of the membrane."},
            {"name": "recovery", "default": 100, "unit": "ms", "low": 0.01, "high": 100000,
             "summary": "Time constant of the threshold."},
            {"name": "threshold", "default": 1, "low": 0.001, "high": 1000, "summary": "Threshold at rest."},
            {"name": "jump", "default": 0.2, "low": 0, "high": 1000, "summary": "What a spike adds to the threshold."},
        ],
    }],
}


def rest(call):
    return [0.0, 0.0]


def advance(call, values):
    """State [variable][neuron] and current [step][neuron] in; state, output and perhaps a record out."""
    settings, n, steps = call["settings"], call["count"], call["steps"]
    keep = math.exp(-call["dt"] / settings["tau"])
    recover = math.exp(-call["dt"] / settings["recovery"])
    v, h, output, record = values[:n], values[n:2 * n], array.array("f"), array.array("f")
    for t in range(steps):
        for i in range(n):
            current = values[(2 + t) * n + i]
            v[i] = current + (v[i] - current) * keep
            h[i] *= recover
        if call["record"]:
            record.extend(v)
            record.extend(h)
        for i in range(n):
            fires = v[i] >= settings["threshold"] + h[i]
            output.append(1.0 if fires else 0.0)
            if fires:
                v[i] = 0.0
                h[i] += settings["jump"]
    return v + h + output + record


def answer(call, values):
    block = array.array("f", values)
    if sys.byteorder == "big":
        block.byteswap()
    block = block.tobytes()
    sys.stdout.buffer.write(json.dumps({"id": call["id"], "bytes": len(block)}).encode() + b"\n" + block)


def main():
    for line in iter(sys.stdin.buffer.readline, b""):
        call = json.loads(line)
        values = array.array("f", sys.stdin.buffer.read(call.get("bytes", 0)))
        if sys.byteorder == "big":
            values.byteswap()
        if call["call"] == "hello":
            sys.stdout.buffer.write(json.dumps(HELLO).encode() + b"\n")
        elif call["call"] == "rest":
            answer(call, rest(call))
        elif call["call"] == "advance":
            answer(call, advance(call, values))
        else:
            refusal = {"id": call["id"], "error": "this plugin has no such call"}
            sys.stdout.buffer.write(json.dumps(refusal).encode() + b"\n")
        sys.stdout.buffer.flush()


main()
