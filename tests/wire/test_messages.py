"""The frames: a reply is a well-formed one or a WireError, whatever the bytes are."""

from __future__ import annotations

import os
import struct
import tracemalloc

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.wire import messages as wire
from grader.wire import values
from grader.wire.messages import (
    WireError,
    decode_reply,
    decode_request,
    encode,
    frame,
    frame_length,
    read_frame,
    write_frame,
)
from grader.wire.values import Array, Value, pack, parts

REPLIES = [
    wire.Loaded(("f", "g")),
    wire.Returned(pack({"dW": np.arange(6.0).reshape(2, 3), "db": (1, 2.5, None, "text", [1, [2]])})),
    wire.Raised("ValueError", "message", "s.py", 3, wrote=(0, 2), loading=True),
]


def body(message):
    return encode(message)[4:]


def nested(depth):
    """The body of a reply whose value is `depth` lists around None."""
    inner = msgspec.msgpack.encode(values.Nothing())
    head = msgspec.msgpack.encode({"type": "list", "items": [0]})[:-1]
    return msgspec.msgpack.encode({"type": "returned", "value": 0})[:-1] + head * depth + inner


def checked(data):
    """Decode arbitrary bytes; what comes back is a reply whose arrays can all be viewed."""
    try:
        reply = decode_reply(data)
    except WireError:
        return None
    assert isinstance(reply, wire.Reply)
    if isinstance(reply, wire.Returned):
        for array in values.arrays(reply.value):
            assert array.numpy().nbytes == len(array.data)
    return reply


@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_survives_the_round_trip(reply):
    assert decode_reply(body(reply)) == reply


@pytest.mark.parametrize(
    "request_",
    [
        wire.Load("m", (wire.Chunk("m.py", "x = 1"),), ("f",), ("torch",)),
        wire.Call(
            "f",
            (pack(np.ones((2, 0))), values.Code("def g(): ...")),
            readonly=True,
            driver="def d(f): ...",
            strict=True,
        ),
    ],
)
def test_a_request_survives_the_round_trip(request_):
    assert decode_request(body(request_)) == request_


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_a_reply_or_refused(data):
    checked(data)


@given(st.sampled_from(REPLIES), st.data())
def test_a_truncated_reply_is_refused(reply, data):
    whole = body(reply)
    with pytest.raises(WireError):
        decode_reply(whole[: data.draw(st.integers(0, len(whole) - 1))])


@given(st.sampled_from(REPLIES), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 7)), min_size=1, max_size=8))
def test_flipped_bits_are_a_reply_or_refused(reply, flips):
    changed = bytearray(body(reply))
    for place, bit in flips:
        changed[place % len(changed)] ^= 1 << bit
    checked(bytes(changed))


@pytest.mark.slow
@given(
    st.one_of(st.sampled_from(sorted(values.DTYPES)), st.text(max_size=4)),
    st.lists(st.integers(-(2**63), 2**64 - 1), max_size=40),
    st.binary(max_size=40),
)
def test_an_array_that_lies_about_itself_is_refused(dtype, shape, data):
    array = Array(dtype, tuple(shape), data)
    encoded = msgspec.msgpack.encode(wire.Returned(array))
    assert (checked(encoded) is None) == (array.problem() is not None)


def test_a_lie_deep_inside_is_found():
    """Not only at the top: in a list, a tuple and a dict."""
    lie = Array("<f8", (3,), b"")
    for holder in (values.List((lie,)), values.Tuple((pack(1), lie)), values.Mapping({"x": values.List((lie,))})):
        with pytest.raises(WireError, match="an array with a false size"):
            decode_reply(body(wire.Returned(holder)))


def test_a_reply_holds_no_function():
    """It is source, which the trusted process would compile where it takes a value out of its plain form."""
    forged = values.Code("def f(g=open('/tmp/forged', 'w')): ...")
    for holder in (forged, values.List((forged,)), values.Tuple((pack(1), forged)), values.Mapping({"x": forged})):
        with pytest.raises(WireError, match="a function"):
            decode_reply(body(wire.Returned(holder)))


@pytest.mark.parametrize("other", [wire.Stopped("time"), wire.Load("m", (), ()), wire.Call("f", ()), wire.Ready(())])
def test_only_the_three_replies_are_replies(other):
    """A child cannot claim to have been stopped, nor answer with a request."""
    with pytest.raises(WireError):
        decode_reply(msgspec.msgpack.encode(other))


def test_unknown_nodes_and_wrong_types_are_refused():
    for forged in (
        {"type": "pickle", "data": b""},
        3,
        None,
        {"type": "array", "dtype": "<f8", "shape": "x", "data": b""},
    ):
        with pytest.raises(WireError):
            decode_reply(msgspec.msgpack.encode({"type": "returned", "value": forged}))


@pytest.mark.parametrize("depth", [values.MAX_DEPTH + 1, 100, 400, 600, 10_000, 500_000])
def test_deep_nesting_is_refused(depth):
    """What takes a value apart does so by recursion: a forged value must not be deeper than an honest one."""
    with pytest.raises(WireError):
        decode_reply(nested(depth))


def test_nesting_that_pack_makes_is_accepted():
    reply = decode_reply(nested(values.MAX_DEPTH))
    assert isinstance(reply, wire.Returned)
    node: Value = reply.value
    for _ in range(values.MAX_DEPTH):
        (node,) = parts(node)
    assert node == values.Nothing()


def test_a_million_parts_are_refused():
    many = values.Tuple((values.Tuple(()),) * 10**6)
    with pytest.raises(WireError, match="too many parts"):
        decode_reply(body(wire.Returned(many)))


def test_the_bound_on_parts_counts_every_node():
    fits = values.Tuple((values.Nothing(),) * (values.MAX_PARTS - 1))
    assert decode_reply(body(wire.Returned(fits))) == wire.Returned(fits)
    over = values.Tuple((values.Tuple((values.Nothing(),) * (values.MAX_PARTS - 1)),))
    with pytest.raises(WireError, match="too many parts"):
        decode_reply(body(wire.Returned(over)))


def test_frames_are_capped_on_both_sides():
    assert frame_length(struct.pack("<I", wire.MAX_FRAME)) == wire.MAX_FRAME
    with pytest.raises(WireError, match="a frame of 33554433 bytes"):
        frame_length(struct.pack("<I", wire.MAX_FRAME + 1))
    assert len(frame(bytes(wire.MAX_FRAME))) == wire.MAX_FRAME + 4
    with pytest.raises(WireError, match="too large"):
        frame(bytes(wire.MAX_FRAME + 1))
    with pytest.raises(WireError, match="too large"):
        encode(wire.Returned(pack(np.zeros(wire.MAX_FRAME // 8))))


def test_an_announced_size_takes_no_memory():
    """4 GiB are refused outright; 32 MiB of which nothing comes cost no more than what comes."""
    tracemalloc.start()
    try:
        with pytest.raises(WireError, match="a frame of 4294967295 bytes"):
            read_frame(_pieces(b"\xff\xff\xff\xff", b"x" * 100))
        with pytest.raises(WireError, match="inside a frame"):
            read_frame(_pieces(struct.pack("<I", wire.MAX_FRAME), b"x" * 100))
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def _pieces(*pieces):
    """A `read` that gives the pieces one after the other, never more than asked."""
    waiting = bytearray(b"".join(pieces))
    sizes = iter([len(piece) for piece in pieces])

    def read(count):
        taken = bytes(waiting[: min(count, next(sizes, count))])
        del waiting[: len(taken)]
        return taken

    return read


@given(st.binary(max_size=200), st.lists(st.integers(1, 7), min_size=1))
def test_a_frame_is_read_whole_from_short_reads(data, sizes):
    waiting = bytearray(frame(data) + b"rest")
    turn = iter(range(10**6))

    def read(count):
        taken = bytes(waiting[: min(count, sizes[next(turn) % len(sizes)])])
        del waiting[: len(taken)]
        return taken

    assert read_frame(read) == data
    assert waiting == b"rest"


@given(st.binary(min_size=1, max_size=50), st.data())
def test_an_end_inside_a_frame_is_an_error_and_before_it_none(data, draw):
    whole = frame(data)
    cut = draw.draw(st.integers(1, len(whole) - 1))
    with pytest.raises(WireError, match="ended inside a frame"):
        read_frame(_pieces(whole[:cut]))
    assert read_frame(_pieces()) is None


def test_an_empty_frame_is_a_frame():
    assert read_frame(_pieces(frame(b""))) == b""


def test_write_frame_writes_all_of_it():
    read, write = os.pipe()
    try:
        write_frame(write, frame(b"x" * 50_000))
        assert read_frame(lambda count: os.read(read, min(count, 999))) == b"x" * 50_000
    finally:
        os.close(read)
        os.close(write)


def test_a_read_asks_for_a_megabyte_at_most():
    """A read reserves what it asks for: the announced size is not asked for at once."""
    asked = []

    def read(count):
        asked.append(count)
        return b""

    head = iter([struct.pack("<I", wire.MAX_FRAME)])
    with pytest.raises(WireError):
        read_frame(lambda count: next(head, None) or read(count))
    assert asked == [2**20]


@pytest.mark.parametrize("counts", [(wire.MAX_NAMES + 1, 0), (0, wire.MAX_FAILURES + 1)])
def test_a_program_of_more_functions_or_failures_than_a_worker_names_is_no_message(counts):
    names, failures = counts
    most = wire.Loaded(("f",) * min(names, wire.MAX_NAMES), (wire.Raised("E"),) * min(failures, wire.MAX_FAILURES))
    assert wire.decode_reply(wire.encode(most)[4:]) == most
    with pytest.raises(wire.WireError, match="length <="):
        wire.decode_reply(wire.encode(wire.Loaded(("f",) * names, (wire.Raised("E"),) * failures))[4:])
