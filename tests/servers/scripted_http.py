#!/usr/bin/env python3
"""Plays a script: a JSON list on the first line of standard input, one entry for each request that is to come.
Prints its port. At the end of its input it prints what it was sent, and what was wrong with that, as JSON.

An entry: {"for": "GET /path"  the request that it answers, any if missing,
           "having": "text"    in the body of that request
           "after": N          answered only once so many requests have come, this one included
           "answer": "HTTP/1.1 200 OK\\r\\n...",
           "fill": N           that many bytes after the answer,
           "then": "keep" | "close" | "reset" | "stall"}

With each request it tells how many it had not answered when that one had come, itself included: "open"."""
import json
import sys
import threading

import strict_http

FILLING = bytes(ord("a") + i % 26 for i in range(26 * 64))
FOR_EVER = threading.Event()


def is_for(entry, request):
    line = f"{request.method} {request.target}"
    return entry.get("for", line) == line and entry.get("having", "") in request.body.decode("latin-1")


class Script:
    def __init__(self, entries):
        self.entries = entries
        self.lock = threading.Lock()
        self.another = threading.Condition(self.lock)
        self.open = 0
        self.requests = []
        self.errors = []

    def entry_for(self, request):
        with self.lock:
            self.open += 1
            self.requests.append({**request.as_json(), "open": self.open})
            self.another.notify_all()
            for entry in self.entries:
                if is_for(entry, request):
                    self.entries.remove(entry)
                    return entry
            self.errors.append(f"not in the script: {request.method} {request.target}")
            return {"answer": "HTTP/1.1 500 Not In The Script\r\nContent-Length: 0\r\n\r\n"}

    def wait_for(self, count):
        """Before the answer goes out, so that nobody can send the next request while this one counts as open."""
        with self.lock:
            self.another.wait_for(lambda: len(self.requests) >= count)
            self.open -= 1

    def answer(self, request, connection):
        entry = self.entry_for(request)
        self.wait_for(entry.get("after", 0))
        connection.sendall(entry.get("answer", "").encode("latin-1"))
        left = entry.get("fill", 0)
        while left > 0:
            piece = (FILLING * 40)[: min(left, len(FILLING) * 40)]
            connection.sendall(piece)
            left -= len(piece)
        then = entry.get("then", "keep")
        if then == "stall":
            FOR_EVER.wait()
        if then == "reset":
            strict_http.reset(connection)
        return then == "keep"


def main():
    script = Script(json.loads(sys.stdin.readline()))
    certificate = sys.argv[1] if len(sys.argv) > 1 else None
    server = strict_http.Server(script.answer, certificate, script.errors.append)
    print(server.port, flush=True)
    server.serve_in_background()
    sys.stdin.read()
    with script.lock:
        errors = script.errors + [f"never asked for: {e.get('for', 'any')}" for e in script.entries]
        print(json.dumps({"requests": script.requests, "errors": errors}), flush=True)


main()
