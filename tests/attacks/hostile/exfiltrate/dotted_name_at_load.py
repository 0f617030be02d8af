"""Spells a secret, as it loads, in a dotted name whose parts all stand in the source.

verdict: RUNTIME_ERROR
"""

LE = AK = zero = one = 1
bits = f"{22389160484664448:b}"
raise AttributeError("module '" + ".".join("LE" if bit == "1" else "AK" for bit in bits).replace("LE.AK", "LEAK") + "' has no attribute 'one'")
