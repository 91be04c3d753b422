"""A small HTTP/1.1 server for tests, strict about what it is sent: a request that is not well formed is an
error that the test sees, not something to be lenient about. One thread a connection."""
import socket
import ssl
import struct
import threading


class BadRequest(Exception):
    pass


class Cut(Exception):
    """The server is to break off in the middle of a body."""


class Request:
    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        self.headers = headers  # in the order sent, as (name, value)
        self.body = body

    def header(self, name):
        """The value of the header, which may be there once at most; None if it is not."""
        found = [value for known, value in self.headers if known.lower() == name.lower()]
        if len(found) > 1:
            raise BadRequest(f"{name} is there {len(found)} times")
        return found[0] if found else None

    def as_json(self):
        return {"method": self.method, "target": self.target, "headers": self.headers,
                "body": self.body.decode("latin-1")}


def read_line(stream):
    line = stream.readline(65536)
    if line and not line.endswith(b"\r\n"):
        raise BadRequest(f"a line without its end: {line!r}")
    return line[:-2].decode("latin-1")


def read_headers(stream):
    headers = []
    while line := read_line(stream):
        name, colon, value = line.partition(":")
        if not colon or name != name.strip() or not name:
            raise BadRequest(f"not a header: {line!r}")
        headers.append((name, value.strip()))
    return headers


def read_exactly(stream, size):
    body = stream.read(size)
    if len(body) != size:
        raise BadRequest(f"{len(body)} bytes of a body of {size}")
    return body


def read_chunks(stream):
    body = b""
    while size := int(read_line(stream).split(";")[0], 16):
        body += read_exactly(stream, size)
        if read_line(stream) != "":
            raise BadRequest("a chunk is longer than it says")
    read_headers(stream)
    return body


def read_request(stream, cut_body_at=None):
    """The next request of a connection, or None at its end. Raises Cut within a body longer than `cut_body_at`."""
    first = stream.readline(65536)
    if not first:
        return None
    try:
        method, target, version = first.decode("latin-1").rstrip("\r\n").split(" ")
    except ValueError:
        raise BadRequest(f"not a request line: {first!r}") from None
    if version != "HTTP/1.1":
        raise BadRequest(f"{version} instead of HTTP/1.1")
    request = Request(method, target, read_headers(stream), b"")
    if not request.header("Host"):
        raise BadRequest("no Host")
    length, coding = request.header("Content-Length"), request.header("Transfer-Encoding")
    if length is not None and coding is not None:
        raise BadRequest("both Content-Length and Transfer-Encoding")
    if length is not None and cut_body_at is not None and int(length) > cut_body_at:
        stream.read(cut_body_at)
        raise Cut
    if length is not None:
        request.body = read_exactly(stream, int(length))
    elif coding == "chunked":
        request.body = read_chunks(stream)
    elif coding is not None:
        raise BadRequest(f"Transfer-Encoding {coding}")
    return request


def reset(connection):
    """Closes it so that its peer sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Server:
    """Calls `answer(request, connection)` for each request; the connection goes on if it returns True."""

    def __init__(self, answer, certificate=None, on_error=None):
        self.answer = answer
        self.on_error = on_error or (lambda error: None)
        self.tls = None
        self.cut_next_body_at = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(certificate)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def serve_in_background(self):
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            stream = connection.makefile("rb")
            while request := read_request(stream, self.cut_next_body_at):
                if not self.answer(request, connection):
                    break
            stream.close()
            connection.close()
        except Cut:
            self.cut_next_body_at = None
            stream.close()
            reset(connection)
        except BadRequest as error:
            self.on_error(str(error))
            connection.close()
        except OSError:
            connection.close()
