"""Seconds of SpikingJelly for the converted networks of Conversion.swift: python3 conversion.py folder-of-mnist [images]

Rectifiers become IFNode with soft reset, step by step on Bernoulli spikes; two threads. Weights are trained for an epoch and
scaled by the 99.9th percentile of the activations. Needs PyTorch and SpikingJelly.
"""

import gzip
import sys
import time
from pathlib import Path

import torch
from spikingjelly.activation_based import functional, neuron
from torch import nn


def read(folder, part):
    def values(name, header):
        path = Path(folder) / name
        data = gzip.open(f"{path}.gz").read() if not path.exists() else path.read_bytes()
        return torch.frombuffer(bytearray(data[header:]), dtype=torch.uint8)
    images = values(f"{part}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28).float() / 255
    return images, values(f"{part}-labels-idx1-ubyte", 8).long()


def networks():
    yield "784-1200-1200-10", 50, nn.Sequential(
        nn.Flatten(), nn.Linear(784, 1200, bias=False), nn.ReLU(), nn.Linear(1200, 1200, bias=False), nn.ReLU(),
        nn.Linear(1200, 10, bias=False))
    yield "12c5-2s-64c5-2s-10", 30, nn.Sequential(
        nn.Conv2d(1, 12, 5, bias=False), nn.ReLU(), nn.AvgPool2d(2), nn.Conv2d(12, 64, 5, bias=False), nn.ReLU(),
        nn.AvgPool2d(2), nn.Flatten(), nn.Linear(1024, 10, bias=False))


def train(network, images, labels, batch=100):
    optimiser = torch.optim.Adam(network.parameters())
    for first in range(0, len(images), batch):
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(images[first:first + batch]), labels[first:first + batch]).backward()
        optimiser.step()


@torch.no_grad()
def convert(network, calibration):
    """The same layers with spiking neurons; weights are divided so that thresholds are 1."""
    layers, before, value = [], 1.0, calibration
    last = len(network) - 1
    for k, layer in enumerate(network):
        value = layer(value)
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            active = value[value > 0].sort().values
            scale = active[int(0.999 * (len(active) - 1))].item()
            layer.weight.mul_(before / scale)
            before = scale
            layers.append(layer)
            if k == last:
                layers.append(neuron.IFNode(v_threshold=1.0, v_reset=None))
        elif isinstance(layer, nn.ReLU):
            layers.append(neuron.IFNode(v_threshold=1.0, v_reset=None))
        else:
            layers.append(layer)
    return nn.Sequential(*layers)


@torch.no_grad()
def classify(network, images, steps, batch):
    answers = []
    for first in range(0, len(images), batch):
        rates = images[first:first + batch]
        functional.reset_net(network)
        counts = sum(network((torch.rand_like(rates) < rates).float()) for _ in range(steps))
        answers.append(counts.argmax(1))
    return torch.cat(answers)


def measure(folder, count):
    torch.manual_seed(1)
    torch.set_num_threads(2)
    images, labels = read(folder, "train")
    test, answers = read(folder, "t10k")
    test, answers = test[:count], answers[:count]
    for name, steps, network in networks():
        train(network, images, labels)
        network = convert(network, images[::30])
        for batch in (100, 500):
            classify(network, test[:batch], steps, batch)
            start = time.perf_counter()
            right = (classify(network, test, steps, batch) == answers).sum().item()
            print(f"{name}, T={steps}, batch {batch}, 2 threads: {time.perf_counter() - start:.2f} s for {count} images, "
                  f"{right} right", flush=True)


measure(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
