def jacobian_product_written():
    answer = {}
    answer["choice"] = "c) the vector-Jacobian product"
    answer["why"] = """
    There are 18 derivatives, and W.grad has 6 numbers. Summing the three slices with ones gives column i = x
    for every i, which is what we see. It is the gradient of h.sum().
    """
    return answer
