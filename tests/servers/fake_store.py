"""What the strict fakes of object stores share: objects, faults that are scripted, and what a fault may do."""
import email.utils
import threading
import urllib.parse

import strict_http


class Fault:
    """What happens to the requests that `matches(method, key, request)` picks, the first `times` of them."""

    def __init__(self, matches, effect, times=1):
        self.matches = matches
        self.effect = effect
        self.left = times


class FakeStore:
    """A subclass has `address_of(request)` (bucket and key), `refusal(request)` (what `send_error` is to send, or
    None), `send_error(connection, status, code, ...)` and `act(connection, key, query, request)`."""

    def __init__(self, bucket="logs"):
        self.bucket = bucket
        self.objects = {}
        self.faults = []
        self.requests = []
        self.errors = []
        self.lock = threading.Lock()
        self.server = strict_http.Server(self.answer, on_error=self.errors.append)
        self.server.serve_in_background()

    def put(self, key, body):
        with self.lock:
            self.objects[key] = body

    def fault(self, matches, effect, times=1):
        self.faults.append(Fault(matches, effect, times))

    def answer(self, request, connection):
        bucket, key = self.address_of(request)
        with self.lock:
            self.requests.append((request.method, key, request.target.partition("?")[2], dict(request.headers)))
        refusal = self.refusal(request)
        if refusal:
            return self.send_error(connection, *refusal)
        if bucket != self.bucket:
            return self.send_error(connection, 404, "NoSuchBucket")
        for fault in self.faults:
            if fault.left > 0 and fault.matches(request.method, key, request):
                fault.left -= 1
                return fault.effect(self, connection, key, request)
        return self.do(connection, key, request)

    def do(self, connection, key, request):
        """What is asked, without a fault."""
        return self.act(connection, key, query_of(request), request)

    def date(self):
        return email.utils.formatdate(usegmt=True)

    def send(self, connection, status, body, headers=None):
        head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", f"Date: {self.date()}"]
        head += [f"{name}: {value}" for name, value in (headers or {}).items()]
        connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode() + body)
        return True

    def send_head(self, connection, status, length, headers):
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {length}", *(f"{n}: {v}" for n, v in headers.items())]
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        return True


def query_of(request):
    return dict(urllib.parse.parse_qsl(request.target.partition("?")[2], keep_blank_values=True))


# ---- What a fault does ----

def error(status, code, headers=None, more=""):
    return lambda store, connection, key, request: store.send_error(connection, status, code, more, headers)


class Unheard:
    """Stands in for a connection whose client hears nothing."""

    def sendall(self, content):
        pass


def lose_answer(store, connection, key, request):
    """Does what is asked and breaks the connection off."""
    store.do(Unheard(), key, request)
    strict_http.reset(connection)
    return False


def kill_before(process):
    def effect(store, connection, key, request):
        process().kill()
        process().wait()
        return False
    return effect


def kill_after(process):
    def effect(store, connection, key, request):
        store.do(Unheard(), key, request)
        process().kill()
        process().wait()
        return False
    return effect
