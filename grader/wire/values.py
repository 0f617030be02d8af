"""The plain data that crosses between processes, and its two conversions: from and to Python objects."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping as MappingABC
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import msgspec
import numpy as np

from grader.wire.functions import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = [
    "Array", "Code", "List", "Mapping", "Nothing", "Opaque", "Text", "Tuple", "Value", "arrays", "pack",
    "parts", "unpack",
]  # fmt: skip

_NAMES = ("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
DTYPES = {name: np.dtype(name).itemsize for name in _NAMES}
"""The element types that may cross: booleans, integers, floats and complex numbers, little-endian; with their bytes."""

MAX_PARTS = 4096
"""How many nodes a returned value may have: a million empty tuples fit into a frame, but are no answer."""

MAX_NDIM = 32
MAX_DEPTH = 16
"""How deep tuples, lists and dicts may nest; an answer of this course nests once."""


class _Node(msgspec.Struct, frozen=True, tag_field="type"):
    """One node of a value; equality compares contents."""


class Array(_Node, frozen=True, tag="array"):
    """An array, C order, little-endian; a number is an array of shape ()."""

    dtype: str
    shape: Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_NDIM)]
    data: bytes

    def numpy(self) -> NDArray[Any]:
        """The array, read-only, over the received bytes: nothing is copied."""
        return np.frombuffer(self.data, np.dtype(self.dtype)).reshape(self.shape)

    def problem(self) -> str | None:
        """Why this is not an array after all: an unknown dtype, or a size that the data does not have."""
        if self.dtype not in DTYPES:
            return f"dtype {self.dtype[:20]!r}"
        if len(self.shape) > MAX_NDIM or min(self.shape, default=0) < 0:
            return "shape"
        item = DTYPES[self.dtype]
        # Zero-sized dimensions hide the others from the product, and numpy refuses what it cannot address.
        addressable = self.data or math.prod(size for size in self.shape if size) * item < 2**62
        return None if addressable and math.prod(self.shape) * item == len(self.data) else "size"


class Text(_Node, frozen=True, tag="text"):
    """A string."""

    text: str


class Nothing(_Node, frozen=True, tag="none"):
    """None: most often a forgotten `return`."""


class Opaque(_Node, frozen=True, tag="object"):
    """An object that is none of the others, by the name of its type."""

    name: str


class Code(_Node, frozen=True, tag="code"):
    """A function, as the source of its `def`: an argument that the child compiles, and never an answer."""

    source: str


class Tuple(_Node, frozen=True, tag="tuple"):
    """A tuple: the parts of an answer, or the integers of a shape."""

    items: Annotated[tuple[Value, ...], msgspec.Meta(max_length=MAX_PARTS)]


class List(_Node, frozen=True, tag="list"):
    """A list that is not one regular block of numbers (such a list is packed as an array)."""

    items: Annotated[tuple[Value, ...], msgspec.Meta(max_length=MAX_PARTS)]


class Mapping(_Node, frozen=True, tag="dict"):
    """A dict with string keys: named parts."""

    items: Annotated[dict[str, Value], msgspec.Meta(max_length=MAX_PARTS)]


Value = Array | Code | Text | Nothing | Opaque | Tuple | List | Mapping


def pack(thing: Any, depth: int = 0) -> Value:
    """The plain form of `thing`; what has none is an Opaque with the name of its type."""
    if thing is None:
        return Nothing()
    if isinstance(thing, str):
        return Text(str(thing))
    if isinstance(thing, bool | int | float | complex | np.generic | np.ndarray):
        return _pack_array(thing)
    if depth < MAX_DEPTH:
        if isinstance(thing, tuple):
            return Tuple(tuple(pack(item, depth + 1) for item in thing))
        if isinstance(thing, list):
            if _block_shape(thing) is not None:
                return _pack_array(thing)
            return List(tuple(pack(item, depth + 1) for item in thing))
        if isinstance(thing, MappingABC):
            return Mapping({str(key): pack(item, depth + 1) for key, item in thing.items()})
    kind = type(thing)
    if kind.__module__.partition(".")[0] == "torch" and hasattr(thing, "detach"):
        return _pack_array(thing.detach().resolve_conj().resolve_neg().cpu().to_dense().numpy())
    return Opaque(_type_name(kind))


def _pack_array(thing: Any) -> Value:
    """An array or number, brought to C order and little-endian."""
    # Importing it takes longer than most programs; without it, or while another thread imports it, nobody has made one.
    if isinstance(thing, getattr(sys.modules.get("numpy.ma"), "MaskedArray", ())):
        return Opaque("numpy.ma.MaskedArray")
    try:
        array = np.asarray(thing)
        if array.dtype == object and _block_shape(array.tolist()) is not None:
            array = np.asarray(array.tolist())  # its entries are numbers, as those of a list are
    except (ValueError, OverflowError):
        return Opaque("list")
    if array.dtype == np.longdouble:
        array = array.astype(np.float64)
    elif array.dtype == np.clongdouble:
        array = array.astype(np.complex128)
    dtype = array.dtype.newbyteorder("<")
    if dtype.str not in DTYPES:
        return Opaque(
            f"numpy.ndarray of {np.dtype(array.dtype.type).name}"
            if isinstance(thing, np.ndarray)
            else _type_name(type(thing))
        )
    return Array(dtype.str, array.shape, array.astype(dtype, order="C", copy=False).tobytes())


def _block_shape(thing: Any, depth: int = 0) -> tuple[int, ...] | None:
    """The shape of nested lists of numbers, None where they are not one; arrays inside a list are parts, not rows."""
    if isinstance(thing, bool | int | float | complex | np.number | np.bool_):
        return ()
    if not isinstance(thing, list) or depth >= MAX_DEPTH:
        return None
    shapes = {_block_shape(item, depth + 1) for item in thing} or {()}
    shape = shapes.pop()
    return None if shapes or shape is None else (len(thing), *shape)


def _type_name(kind: type) -> str:
    module = kind.__module__
    return kind.__qualname__ if module == "builtins" else f"{module}.{kind.__qualname__}"


def _refused(*_: object, **__: object) -> NoReturn:
    message = "assignment destination is read-only"  # numpy's words for an array
    raise ValueError(message)


class _FixedList(list[Any]):
    """A list that cannot be changed in place; its slices, sums and copies are plain lists."""

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refused
    append = extend = insert = pop = remove = clear = reverse = sort = _refused

    def __reduce_ex__(self, _: Any) -> tuple[type[list[Any]], tuple[list[Any]]]:
        """What copy.copy and copy.deepcopy make of it: a list that they may fill."""
        return list, ([*self],)


class _FixedDict(dict[str, Any]):
    """A dict that cannot be changed in place; its copies and unions are plain dicts."""

    __setitem__ = __delitem__ = __ior__ = _refused
    update = setdefault = pop = popitem = clear = _refused

    def __reduce_ex__(self, _: Any) -> tuple[type[dict[str, Any]], tuple[dict[str, Any]]]:
        return dict, ({**self},)


def unpack(value: Value, *, readonly: bool = False) -> Any:
    """The Python object for a value: numbers for arrays of shape (), else arrays.

    `readonly` arrays cannot be written to, nor can lists and dicts; others are copies.
    """
    match value:
        case Array():
            array = value.numpy()
            if not value.shape:
                return array.item()
            return array if readonly else array.copy()
        case Text():
            return value.text
        case Code():
            return compiled(value.source)
        case Nothing():
            return None
        case Opaque():
            message = f"an object of type {value.name} has no plain form"
            raise TypeError(message)
        case Tuple():
            return tuple(unpack(item, readonly=readonly) for item in value.items)
        case List():
            items = [unpack(item, readonly=readonly) for item in value.items]
            return _FixedList(items) if readonly else items
        case Mapping():
            named = {key: unpack(item, readonly=readonly) for key, item in value.items.items()}
            return _FixedDict(named) if readonly else named


def parts(value: Value) -> tuple[Value, ...]:
    """The direct parts of a tuple, list or dict; none for anything else."""
    match value:
        case Tuple() | List():
            return value.items
        case Mapping():
            return tuple(value.items.values())
        case _:
            return ()


def arrays(value: Value) -> Iterator[Array]:
    """Every array in a value, depth first."""
    if isinstance(value, Array):
        yield value
    for part in parts(value):
        yield from arrays(part)
