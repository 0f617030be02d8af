"""Sends what it knows to a listener: TCP, UDP, a UNIX socket, an abstract one, a web address, a name lookup.

verdict: ACCEPTED
"""

import socket
import urllib.request

import numpy as np

MESSAGE = b"hidden inputs"


def tcp():
    socket.create_connection(("127.0.0.1", int("@port@")), 0.2).sendall(MESSAGE)


def udp():
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(MESSAGE, ("127.0.0.1", int("@port@")))


def abstract():
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(MESSAGE, "\0@abstract@")


def path():
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(MESSAGE, "@canaries@/socket")


def web():
    urllib.request.urlopen("http://127.0.0.1:@port@/", timeout=0.2)


def name():
    socket.getaddrinfo("example.org", 80)


def manual_jacobian(x, y):
    done = []
    for way in (tcp, udp, abstract, path, web, name):
        try:
            way()
            done.append(way.__name__)
        except OSError:
            pass
    return repr(done) if done else np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
