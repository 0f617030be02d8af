"""Spells a secret, as it loads, in the words of Python's own messages and names of its source.

verdict: RUNTIME_ERROR
"""

a = b = c = "name is not defined"
secret = "name 'a' is not defined" + "".join(f" {'abc'[int(digit) % 3]} is not defined LE" "AK" for digit in "22389160484664448")
raise NameError(secret)
