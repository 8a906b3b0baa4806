#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""One full training step in plain PyTorch beside bench-train, in one run.

compare-train.py BENCH_TRAIN [B T H D [threads]]

The same step (noise, forward, straight-through Gumbel-softmax, debiased
Sinkhorn divergence over dense matrices, backward, clip, Adam) written as one
would in PyTorch. Prints both times and their ratio; exits 77 (skipped) without
PyTorch.
"""
import json
import resource
import subprocess
import sys
import time

try:
    import numpy as np
    import torch
except ImportError:
    print("PyTorch is not installed: nothing to compare with")
    sys.exit(77)


def softmin(eps, cost, potential):
    return -eps * ((potential[None, :] - cost) / eps).logsumexp(1) + eps * np.log(cost.shape[1])


def half_squares(x, y):
    return ((x * x).sum(1)[:, None] + (y * y).sum(1)[None, :]) / 2 - x @ y.T


def potentials(x, y, epsilons):
    with torch.no_grad():
        xy = half_squares(x, y)
        f, g = softmin(epsilons[0], xy, torch.zeros(len(y))), softmin(epsilons[0], xy.T, torch.zeros(len(x)))
        for eps in epsilons:
            f, g = (f + softmin(eps, xy, g)) / 2, (g + softmin(eps, xy.T, f)) / 2
    return softmin(eps, half_squares(x, y.detach()), g), softmin(eps, half_squares(y, x.detach()), f)


def divergence(x, y, blur=0.2):
    with torch.no_grad():
        both = torch.cat([x, y])
        diameter = (both.max(0)[0] - both.min(0)[0]).norm().item()
    epsilons = [diameter**2, *np.exp(np.arange(2 * np.log(diameter), 2 * np.log(blur), 2 * np.log(0.5))), blur**2]
    f, g = potentials(x, y, epsilons)
    return (f - potentials(x, x, epsilons)[0]).mean() + (g - potentials(y, y, epsilons)[1]).mean()


def peer(B, T, H, D, steps):
    torch.manual_seed(0)
    rnn = torch.nn.RNN(D, H, nonlinearity="relu", bias=False, batch_first=True)
    readout = torch.nn.Linear(H, 3, bias=False)
    parameters = [*rnn.parameters(), *readout.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=1e-3, betas=(0.9, 0.9))
    target = torch.nn.functional.one_hot(torch.randint(0, 3, (B, T)), 3).float().reshape(B, -1)
    best = float("inf")
    for _ in range(steps):
        start = time.monotonic()
        states, _ = rnn(torch.randn(B, T, D))
        emitted = torch.nn.functional.gumbel_softmax(readout(states), tau=1, hard=True)
        loss = divergence(emitted.reshape(B, -1), target)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 0.9)
        optimiser.step()
        best = min(best, time.monotonic() - start)
    return best


def compare(bench, B, T, H, D, threads):
    command = [bench, *map(str, (B, T, H, D, threads))]
    ours = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    torch.set_num_threads(threads)
    seconds = peer(B, T, H, D, 3)
    # Once more, so that both sides see the machine's quieter moment.
    again = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    step = min(ours["step"], again["step"])
    print(json.dumps({"shape": [B, T, H, D], "threads": threads, "step": step, "pytorch": round(seconds, 3),
                      "ratio": round(seconds / step, 1), "peak_mb": again["peak_mb"],
                      "pytorch_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}), flush=True)


if len(sys.argv) > 5:
    compare(sys.argv[1], *map(int, sys.argv[2:6]), int(sys.argv[6]) if len(sys.argv) > 6 else 2)
else:
    compare(sys.argv[1], 4096, 30, 150, 100, 2)
    compare(sys.argv[1], 4096, 100, 150, 100, 2)
