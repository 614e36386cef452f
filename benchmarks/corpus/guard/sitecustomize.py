"""In the worker of a foreign plugin: no connection leaves this machine, and no other program is started."""

import sys

LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def refuse(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(LOCAL):
            raise ConnectionRefusedError(f"the corpus guard refuses a connection to {address[0]}")
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        host = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if host and not str(host).startswith(LOCAL):
            raise OSError(f"the corpus guard refuses to look up {host}")
    elif event in ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"):
        raise PermissionError(f"the corpus guard refuses to start {arguments[0]!r}")


sys.addaudithook(refuse)
