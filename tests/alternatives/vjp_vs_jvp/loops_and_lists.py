def vjp_vs_jvp(J, v, u):
    m, n = J.shape
    vjp = [float(sum(v[i] * J[i, j] for i in range(m))) for j in range(n)]
    jvp = [float(sum(J[i, j] * u[j] for j in range(n))) for i in range(m)]
    return [vjp, jvp]
