#!/usr/bin/env bash
# Runs the shell commands of docs/formats/message-log.md as they stand there; then with another sender in the leaf, where they must fail.
set -euo pipefail
page=$(cd "$(dirname "$0")/../../.." && pwd)/docs/formats/message-log.md
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
sed -n '/^```sh$/,/^```$/p' "$page" | sed '/^```/d' >commands
[ -s commands ] || { echo "no commands in $page"; exit 1; }
bash -e commands
sed '0,/"sender":"housing/s//"sender":"xousing/' commands >changed
! cmp -s commands changed || { echo "nothing was changed"; exit 1; }
if bash -e changed >/dev/null 2>&1; then echo "a changed leaf was found good"; exit 1; fi
echo "the page's commands find its receipt good, and a changed one bad"
