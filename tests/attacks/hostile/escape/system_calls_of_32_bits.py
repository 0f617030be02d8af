"""Runs machine code that enters the kernel by int 0x80, where numbers mean other calls: it does not come back.

verdict: RUNTIME_ERROR
needs: x86_64
"""

import ctypes
import mmap

CODE = bytes.fromhex("b802000000cd80c3")  # mov eax, 2 (fork); int 0x80; ret


def manual_jacobian(x, y):
    area = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    area.write(CODE)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(area)))()
