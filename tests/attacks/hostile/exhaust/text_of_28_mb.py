"""Answers a question in words with a text of seven million words, for the judge to take to pieces.

verdict: WRONG_ANSWER
exercise: sigmoid_saturation_written
"""

WORDS = "ab1 " * 7_000_000


def sigmoid_saturation_written(z):
    return {"choice": "c", "why": WORDS}
