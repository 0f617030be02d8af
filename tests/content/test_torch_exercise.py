"""The reference of the torch exercise, by torch's own check of gradients."""

from __future__ import annotations

from typing import Any

import pytest

from grader.building.compiler import load_module
from repository import SOLUTIONS


@pytest.fixture
def torch() -> Any:
    """Imported by the test that needs it: collecting it would take seconds in each process."""
    return pytest.importorskip("torch", reason="torch is not installed: pip install '.[torch]'")


@pytest.mark.slow
@pytest.mark.parametrize("needs", [(True, True, True), (True, False, False), (False, True, True)])
def test_the_reference_passes_gradcheck(torch: Any, needs: tuple[bool, bool, bool]) -> None:
    """First and second derivatives agree with differences in float64, whichever inputs need them."""
    linear = load_module(SOLUTIONS / "network" / "linear_function_torch.py").LinearFn
    generator = torch.Generator().manual_seed(0)
    inputs = tuple(
        torch.randn(shape, dtype=torch.float64, generator=generator).requires_grad_(need)
        for shape, need in zip([(5, 3), (3, 4), (4,)], needs, strict=True)
    )
    assert torch.autograd.gradcheck(linear.apply, inputs)
    assert torch.autograd.gradgradcheck(linear.apply, inputs)
