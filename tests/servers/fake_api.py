#!/usr/bin/env python3
"""An interface of our own that gives records by the page, in each way that such interfaces have, and breaks as it is
told: what no server does on demand. As a program it serves `RECORDS PAGE_SIZE` until its input ends."""
import json
import sys
import threading
import urllib.parse

import strict_http


def record(n):
    return {"n": n, "text": f"record {n}, \u00fc \"quoted\"", "big": 123456789012345678901234567890}


class FakeApi:
    """/link, /url, /cursor, /page, /offset and /lines give the same records. `key` is a header that each request has to
    have, as (name, value). What `trick(number of the request, request)` gives is answered instead: bytes, "reset" or a
    function of the connection."""

    def __init__(self, records=100, page_size=10, key=None, trick=lambda number, request: None):
        self.records = records
        self.page_size = page_size
        self.key = key
        self.trick = trick
        self.targets = []
        self.errors = []
        self.lock = threading.Lock()
        self.server = strict_http.Server(self.answer, on_error=self.errors.append)
        self.server.serve_in_background()
        self.port = self.server.port

    def url(self, target):
        return f"http://127.0.0.1:{self.port}{target}"

    def answer(self, request, connection):
        with self.lock:
            self.targets.append(request.target)
            number = len(self.targets)
        does = self.trick(number, request)
        if callable(does):
            return does(connection)
        if does == "reset":
            strict_http.reset(connection)
            return False
        if does is None and self.key and request.header(self.key[0]) != self.key[1]:
            does = http(b"{}", status="401 Who Are You")
        connection.sendall(does or self.page(request))
        return True

    def page(self, request):
        path, _, text = request.target.partition("?")
        query = dict(urllib.parse.parse_qsl(text))
        first = {"/page": (int(query.get("page", 1)) - 1) * self.page_size}.get(path)
        if first is None:
            first = int(query.get("offset", query.get("after", "0").removeprefix("c=")))
        end = min(first + self.page_size, self.records)
        rest = range(first, end)
        more = end < self.records
        if path == "/lines":
            return http("".join(json.dumps(record(n)) + "\n" for n in rest).encode(), link(path, end) if more else "")
        if path == "/link":
            return http(pretty([record(n) for n in rest]), link(path, end) if more else "")
        page = {"data": {"items": [record(n) for n in rest]}, "has_more": more}
        if path == "/url":
            page["@next"] = f"url?after={end}" if more else None
        if path == "/cursor":
            page["meta"] = {"next": f"c={end}"} if more else {}
        return http(pretty(page))


def pretty(value):
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def link(path, after):
    return f'Link: <{path}>; rel=first, <{path[1:]}?after={after}>; title="a, b"; rel="last next"\r\n'


def http(body, headers="", status="200 OK"):
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def main():
    api = FakeApi(int(sys.argv[1]), int(sys.argv[2]))
    print(api.port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
