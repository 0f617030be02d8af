def jvp_forward(params, x, u):
    values, tangents = list(x), list(u)
    for index, (W, b) in enumerate(params):
        if index:
            tangents = [t if v > 0 else 0.0 for v, t in zip(values, tangents)]
            values = [max(v, 0.0) for v in values]
        values, tangents = (
            [float(sum(w * v for w, v in zip(row, values)) + c) for row, c in zip(W, b)],
            [float(sum(w * t for w, t in zip(row, tangents))) for row in W],
        )
    return {"y": values, "dy": tangents}
