#!/usr/bin/env bash
# Installs the servers that tests talk to and Debian does not have, into a cache outside the checkout:
# $WEIR_TEST_SERVERS, or ~/.cache/weir-test-servers. Quiet and without network access when all is there. What
# cannot be installed is said; the tests that need it then skip, or fail where CI is set.
set -uo pipefail

cache=${WEIR_TEST_SERVERS:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-test-servers}
mkdir -p "$cache/bin"

# go_server NAME MODULE@VERSION [PROGRAM]: PROGRAM is what Go calls it, if that is not NAME
go_server() {
  [ -x "$cache/bin/$1" ] && return
  command -v go >/dev/null || { echo "no go: tests that need $1 cannot run" >&2; return; }
  echo "installing $1" >&2
  { GOBIN="$cache/go" GOFLAGS=-buildvcs=false go install "$2" \
      && mv "$cache/go/${3:-$1}" "$cache/bin/$1"; } >"$cache/$1.log" 2>&1 \
    || echo "cannot install $1: see $cache/$1.log" >&2
}

# npm_server PACKAGE VERSION
npm_server() {
  [ -d "$cache/node_modules/$1" ] && return
  command -v npm >/dev/null || { echo "no npm: tests that need $1 cannot run" >&2; return; }
  echo "installing $1" >&2
  npm install --prefix "$cache" --no-audit --no-fund --silent "$1@$2" >"$cache/$1.log" 2>&1 \
    || echo "cannot install $1: see $cache/$1.log" >&2
}

# pip_server PROGRAM PACKAGE==VERSION
pip_server() {
  [ -x "$cache/venv/bin/$1" ] && return
  command -v python3 >/dev/null || { echo "no python3: tests that need $1 cannot run" >&2; return; }
  echo "installing $1" >&2
  { [ -x "$cache/venv/bin/pip" ] || python3 -m venv "$cache/venv"; } >"$cache/$1.log" 2>&1 \
    && "$cache/venv/bin/pip" install --quiet --disable-pip-version-check "$2" >>"$cache/$1.log" 2>&1 \
    || echo "cannot install $1: see $cache/$1.log" >&2
}

go_server versitygw github.com/versity/versitygw/cmd/versitygw@v1.8.0
go_server fake-gcs-server github.com/fsouza/fake-gcs-server@v1.56.1
go_server toxiproxy github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0 server
npm_server azurite 3.35.0
pip_server moto_server 'moto[server]==5.1.15'
exit 0
