"""Seconds and right answers of SpikingJelly for the converted networks of Conversion.swift

    soma-bench conversion WEIGHTS
    python3 conversion.py WEIGHTS FOLDER-OF-MNIST [IMAGES]

The weights are those that soma-bench has converted and written, the images the first of the same test set, ties go to the first
class in both. Rectifiers are IFNode with soft reset, step by step on Bernoulli spikes; two threads. Needs PyTorch and
SpikingJelly.
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


def fire():
    return neuron.IFNode(v_threshold=1.0, v_reset=None)


def networks():
    """Name, steps, and the layers with spiking neurons; weights are filled in later."""
    yield "784-1200-1200-10", 50, nn.Sequential(
        nn.Flatten(), nn.Linear(784, 1200, bias=False), fire(), nn.Linear(1200, 1200, bias=False), fire(),
        nn.Linear(1200, 10, bias=False), fire())
    yield "12c5-2s-64c5-2s-10", 30, nn.Sequential(
        nn.Conv2d(1, 12, 5, bias=False), fire(), nn.AvgPool2d(2), nn.Conv2d(12, 64, 5, bias=False), fire(),
        nn.AvgPool2d(2), nn.Flatten(), nn.Linear(1024, 10, bias=False), fire())


@torch.no_grad()
def fill(network, folder, name):
    """Dense weights are stored input by input, filters as PyTorch has them."""
    layers = [layer for layer in network if isinstance(layer, (nn.Linear, nn.Conv2d))]
    for k, layer in enumerate(layers):
        values = torch.frombuffer(bytearray((Path(folder) / f"{name}-{k}.f32").read_bytes()), dtype=torch.float32)
        if isinstance(layer, nn.Linear):
            values = values.reshape(layer.in_features, layer.out_features).T
        layer.weight.copy_(values.reshape(layer.weight.shape))


@torch.no_grad()
def classify(network, images, steps, batch):
    answers = []
    for first in range(0, len(images), batch):
        rates = images[first:first + batch]
        functional.reset_net(network)
        counts = sum(network((torch.rand_like(rates) < rates).float()) for _ in range(steps))
        answers.append(counts.argmax(1))
    return torch.cat(answers)


def measure(weights, folder, count):
    torch.manual_seed(1)
    torch.set_num_threads(2)
    test, answers = read(folder, "t10k")
    test, answers = test[:count], answers[:count]
    for name, steps, network in networks():
        fill(network, weights, name)
        for batch in (100, 500):
            classify(network, test[:batch], steps, batch)
            start = time.perf_counter()
            right = (classify(network, test, steps, batch) == answers).sum().item()
            print(f"{name}, T={steps}, batch {batch}, 2 threads: {time.perf_counter() - start:.2f} s for {count} images, "
                  f"{right} right, {100 * right / count:.2f} %", flush=True)


measure(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1000)
