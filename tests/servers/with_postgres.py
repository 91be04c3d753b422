#!/usr/bin/env python3
"""Runs a command with a PostgreSQL server of its own, which is gone afterwards.

    with_postgres.py COMMAND...

The command finds in its environment:
    WEIR_PG           the server's URL, over TCP
    WEIR_PG_RESTART   a shell command that crashes the server and starts it again
    WEIR_PG_CRASH     one that crashes it
    WEIR_PG_START     one that starts it again
    WEIR_PG_CUT_LATE  the URL of a proxy that cuts the connection behind every other COMMIT after a COPY, beginning
                      with the first: it arrives, its reply does not
    WEIR_PG_CUT_EARLY the same, in front of those COMMITs
Skips (77) where PostgreSQL 15 is not installed, in CI fails."""
import os
import pathlib
import pwd
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

PROGRAMS = pathlib.Path("/usr/lib/postgresql/15/bin")
SKIPPED = 77


def as_owner(command):
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", owner(), "--", *command] if os.geteuid() == 0 else list(command)


def owner():
    names = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, directory):
        self.data = directory / "data"
        self.port = free_port()
        self.url = f"postgres://weir:secret@127.0.0.1:{self.port}/postgres"
        options = (f"-p {self.port} -k {directory} -c listen_addresses=127.0.0.1 -c fsync=on "
                   "-c deadlock_timeout=50ms -c max_prepared_transactions=4")
        self.start = as_owner([PROGRAMS / "pg_ctl", "-D", self.data, "-l", directory / "log", "-o", options,
                               "-w", "start"])
        self.crash = as_owner([PROGRAMS / "pg_ctl", "-D", self.data, "-m", "immediate", "stop"])
        self.make(directory)

    def make(self, directory):
        password = directory / "password"
        password.write_text("secret")
        password.chmod(0o644)
        if os.geteuid() == 0:
            shutil.chown(directory, owner())
        run(as_owner([PROGRAMS / "initdb", "-D", self.data, "-U", "weir", "-A", "scram-sha-256",
                      "--pwfile", password, "-E", "UTF8", "--locale", "C", "--no-sync"]))
        run(self.start)

    def commands(self):
        crash, start = (f"{line(of)} >/dev/null 2>&1" for of in (self.crash, self.start))
        return {"WEIR_PG_CRASH": crash, "WEIR_PG_START": start, "WEIR_PG_RESTART": f"{crash} && {start}"}


def run(command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


def line(command):
    return " ".join(shlex.quote(str(word)) for word in command)


class CuttingProxy:
    """Hands everything on, but for every other COMMIT after a COPY."""

    COMMIT = b"Q\x00\x00\x00\x0bcommit\x00"

    def __init__(self, server_port, late):
        self.server_port = server_port
        self.late = late
        self.armed = True
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.server_port))
            threading.Thread(target=self.up, args=(client, server), daemon=True).start()
            threading.Thread(target=self.down, args=(client, server), daemon=True).start()

    def up(self, client, server):
        copied = False
        while data := received(client):
            copied = copied or b"copy " in data
            if copied and self.COMMIT in data:
                self.armed, cuts = not self.armed, self.armed
                if cuts:
                    close(client)
                if cuts and not self.late:
                    break
            server.sendall(data)
        if not self.late:
            close(server)

    @staticmethod
    def down(client, server):
        while data := received(server):
            try:
                client.sendall(data)
            except OSError:
                pass
        close(client)


def received(connection):
    try:
        return connection.recv(65536)
    except OSError:
        return b""


def close(connection):
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def main():
    if not (PROGRAMS / "initdb").exists():
        in_ci = bool(os.environ.get("CI"))
        print(f"PostgreSQL 15 is not installed{'' if in_ci else ': skipped'}", file=sys.stderr)
        return 1 if in_ci else SKIPPED
    directory = pathlib.Path(tempfile.mkdtemp(prefix="weir-postgres-"))
    server = None
    try:
        server = Server(directory)
        late, early = CuttingProxy(server.port, late=True), CuttingProxy(server.port, late=False)
        environment = os.environ | server.commands() | {
            "WEIR_PG": server.url,
            "WEIR_PG_CUT_LATE": server.url.replace(str(server.port), str(late.port)),
            "WEIR_PG_CUT_EARLY": server.url.replace(str(server.port), str(early.port)),
        }
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
    finally:
        if server is not None:
            subprocess.run(server.crash, stdout=subprocess.DEVNULL, cwd="/", check=False)
        shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
