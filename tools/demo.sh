#!/usr/bin/env bash
# The main job, shown: makes a gzip of a million API-gateway log lines, keeps the warnings and errors,
# enriches and batches them, and shows what came out and where every record went.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build/demo
PATH=$PWD/build:$PATH
cd build/demo

# Runs weir on a pipeline, and shows how.
shown() {
  printf "\n$ weir '%s' %s\n" "$1" "${*:2}"
  weir "$@"
}

shown 'from generate 1000000 shape=gateway seed=1 | json | to gateway.log.gz'
ls -lh gateway.log.gz | awk '{ print $5, $9 }'

shown 'from gateway.log.gz | json | where level in ("WARN","ERROR") | set host = hostname(), service = "gateway" | batch 1000 2s | to errors.ndjson' \
  --report report.json

printf '\n$ head -n 3 errors.ndjson\n'
head -n 3 errors.ndjson
printf '\nthe whole account is in build/demo/report.json, the output in build/demo/errors.ndjson\n'
