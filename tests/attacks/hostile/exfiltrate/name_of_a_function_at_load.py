"""Calls, as it loads, a function wrongly whose name is what an earlier process left behind.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel


def function():
    return None


function.__qualname__ = function.__name__ = secret
function(1, 2)
