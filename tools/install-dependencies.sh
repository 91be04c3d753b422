#!/usr/bin/env bash
# Installs what building, testing or checking weir needs on Debian 12, as root or through sudo.
# Quiet and without network access when everything is there already.
#   tools/install-dependencies.sh [build] [test] [clang]
set -euo pipefail

build=(g++ cmake ninja-build make pkg-config ccache git
  libsimdjson-dev libisal-dev libre2-dev libzstd-dev liblz4-dev liblzma-dev libbz2-dev zlib1g-dev
  libyaml-cpp-dev libcli11-dev libfmt-dev libxxhash-dev libssl-dev
  libcurl4-openssl-dev libexpat1-dev libsqlite3-dev libpq-dev)
test=(libgtest-dev libgmock-dev librapidcheck-dev nlohmann-json3-dev
  python3 python3-venv openssl nginx strace e2fsprogs sqlite3 postgresql-15 zstd lz4 xz-utils bzip2 gzip pigz jq)
clang=(clang-19 libclang-rt-19-dev)

wanted=()
for group in "${@:-build}"; do
  case $group in
    build) wanted+=("${build[@]}") ;;
    test) wanted+=("${test[@]}") ;;
    clang) wanted+=("${clang[@]}") ;;
    *) echo "unknown group '$group': build, test and clang are known" >&2; exit 2 ;;
  esac
done

present=$(dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | awk '$1 == "ii" { print $2 }')
missing=()
for package in "${wanted[@]}"; do
  grep -qxF "$package" <<<"$present" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "needs root or sudo to install: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
