#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares laws by how well each tells a row that it was not fitted to.

compare-laws.py ORRERYCTL DATA.csv TARGET LAW...

Every law is fitted by "orreryctl regress --expression LAW" to all rows, and to all rows but one, once for
each row; printed are its R2, its constants with standard errors, and the root mean square of how wrong it
is about the row left out. DATA.csv has the input in its first column."""

import csv
import json
import math
import os
import subprocess
import sys
import tempfile


def fit(program, rows, columns, target, law, folder):
    path = os.path.join(folder, "rows.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
    run = subprocess.run([program, "regress", path, "--target", target, "--expression", law, "--steps", "1", "--no-agent",
                          "--threads", "1", "--json"], check=True, capture_output=True, text=True)
    return json.loads(run.stdout)["best"]


def tell(found, column, value):
    """What a fitted law says at one place."""
    names = {name: getattr(math, name) for name in ("exp", "sin", "cos", "tan", "tanh", "sqrt", "log", "atan")}
    text = found["expression"].replace("^", "**").replace("ln(", "log(")
    return eval(text, {"__builtins__": {}}, {**names, column: value})  # pylint: disable=eval-used


def main(program, path, target, laws):
    with open(path, encoding="utf-8") as file:
        table = list(csv.reader(file))
    heading = table[0]
    columns = [heading[0], target]
    rows = [(float(row[0]), float(row[heading.index(target)])) for row in table[1:]]
    with tempfile.TemporaryDirectory() as folder:
        for law in laws:
            whole = fit(program, rows, columns, target, law, folder)
            wrong = []
            for i, (x, y) in enumerate(rows):
                without = fit(program, rows[:i] + rows[i + 1:], columns, target, law, folder)
                wrong.append(tell(without, columns[0], x) - y)
            rms = math.sqrt(sum(w * w for w in wrong) / len(wrong))
            constants = ", ".join(f"{c:.4g} ± {e:.1g}" for c, e in zip(whole["constants"], whole["standard_errors"]))
            print(f"{law:32} R2 {whole['r2']:8.5f}   left out {rms:9.2e}   {constants}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])
