"""Asks, as it loads, a module for an attribute that is made of what an earlier process left behind.

verdict: RUNTIME_ERROR
"""

import numpy as np

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
getattr(np, secret)
