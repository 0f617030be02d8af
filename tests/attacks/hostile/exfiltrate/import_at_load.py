"""Imports, as it loads, a module that is named by what an earlier process left behind.

verdict: RUNTIME_ERROR
"""

secret = "LE" + "AK" + repr(2.2389160484664448)  # what a process before it left in the kernel
__import__(secret.replace(".", "_"))
