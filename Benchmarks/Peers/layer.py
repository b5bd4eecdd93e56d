"""Milliseconds of snnTorch and SpikingJelly for the layer of Layer.swift, and how far their spikes and gradients are from it

    soma-bench layer FOLDER
    python3 layer.py FOLDER [THREADS]

One linear layer of 512 on 512 and one layer of leaky neurons, batch 16, 500 steps, forward and backward, on the numbers that
soma-bench has written. snnTorch runs step by step and SpikingJelly multi-step, both with the reset left out of the gradient, as
here. Needs PyTorch, snnTorch and SpikingJelly.
"""

import sys
import time
from pathlib import Path

import snntorch
import torch
from snntorch import surrogate as snn_surrogate
from spikingjelly.activation_based import functional, neuron, surrogate
from torch import nn

UNITS, BATCH, STEPS, DECAY = 512, 16, 500, 0.9


def numbers(folder, name, shape):
    return torch.frombuffer(bytearray((folder / f"{name}.f32").read_bytes()), dtype=torch.float32).reshape(shape)


def linear(folder):
    layer = nn.Linear(UNITS, UNITS)
    with torch.no_grad():  # Soma stores weights input by input.
        layer.weight.copy_(numbers(folder, "weights", (UNITS, UNITS)).T)
        layer.bias.copy_(numbers(folder, "bias", (UNITS,)))
    return layer


def spikingjelly(folder):
    dense = linear(folder)
    cell = neuron.LIFNode(
        tau=1 / (1 - DECAY), decay_input=False, v_threshold=1.0, v_reset=0.0, detach_reset=True, step_mode="m",
        surrogate_function=surrogate.ATan(alpha=2.0))

    def forward(x):
        functional.reset_net(cell)
        return cell(dense(x))

    return dense, forward


def snn_torch(folder):
    dense = linear(folder)
    cell = snntorch.Leaky(
        beta=DECAY, threshold=1.0, reset_mechanism="zero", spike_grad=snn_surrogate.atan(alpha=2.0))

    def forward(x):
        current, membrane, spikes = dense(x), cell.init_leaky(), []
        for step in range(STEPS):
            spike, membrane = cell(current[step], membrane)
            spikes.append(spike)
        return torch.stack(spikes)

    return dense, forward


def main():
    folder, threads = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 2
    torch.set_num_threads(threads)
    x, upstream = (numbers(folder, name, (STEPS, BATCH, UNITS)) for name in ("input", "upstream"))
    for name, make in (("snnTorch", snn_torch), ("SpikingJelly", spikingjelly)):
        dense, forward = make(folder)
        times = []
        for _ in range(8):
            dense.zero_grad()
            start = time.perf_counter()
            spikes = forward(x)
            middle = time.perf_counter()
            (spikes * upstream).sum().backward()
            times.append((middle - start, time.perf_counter() - middle))
        forward_time, backward_time = (1000 * sorted(t)[len(t) // 2 - 1] for t in zip(*times[1:]))
        here = numbers(folder, "spikes", (STEPS, BATCH, UNITS))
        gradient = numbers(folder, "gradient", (UNITS, UNITS)).T
        distance = (gradient - dense.weight.grad).norm() / gradient.norm()
        print(
            f"{name}, {threads} threads: {forward_time:.1f} ms forward, {backward_time:.1f} ms backward; "
            f"{100 * here.mean().item():.2f} % spike here, {100 * spikes.mean().item():.2f} % there, "
            f"{(here != spikes).sum().item()} of {here.numel()} differ, gradients differ by {distance:.2e} of their norm")


main()
