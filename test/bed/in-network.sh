#!/usr/bin/env bash
# Runs a command in a network of its own, in which every address of a pod (10.244.0.0/16) and of a
# Service (10.96.0.0/16) is this machine's: each simulated pod has its own address, on which a real
# process listens. Nothing outside can be reached from there, and nothing of it from outside.
#
#   in-network.sh COMMAND…
#
# Exit codes: the command's; 3 where this machine cannot make such a network, with "skip: why".
set -euo pipefail

pods=10.244.0.0/16 services=10.96.0.0/16

skip() {
  echo "skip: no network of its own for the test bed: $1" >&2
  exit 3
}

if [[ ${1:-} == --inside ]]; then
  shift
  ip link set lo up
  for range in "$pods" "$services"; do ip route add local "$range" dev lo; done
  exec "$@"
fi

[[ $# -gt 0 ]] || { echo "usage: in-network.sh COMMAND…" >&2; exit 2; }
command -v ip >/dev/null || skip 'no "ip" on the PATH (Debian: iproute2)'
command -v unshare >/dev/null || skip 'no "unshare" on the PATH (Debian: util-linux)'
trial=(unshare --net -- bash "${BASH_SOURCE[0]}" --inside true)
refusal=$("${trial[@]}" 2>&1) || skip "$(head -n 1 <<<"$refusal")"
exec unshare --net -- bash "${BASH_SOURCE[0]}" --inside "$@"
