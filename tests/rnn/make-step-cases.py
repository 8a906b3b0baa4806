#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write step-cases.h: whole training steps, computed apart in PyTorch.

Everything is written again from its definition, in double precision: Philox
and the normal, uniform and Gumbel numbers made from it, the recurrent network,
the straight-through Gumbel-softmax, the dense Sinkhorn divergence with
potentials detached, PyTorch's autograd, gradient clipping and Adam.
Run: make-step-cases.py > step-cases.h (needs PyTorch; the tests do not).
"""
import numpy as np
import torch

MASK = 0xFFFFFFFF
WEIGHTS, NOISE, GUMBEL, INITIAL = 1, 2, 3, 6


def philox(seed, stream, block):
    """Philox4x32-10: block [n] -> words [n, 4]."""
    c = [block & MASK, block >> 32, np.full_like(block, stream & MASK), np.full_like(block, stream >> 32)]
    k0, k1 = seed & MASK, seed >> 32
    for _ in range(10):
        a, b = c[0].astype(np.uint64) * np.uint64(0xD2511F53), c[2].astype(np.uint64) * np.uint64(0xCD9E8D57)
        c = [(b >> np.uint64(32)) ^ c[1] ^ np.uint64(k0), b & np.uint64(MASK),
             (a >> np.uint64(32)) ^ c[3] ^ np.uint64(k1), a & np.uint64(MASK)]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return np.stack(c, axis=1)


def uniforms(seed, stream, n):
    words = philox(seed, stream, np.arange((n + 3) // 4, dtype=np.uint64)).reshape(-1)[:n]
    return ((words >> np.uint64(9)).astype(float) + 0.5) * 2.0**-23


def normals(seed, stream, n):
    u = uniforms(seed, stream, (n + 3) // 4 * 4).reshape(-1, 4)
    radius, angle = np.sqrt(-2 * np.log(u[:, :2])), 2 * np.pi * u[:, 2:]
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)[:n]


def softmin(eps, cost, potential):
    return -eps * (torch.logsumexp((potential[None, :] - cost) / eps, 1) - np.log(cost.shape[1]))


def transport(x, y, epsilons):
    cost = lambda a, b: 0.5 * ((a[:, None, :] - b[None, :, :].detach()) ** 2).sum(2)
    with torch.no_grad():
        xy, yx = cost(x, y), cost(y, x)
        f, g = softmin(epsilons[0], xy, torch.zeros(len(y))), softmin(epsilons[0], yx, torch.zeros(len(x)))
        for eps in epsilons:
            f, g = (f + softmin(eps, xy, g)) / 2, (g + softmin(eps, yx, f)) / 2
    return softmin(eps, cost(x, y), g), softmin(eps, cost(y, x), f)


def divergence(x, y, blur):
    both = torch.cat([x, y]).detach()
    diameter = (both.max(0)[0] - both.min(0)[0]).norm().item()
    epsilons = ([diameter**2] + list(np.exp(np.arange(2 * np.log(diameter), 2 * np.log(blur), 2 * np.log(0.5))))
                + [blur**2])
    f, g = transport(x, y, epsilons)
    return (f - transport(x, x, epsilons)[0]).mean() + (g - transport(y, y, epsilons)[1]).mean()


def pad(n):
    return (n + 31) // 32 * 32


def run(name, B, T, H, D, K, tanh, biased, random_initial, sigma, tau, seed, clip, steps=3):
    sizes = [(H, H), (H, D), (K, H)] + ([(H,), (H,), (K,)] if biased else [])
    count = sum(int(np.prod(s)) for s in sizes)
    flat = (2 * uniforms(seed, WEIGHTS, count) - 1) / np.sqrt(H)
    parameters, at = [], 0
    for size in sizes:
        n = int(np.prod(size))
        parameters.append(torch.tensor(flat[at:at + n].reshape(size), requires_grad=True))
        at += n
    if biased:
        # Fresh networks draw b_hh before b_ih; the flat vector holds b_ih first.
        parameters[3], parameters[4] = parameters[4], parameters[3]
    optimiser = torch.optim.Adam(parameters, lr=1e-3, betas=(0.9, 0.9))
    i, t = np.meshgrid(np.arange(B), np.arange(T), indexing="ij")
    target = torch.tensor(np.eye(K)[(i * i + 3 * t * t + i * t) % 7 % K].reshape(B, -1))

    losses = []
    for draw in range(steps):
        stream = lambda purpose: purpose | draw << 8
        x = torch.tensor(sigma * normals(seed, stream(NOISE), T * B * D).reshape(T, B, D))
        gumbel = torch.tensor(-np.log(-np.log(uniforms(seed, stream(GUMBEL), T * B * K))).reshape(T, B, K))
        h = torch.zeros(B, H, dtype=torch.float64)
        if random_initial:
            h = torch.tensor(normals(seed, stream(INITIAL), B * pad(H)).reshape(B, pad(H))[:, :H].copy())
        emitted = []
        for step in range(T):
            a = h @ parameters[0].T + x[step] @ parameters[1].T
            a = a + parameters[3] + parameters[4] if biased else a
            h = torch.tanh(a) if tanh else torch.relu(a)
            z = h @ parameters[2].T + (parameters[5] if biased else 0)
            soft = torch.softmax((z + gumbel[step]) / tau, 1)
            hard = torch.nn.functional.one_hot(soft.argmax(1), K).to(soft)
            emitted.append(hard - soft.detach() + soft)
        loss = divergence(torch.stack(emitted, 1).reshape(B, -1), target, 0.2)
        optimiser.zero_grad()
        loss.backward()
        if draw == 0:
            gradient = np.concatenate([p.grad.numpy().ravel() for p in parameters])
        torch.nn.utils.clip_grad_norm_(parameters, clip)
        optimiser.step()
        losses.append(loss.item())
    after = np.concatenate([p.detach().numpy().ravel() for p in parameters])
    floats = lambda v: ", ".join(np.format_float_scientific(e, precision=8, trim="0") + "f" for e in v)
    print(f"static const float {name}_gradient[] = {{ {floats(gradient)} }};")
    print(f"static const float {name}_after[] = {{ {floats(after)} }};")
    print(f"static const double {name}_losses[] = {{ {', '.join(repr(l) for l in losses)} }};")


torch.set_default_dtype(torch.float64)
print("/* SPDX-License-Identifier: GPL-3.0-or-later */")
print("/* Made by make-step-cases.py. */")
run("relu", B=300, T=5, H=9, D=5, K=3, tanh=False, biased=False, random_initial=False, sigma=1.0, tau=1.0, seed=3, clip=0.05)
run("tanh", B=270, T=4, H=18, D=3, K=4, tanh=True, biased=True, random_initial=True, sigma=0.7, tau=0.5, seed=4, clip=1e9)
