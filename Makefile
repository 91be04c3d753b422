# The commands of a checkout. Each one first installs what it needs (Debian 12, as root or through sudo).
.PHONY: build run test torture bench deps install format clean

build: deps
	cmake --preset release
	cmake --build --preset release --target weir_command

run: build
	tools/demo.sh

test: deps
	tools/install-test-servers.sh
	cmake --preset release
	cmake --build --preset release
	ctest --preset release -j 2

# How often each named pair and each other one is killed.
TORTURE ?= 1000 10
torture: build
	tools/install-dependencies.sh test
	tools/install-test-servers.sh
	python3 tests/servers/with_postgres.py python3 tests/fault/random_kills.py build/weir --torture $(TORTURE)

bench: build
	cmake --build --preset release --target bench
	bench/run.py $(BENCH)

deps:
	tools/install-dependencies.sh build test

install: build
	cmake --install build

format:
	git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

clean:
	rm -rf build build-*
