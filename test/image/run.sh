#!/usr/bin/env bash
# Builds the server's image with buildah and runs it with runc, as test/image/image.test.ts says.
# Debian as root: missing tools are installed with apt-get. Anywhere else the suite is skipped, and
# says why. Expects a compiled checkout. The last line holds the counts.
set -euo pipefail
cd "$(dirname "$0")/../.."

skip() {
  echo "image: SKIPPED, nothing of the image was tested: $1" >&2
  echo "image: 0 passed, 0 failed, 1 skipped"
  exit 0
}

find_missing() {
  missing=()
  local tool
  for tool in buildah runc debootstrap; do
    command -v "$tool" >/dev/null || missing+=("$tool")
  done
}

install_missing() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update && apt-get install -y --no-install-recommends "${missing[@]}"
}

system=$(. /etc/os-release 2>/dev/null && echo "$ID" || uname -s)
[ "$system" = debian ] || skip "the base image needs Debian's debootstrap and mirror; this is $system"
[ "$(id -u)" = 0 ] || skip "building a root file system with debootstrap needs root"
find_missing
if [ "${#missing[@]}" != 0 ]; then
  echo "image: installing ${missing[*]}"
  log=$(mktemp)
  install_missing >"$log" 2>&1 || { tail -n 5 "$log" >&2; skip "apt-get could not install ${missing[*]}"; }
  rm -f "$log"
fi

counts=$(mktemp)
status=0
MANARA_TEST_COUNTS=$counts node node_modules/mocha/bin/mocha.js --no-config --node-option enable-source-maps \
  --require @manara/test/no-telemetry.mjs --reporter test/reporter.mjs 'test/image/*.test.mjs' 'test/build/image/*.test.js' || status=$?
node -e '
  const lines = require("node:fs").readFileSync(process.argv[1], "utf8").split("\n").filter(Boolean);
  if (lines.length !== 1) throw new Error("the suite ended without counting");
  const { passed, failed, skipped } = JSON.parse(lines[0]);
  console.log(`image: ${passed} passed, ${failed} failed, ${skipped} skipped`);
' "$counts"
rm -f "$counts"
exit "$status"
