"""Leaves, as it loads, with a text as its exit code.

verdict: RUNTIME_ERROR
"""

import sys

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
sys.exit(secret)
