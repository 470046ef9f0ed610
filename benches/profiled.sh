#!/usr/bin/env bash
# Builds the program laid out by what it does most (profile-guided optimization): a first one counts its ways while it
# checks, builds and asks a generated base, and the second is built by these counts. It takes two release builds, and
# the toolchain's component `llvm-tools`, which it installs. Prints where the program lies.
set -euo pipefail
cd "$(dirname "$0")/.."
host="$(rustc --print host-tuple)"
folder="$PWD/target/profiled"
counts="$folder/counts"
base="$folder/base"
program="$folder/$host/release/regesta"
rustup component add llvm-tools
rm -rf "$counts" "$base"

build() {
    CARGO_ENCODED_RUSTFLAGS="$1" \
        cargo build --locked --release --bin regesta --target "$host" --target-dir "$folder"
}

build "-Cprofile-generate=$counts"
cargo run --locked --release --example generate -- 100000 "$base" 20
for _ in 1 2; do
    "$program" --root "$base" check
    "$program" --root "$base" build --index "$base/regesta.idx"
done
ask() {
    "$program" query --index "$base/regesta.idx" "$1" >/dev/null
}
ask 'persons where name ~ "an"'
ask 'treaties where party = polity-0 and signed < 1925'
ask 'treaties show kind, count() group by kind'
"$(rustc --print target-libdir)/../bin/llvm-profdata" merge -o "$counts/merged.profdata" "$counts"
build "-Cprofile-use=$counts/merged.profdata"
echo "$program"
