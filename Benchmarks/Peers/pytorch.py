"""Training images per second of PyTorch for the networks of Analog.swift: python3 pytorch.py [repetitions]

By the clock with two threads, and by processor time with one. Needs PyTorch; draws its images at random.
"""

import sys
import time

import torch
from torch import nn


def convolutional(first, second, kernel, padding, bias, *rest):
    return nn.Sequential(
        nn.Conv2d(1, first, kernel, padding=padding, bias=bias), nn.ReLU(), nn.AvgPool2d(2),
        nn.Conv2d(first, second, kernel, padding=padding, bias=bias), nn.ReLU(), nn.AvgPool2d(2),
        nn.Flatten(), *rest)


def networks():
    yield "784-1200-1200-10", nn.Sequential(
        nn.Flatten(), nn.Linear(784, 1200), nn.ReLU(), nn.Linear(1200, 1200), nn.ReLU(), nn.Linear(1200, 10))
    yield "16c5-2s-16c5-2s-10", convolutional(16, 16, 5, 0, False, nn.Linear(256, 10, bias=False))
    yield "32c3-2s-64c3-2s-128-10", convolutional(
        32, 64, 3, 1, True, nn.Linear(3136, 128), nn.ReLU(), nn.Linear(128, 10))


def train(network, optimiser, images, labels, batch=100):
    for first in range(0, len(images), batch):
        optimiser.zero_grad()
        output = network(images[first:first + batch])
        nn.functional.cross_entropy(output, labels[first:first + batch]).backward()
        optimiser.step()


def measure(runs):
    images, labels = torch.rand(3000, 1, 28, 28), torch.randint(10, (3000,))
    for name, network in networks():
        for kind in ("sgd", "adam"):
            parameters = network.parameters()
            optimiser = torch.optim.SGD(parameters, 0.05, 0.9) if kind == "sgd" else torch.optim.Adam(parameters)
            for threads, clock, text in ((2, time.perf_counter, "2 threads"), (1, time.thread_time, "processor time")):
                torch.set_num_threads(threads)
                train(network, optimiser, images, labels)
                rates = []
                for _ in range(runs):
                    start = clock()
                    train(network, optimiser, images, labels)
                    rates.append(len(images) / (clock() - start))
                rates.sort()
                print(f"{name}, {kind}, {text}: {rates[0]:.0f} {rates[len(rates) // 2]:.0f} {rates[-1]:.0f} images/s",
                      flush=True)


measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
