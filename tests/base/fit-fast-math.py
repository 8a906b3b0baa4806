#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fit the polynomials of src/base/orr-fast-math.h.

Least squares on Chebyshev nodes in double precision, with the weight that
makes the error relative: close to the minimax polynomial. Prints the
coefficients, lowest power first, and the largest relative error.
"""
import numpy as np


def fit(name, function, low, high, degree):
    nodes = 0.5 * (low + high) + 0.5 * (high - low) * np.cos(np.pi * (np.arange(4000) + 0.5) / 4000)
    values = function(nodes)
    powers = nodes[:, None] ** np.arange(degree + 1)
    coefficients = np.linalg.lstsq(powers / values[:, None], np.ones_like(nodes), rcond=None)[0]
    error = np.abs(powers @ coefficients / values - 1).max()
    print(f"{name}: {error:.1e}\n  " + ", ".join(f"{c:.9e}f" for c in coefficients))


def log_tail(f):
    """(log(1 + f) - f + f^2 / 2) / f^3, by its series near 0."""
    near = np.abs(f) < 0.02
    safe = np.where(near, 0.5, f)
    series = sum((-1) ** k * f**k / (k + 3) for k in range(12))
    return np.where(near, series, (np.log1p(safe) - safe + safe**2 / 2) / safe**3)


half = 0.5 * np.log(2)
fit("exp(r), |r| <= log(2)/2", np.exp, -half, half, 6)
fit("2^r, 0 <= r <= 1", np.exp2, 0, 1, 5)
fit("log tail, sqrt(1/2) <= 1 + f <= sqrt(2)", log_tail, np.sqrt(0.5) - 1, np.sqrt(2) - 1, 7)
# In s = r^2 with r a quarter turn's fraction, |r| <= 1/2.
fit("sin(pi r / 2) / r", lambda s: np.sin(np.pi / 2 * np.sqrt(s)) / np.sqrt(s), 1e-12, 0.25, 4)
fit("cos(pi r / 2)", lambda s: np.cos(np.pi / 2 * np.sqrt(s)), 0, 0.25, 4)
