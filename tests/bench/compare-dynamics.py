#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The residency map, the silencing of each unit and the spectra of bench-dynamics in plain NumPy, and ratios.

    compare-dynamics.py BENCH_DYNAMICS

Both sides use a random network of 150 units on one thread. NumPy steps all
states and draws of a chunk in one matrix product, as one would write it; it
does a tenth of the states and a twentieth of the silenced steps, and its seconds are scaled.
"""
import json
import os
import subprocess
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"
import time

import numpy as np

H, D, K, STATES, DRAWS, CAP = 150, 100, 3, 1000, 20, 50
SCALE = 10
PATHS, PATH_STEPS, SILENCE_SCALE = 250, 400, 20

rng = np.random.default_rng(0)
limit = 1 / np.sqrt(H)
w_hh, w_ih, w_out = (rng.uniform(-limit, limit, shape).astype(np.float32) for shape in ((H, H), (H, D), (K, H)))


def visit(steps):
    h, states = np.zeros(H, np.float32), []
    for _ in range(steps):
        h = np.maximum(w_hh @ h + w_ih @ rng.standard_normal(D, np.float32), 0)
        states.append(h)
    return np.array(states)


def residency(states):
    h = np.repeat(states, DRAWS, 0)
    symbol = (h @ w_out.T).argmax(1)
    left = np.full(len(h), CAP)
    inside = np.arange(len(h))
    for t in range(1, CAP + 1):
        x = rng.standard_normal((len(inside), D), np.float32)
        h = np.maximum(h @ w_hh.T + x @ w_ih.T, 0)
        stays = (h @ w_out.T).argmax(1) == symbol[inside]
        left[inside[~stays]] = t
        h, inside = h[stays], inside[stays]
        if not len(inside):
            break
    return left.reshape(-1, DRAWS).mean(1)


def silencing(states, steps):
    """Each unit silenced on every path, beside the untouched network, under the same noise."""
    h = np.repeat(states[None], H + 1, 0)
    units = np.arange(H)
    before, changes = None, np.zeros(H + 1)
    for _ in range(steps):
        drive = rng.standard_normal((len(states), D), np.float32) @ w_ih.T
        h = np.maximum(h @ w_hh.T + drive, 0)
        h[units + 1, :, units] = 0
        symbol = (h @ w_out.T).argmax(2)
        if before is not None:
            changes += (symbol != before).sum(1)
        before = symbol
    return changes


def spectra(states):
    return [np.linalg.eigvals((w_hh @ h > 0)[:, None] * w_hh) for h in states]


states = visit(STATES)
start = time.process_time()
residency(states)
numpy_residency = (time.process_time() - start) * SCALE
start = time.process_time()
silencing(states[:PATHS], PATH_STEPS // SILENCE_SCALE)
numpy_silencing = (time.process_time() - start) * SILENCE_SCALE
start = time.process_time()
spectra(states[:50])
numpy_spectra = (time.process_time() - start) * 10

lines = subprocess.run([sys.argv[1]], capture_output=True, text=True, check=True).stdout.splitlines()
ours = {part["part"]: part["processor_seconds"] for part in map(json.loads, lines)}
for name, theirs in (("residency", numpy_residency), ("silencing", numpy_silencing), ("spectra", numpy_spectra)):
    print(json.dumps({"part": name, "processor_seconds": ours[name], "numpy_processor_seconds": round(theirs, 3),
                      "ratio": round(theirs / ours[name], 2)}))
