"""Speed of eager PyTorch for the network of LMU.swift, trained on permuted sequential MNIST: python3 lmu.py [steps] [repetitions]

The cell as published, one step after the other, in batches of 100 with two threads, on fewer steps than 784; the figure is in
operations per second, so the number of steps does not matter. Needs PyTorch; draws its images at random.
"""

import sys
import time

import torch
from torch import nn

ORDER, UNITS, WINDOW, BATCH = 256, 212, 784, 100


def memory():
    index = torch.arange(ORDER, dtype=torch.float64)
    sign = torch.where(index[:, None] < index[None, :], -1.0, (-1.0) ** (index[:, None] - index[None, :] + 1))
    a, b = (2 * index[:, None] + 1) * sign / WINDOW, (2 * index + 1) * (-1.0) ** index / WINDOW
    joint = torch.zeros(ORDER + 1, ORDER + 1, dtype=torch.float64)
    joint[:ORDER, :ORDER], joint[:ORDER, ORDER] = a, b
    held = torch.linalg.matrix_exp(joint)
    return held[:ORDER, :ORDER].T.float().contiguous(), held[:ORDER, ORDER].float()


class LMU(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = memory()
        sizes = {"ex": (1, 1), "eh": (UNITS, 1), "em": (ORDER, 1), "wx": (1, UNITS), "wh": (UNITS, UNITS), "wm": (ORDER, UNITS)}
        for name, size in sizes.items():
            setattr(self, name, nn.Parameter(0.05 * torch.randn(size)))
        self.read = nn.Linear(UNITS, 10)

    def forward(self, x):
        m, h = torch.zeros(len(x), ORDER), torch.zeros(len(x), UNITS)
        for step in range(x.shape[1]):
            seen = x[:, step]
            u = seen @ self.ex + h @ self.eh + m @ self.em
            m = m @ self.a + u * self.b
            h = torch.tanh(seen @ self.wx + h @ self.wh + m @ self.wm)
        return self.read(h)


def measure(steps, runs):
    torch.set_num_threads(2)
    network = LMU()
    optimiser = torch.optim.Adam(network.parameters())
    images, labels = torch.rand(BATCH, steps, 1), torch.randint(10, (BATCH,))
    operations = 2.0 * steps * BATCH * (2 * ORDER**2 + 3 * ORDER * UNITS + 3 * UNITS**2)
    rates = []
    for run in range(runs + 1):
        start = time.perf_counter()
        optimiser.zero_grad()
        nn.functional.cross_entropy(network(images), labels).backward()
        optimiser.step()
        rates.append(operations / (time.perf_counter() - start) / 1e9)
    rates = sorted(rates[1:])
    epoch = 500 * operations * 784 / steps / rates[-1] / 1e9
    print(f"{steps} steps: {rates[0]:.0f} {rates[len(rates) // 2]:.0f} {rates[-1]:.0f} GFLOP/s, an epoch of 50 000 at the maximum: {epoch:.0f} s")


measure(int(sys.argv[1]) if len(sys.argv) > 1 else 196, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
