#!/usr/bin/env python3
"""A code of bursts: a bright value spikes early and goes on spiking, a dark one starts late.

    plugin load examples/plugins/onset.py
    data glyphs | encode onset steps=8 | plot raster
"""
import array
import json
import sys

HELLO = {
    "protocol": 1,
    "name": "onset",
    "summary": "A code of bursts that begin the earlier the brighter a value is.",
    "encoders": [{
        "name": "onset",
        "summary": "Spikes from a step on that is the earlier the brighter the value is; below a floor never.",
        "equation": "x[t] = 1 where t ≥ (1 − value)·steps and value > floor",
        "monotone": True,
        "settings": [
            {"name": "steps", "default": 10, "low": 1, "high": 10000, "summary": "Number of steps."},
            {"name": "floor", "default": 0.1, "low": 0, "high": 1, "summary": "Values up to it are silent."},
        ],
    }],
}


def encode(call, sample):
    steps, floor = call["steps"], call["settings"]["floor"]
    starts = [(1 - value) * steps if value > floor else steps for value in sample]
    return [1.0 if t >= start else 0.0 for t in range(steps) for start in starts]


def say(call, answer, block=b""):
    sys.stdout.buffer.write(json.dumps({"id": call.get("id"), **answer}).encode() + b"\n" + block)
    sys.stdout.buffer.flush()


def main():
    for line in iter(sys.stdin.buffer.readline, b""):
        call = json.loads(line)
        values = array.array("f", sys.stdin.buffer.read(call.get("bytes", 0)))
        if sys.byteorder == "big":
            values.byteswap()
        if call["call"] == "hello":
            say(call, HELLO)
        elif call["call"] == "code":
            steps = call["settings"]["steps"]
            if steps != int(steps):
                say(call, {"error": "steps is a whole number"})
            else:
                say(call, {"steps": int(steps), "features": call["shape"], "alphabet": "binary"})
        elif call["call"] == "encode":
            block = array.array("f", encode(call, values))
            if sys.byteorder == "big":
                block.byteswap()
            block = block.tobytes()
            say(call, {"bytes": len(block)}, block)
        else:
            say(call, {"error": "this plugin has no such call"})


main()
