"""Asks whether the course, a rival's folder and a home are there, and how large and how old their files are.

Landlock alone lets such questions through, so this one is for the layer of mounts.

verdict: ACCEPTED
needs: mounts
"""

import os

import numpy as np


def manual_jacobian(x, y):
    found = []
    for path in ("@course@", "@canaries@", "@submitted@", "@canaries@/results/grades.csv", "/etc/passwd", "/proc/1"):
        for ask in (os.stat, os.lstat, os.statvfs, os.readlink):
            try:
                found.append((path, str(ask(path))))
            except OSError:
                pass
        found += [path] if os.access(path, os.F_OK) else []
    return repr(found) if found else np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
