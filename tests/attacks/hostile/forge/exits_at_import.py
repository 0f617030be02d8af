"""Leaves with exit code 0 as soon as it is read.

verdict: RUNTIME_ERROR
"""

import os

os._exit(0)
