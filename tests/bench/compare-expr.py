# SPDX-License-Identifier: GPL-3.0-or-later
"""Evaluation of expressions against NumPy, in the same minute: compare-expr.py BENCH-EXPR"""
import json
import subprocess
import sys
import time

import numpy as np

SIZES = [200, 200000]
LAWS = [
    ("2.5*sin(1.3*x_1) + 0.4*x_1", "2.5*np.sin(1.3*x_1) + 0.4*x_1"),
    ("x_1^4 - x_1^3 + x_2^2/2 - x_2", "x_1**4 - x_1**3 + x_2**2/2 - x_2"),
    ("exp(-(x_1/x_2)^2/2)/(sqrt(2*pi)*x_2)", "np.exp(-(x_1/x_2)**2/2)/(np.sqrt(2*np.pi)*x_2)"),
    ("ln(x_1 + 1.4) + ln(x_1^2 + 1.3)*tanh(x_2)", "np.log(x_1 + 1.4) + np.log(x_1**2 + 1.3)*np.tanh(x_2)"),
    ("x_1^x_2*cos(x_1*x_2)", "x_1**x_2*np.cos(x_1*x_2)"),
    ("0.3*x_1^1.5/(1 + x_2^2)", "0.3*x_1**1.5/(1 + x_2**2)"),
]

for N in SIZES:
    i = np.arange(2*N, dtype=np.uint64)
    x = 0.1 + 2.9*((i*np.uint64(2654435761)) % np.uint64(1000003)).astype(float)/1000003.0
    x_1, x_2 = x[:N].copy(), x[N:].copy()
    for ours, theirs in LAWS:
        code = compile(theirs, "law", "eval")
        best = 1e9
        for _ in range(15):
            start = time.perf_counter()
            for _ in range(max(1, 20000//N)):
                y = eval(code)
            best = min(best, (time.perf_counter() - start)/max(1, 20000//N))
        result = json.loads(subprocess.run([sys.argv[1], ours, str(N)], capture_output=True, check=True, text=True).stdout)
        assert abs(result["sum"] - y.sum()) <= 1e-6*(1 + np.abs(y).sum()), (ours, result["sum"], y.sum())
        shared = json.loads(subprocess.run([sys.argv[1], ours, str(N), "2"], capture_output=True, check=True, text=True).stdout)
        print(json.dumps({"law": ours, "points": N, "numpy_over_orrery": round(best/result["seconds"], 2),
                          "numpy_over_two_threads": round(best/shared["seconds"], 2),
                          "million_nodes_per_second": round(result["nodes"]*N/result["seconds"]/1e6),
                          "gradient_over_value": round(result["with_gradient"]/result["seconds"], 2)}))
