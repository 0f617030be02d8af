"""The number to two digits."""


def sigmoid_saturation_written():
    return {
        "why": "Es kommt fast kein Gradient mehr an.",
        "choice": "c.",
        "value": 4.5e-5,
    }
