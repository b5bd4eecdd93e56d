"""Training images per second of eager PyTorch for the networks of Ternary.swift: python3 ternary.py [repetitions]

Time is folded into the batch for layers without state; the neuron loops over steps, and its gradient is the clamp's. By the
clock with two threads, and by processor time with one. Needs PyTorch; draws its images at random.
"""

import sys
import time

import torch
from torch import nn


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(context, membrane):
        context.save_for_backward(membrane)
        return torch.sign(membrane) * (membrane.abs() >= 0.5)

    @staticmethod
    def backward(context, gradient):
        (membrane,) = context.saved_tensors
        return gradient * (membrane.abs() <= 1)


class Ternary(nn.Module):
    def __init__(self, steps):
        super().__init__()
        self.steps, self.amplitude = steps, nn.Parameter(torch.ones(()))

    def forward(self, current):
        current = current.view(self.steps, -1, *current.shape[1:])
        membrane, sent = torch.zeros_like(current[0]), []
        for step in range(self.steps):
            membrane = 0.25 * membrane + current[step]
            spike = Spike.apply(membrane)
            membrane = membrane * (1 - spike.abs())
            sent.append(self.amplitude * spike)
        return torch.stack(sent).flatten(0, 1)


def networks(steps):
    yield "784-512-10", nn.Sequential(nn.Flatten(), nn.Linear(784, 512), Ternary(steps), nn.Linear(512, 10))
    yield "32c3-bn-p2-64c3-bn-p2-128-10", nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.BatchNorm2d(32), Ternary(steps), nn.AvgPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.BatchNorm2d(64), Ternary(steps), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(3136, 128), Ternary(steps), nn.Linear(128, 10))


def train(network, steps, optimiser, images, labels, batch=128):
    for first in range(0, len(images), batch):
        optimiser.zero_grad()
        shown = images[first:first + batch].repeat(steps, 1, 1, 1)
        output = network(shown).view(steps, -1, 10).mean(0)
        nn.functional.cross_entropy(output, labels[first:first + batch]).backward()
        optimiser.step()


def measure(runs):
    images, labels = torch.rand(1280, 1, 28, 28), torch.randint(10, (1280,))
    for steps in (1, 2, 4):
        for name, network in networks(steps):
            optimiser = torch.optim.SGD(network.parameters(), 0.05, 0.9)
            for threads, clock, text in ((2, time.perf_counter, "2 threads"), (1, time.thread_time, "processor time")):
                torch.set_num_threads(threads)
                train(network, steps, optimiser, images, labels)
                rates = []
                for _ in range(runs):
                    start = clock()
                    train(network, steps, optimiser, images, labels)
                    rates.append(len(images) / (clock() - start))
                rates.sort()
                print(f"{name}, T = {steps}, {text}: {rates[0]:.0f} {rates[len(rates) // 2]:.0f} {rates[-1]:.0f} images/s",
                      flush=True)


measure(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
