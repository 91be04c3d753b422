"""Stands in front of a real object store and lets large answers come slowly until parts of them are asked for."""
import contextlib
import http.client
import threading

import strict_http

MIB = 1 << 20


class StallingProxy:
    """An answer of more than a MiB to a request without a range stops behind the first one, until there have been as
    many requests with one as `ranges` says."""

    def __init__(self, port, ranges):
        self.upstream = port
        self.expected = ranges
        self.requests = []  # (method, target)
        self.ranges = []  # (first, last, the answer's status)
        self.enough = threading.Event()
        self.server = strict_http.Server(self.forward)
        self.server.serve_in_background()

    def forward(self, request, connection):
        self.requests.append((request.method, request.target))
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.upstream)) as upstream:
            upstream.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers:
                upstream.putheader(name, value)
            upstream.endheaders(request.body)
            answer = upstream.getresponse()
            body = answer.read()
            wanted = request.header("Range") or request.header("x-ms-range")
            if wanted:
                self.ranges.append((*map(int, wanted.removeprefix("bytes=").split("-")), answer.status))
                if len(self.ranges) == self.expected:
                    self.enough.set()
            self.pass_on(answer, body, connection, waits=not wanted and len(body) > MIB)
        return True

    def pass_on(self, answer, body, connection, waits):
        left_out = ("content-length", "transfer-encoding", "connection", "keep-alive")
        lines = [f"HTTP/1.1 {answer.status} X", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in answer.getheaders() if name.lower() not in left_out]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode() + body[:MIB])
        if waits:
            self.enough.wait(20)
        connection.sendall(body[MIB:])
