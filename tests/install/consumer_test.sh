#!/bin/bash
# consumer_test.sh BUILD: installs BUILD into a fresh folder, builds tests/install/consumer against it and runs it.
set -euo pipefail
build=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$CMAKE_COMMAND" --install "$build" --prefix "$folder/usr" >"$folder/install.log"
cp -r "$here/consumer" "$folder/consumer"
"$CMAKE_COMMAND" -S "$folder/consumer" -B "$folder/build" -G Ninja -DCMAKE_BUILD_TYPE=Debug \
  -DCMAKE_PREFIX_PATH="$folder/usr" >"$folder/configure.log" || { cat "$folder/configure.log"; exit 1; }
"$CMAKE_COMMAND" --build "$folder/build"
"$folder/build/consumer"

cd "$folder/usr"
for file in bin/dvinis share/man/man1/dvinis.1 share/bash-completion/completions/dvinis share/doc/dvinis/LICENSE; do
  [ -s "$file" ] || { echo "not installed: $file"; exit 1; }
done
# The command must run from where it was put, with nothing of the build folder left in it.
bin/dvinis --version
if readelf -d bin/dvinis | grep -E 'RPATH|RUNPATH'; then echo "a run path was left in bin/dvinis"; exit 1; fi
if grep -rl --include='*.cmake' -F "$build" lib*; then echo "the package names the build folder"; exit 1; fi

# Every command that the help knows stands in the man page and in the completion.
for command in $(bin/dvinis --help | sed -n '/^Subcommands:/,/^[A-Z][A-Z]/{s/^  \([a-z]*\) .*/\1/p}'); do
  grep -q -E "^\.(B|BI) $command" share/man/man1/dvinis.1 || { echo "man page without '$command'"; exit 1; }
  grep -q -w "$command" share/bash-completion/completions/dvinis || { echo "completion without '$command'"; exit 1; }
done
