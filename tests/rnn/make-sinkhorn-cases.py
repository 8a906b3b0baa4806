#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write sinkhorn-cases.h: small cases of the debiased Sinkhorn divergence.

A plain double-precision transcription of the definition (Feydy's thesis, 2020,
algorithm 3.5; SCIENCE.md, part 2), every sum written out through scipy-free
log-sum-exp over dense matrices, the gradient by the envelope theorem.
Run: make-sinkhorn-cases.py > sinkhorn-cases.h
"""
import numpy as np


def softmin(eps, cost, potential):
    exponent = (potential[None, :] - cost) / eps
    top = exponent.max(axis=1, keepdims=True)
    return -eps * (top[:, 0] + np.log(np.exp(exponent - top).mean(axis=1)))


def plan(eps, cost, potential):
    exponent = (potential[None, :] - cost) / eps
    weights = np.exp(exponent - exponent.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def schedule(points, blur):
    diameter = np.linalg.norm(points.max(axis=0) - points.min(axis=0))
    steps = np.arange(2 * np.log(diameter), 2 * np.log(blur), 2 * np.log(0.5))
    return [diameter**2] + list(np.exp(steps)) + [blur**2]


def half_squares(x, y):
    return 0.5 * ((x[:, None, :] - y[None, :, :]) ** 2).sum(axis=2)


def transport(x, y, epsilons):
    """Potentials after the last update, and those it started from."""
    cost = half_squares(x, y)
    f = softmin(epsilons[0], cost, np.zeros(len(y)))
    g = softmin(epsilons[0], cost.T, np.zeros(len(x)))
    for eps in epsilons:
        f_next, g_next = softmin(eps, cost, g), softmin(eps, cost.T, f)
        f, g = (f + f_next) / 2, (g + g_next) / 2
    return softmin(eps, cost, g), softmin(eps, cost.T, f), plan(eps, cost, g)


def divergence(x, y, blur):
    epsilons = schedule(np.concatenate([x, y]), blur)
    f, g, forth = transport(x, y, epsilons)
    f_x, _, own = transport(x, x, epsilons)
    g_y, _, _ = transport(y, y, epsilons)
    value = (f - f_x).mean() + (g - g_y).mean()
    gradient = (own @ x - forth @ y) / len(x)
    return value, gradient


def floats(name, values):
    values = np.where(np.abs(values) < 1e-30, 0, values)
    text = ", ".join(np.format_float_scientific(v, precision=8, trim="0") + "f" for v in np.ravel(values))
    print(f"static const float {name}[] = {{ {text} }};")


def bytes_(name, values):
    print(f"static const guint8 {name}[] = {{ {', '.join(str(v) for v in np.ravel(values))} }};")


def one_hot(symbols, k):
    return np.eye(k)[symbols].reshape(len(symbols), -1)


rng = np.random.default_rng(20)
print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* Made by make-sinkhorn-cases.py. */")
for i, (n, m, dimension, blur, spread) in enumerate([(7, 5, 3, 0.2, 1.0), (40, 33, 8, 0.05, 3.0), (1, 1, 2, 0.5, 1.0)]):
    x = rng.normal(size=(n, dimension)).astype(np.float32)
    y = (rng.normal(size=(m, dimension)) * spread + 0.3).astype(np.float32)
    value, gradient = divergence(x.astype(float), y.astype(float), blur)
    floats(f"points_x_{i}", x), floats(f"points_y_{i}", y), floats(f"points_gradient_{i}", gradient)
    print(f"static const double points_value_{i} = {value:.15g};")
for i, (n, m, length, k, blur, skew) in enumerate([(50, 70, 6, 3, 0.2, 1), (30, 25, 33, 5, 0.2, 2), (12, 11, 300, 2, 0.2, 1)]):
    x = np.minimum(rng.integers(0, k, size=(n, length)), rng.integers(0, k, size=(n, length)))
    y = rng.integers(0, k, size=(m, length)) // skew
    value, gradient = divergence(one_hot(x, k), one_hot(y, k), blur)
    bytes_(f"sequences_x_{i}", x), bytes_(f"sequences_y_{i}", y)
    # Every tenth row of the gradient is enough.
    floats(f"sequences_gradient_{i}", gradient[::10])
    print(f"static const double sequences_value_{i} = {value:.15g};")
