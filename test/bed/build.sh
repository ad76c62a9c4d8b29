#!/usr/bin/env bash
# Builds test-bed binaries from the published Go modules that <folder>/go.mod and go.sum pin, and
# prints the path of each, one a line. A binary that is in the cache is not built again. The build
# is reproducible: Go 1.26.8 on linux/amd64 gives the digests in SHA256SUMS.
#
#   build.sh BINARY…      crane  etcd  h2spec  istioctl  kube-apiserver  kube-controller-manager
#                         kube-scheduler  kube-score  kwok  otelcol  pilot-discovery  pulumi
#                         pulumi-language-nodejs  ratelimit  rollouts-controller
#
#   MANARA_CACHE          where the cache is; default ~/.cache/manara
#   MANARA_BED_PREBUILT   a folder of BINARY.zst made elsewhere from the same pins; one is taken only
#                         if its digest is the one in SHA256SUMS, otherwise it is built here
#
# Exit codes: 0 done, 1 a build failed, 2 usage, 3 no Go toolchain (a suite may skip itself then).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${MANARA_CACHE:-$HOME/.cache/manara}/bed

say() { echo "bed: $*" >&2; }

# Sets `pins` (the folder with go.mod) and `package` of a binary, and what its build differs in.
describe() {
  cgo=0 flags=(-trimpath -ldflags "$kube_ldflags") strip=
  case $1 in
    etcd) pins=kube package=go.etcd.io/etcd/server/v3 ;;
    kube-apiserver) pins=kube package=k8s.io/kubernetes/cmd/kube-apiserver ;;
    kube-controller-manager) pins=kube package=k8s.io/kubernetes/cmd/kube-controller-manager ;;
    kube-scheduler) pins=kube package=k8s.io/kubernetes/cmd/kube-scheduler ;;
    kwok) pins=kube package=sigs.k8s.io/kwok/cmd/kwok ;;
    rollouts-controller) pins=kube package=github.com/argoproj/argo-rollouts/cmd/rollouts-controller ;;
    istioctl) pins=istio package=istio.io/istio/istioctl/cmd/istioctl ;;
    pilot-discovery) pins=istio package=istio.io/istio/pilot/cmd/pilot-discovery ;;
    crane) pins=crane package=github.com/google/go-containerregistry/cmd/crane ;;
    otelcol) pins=collector package=. ;;
    h2spec) pins=h2spec package=github.com/summerwind/h2spec/cmd/h2spec ;;
    ratelimit) pins=ratelimit package=github.com/envoyproxy/ratelimit/src/service_cmd ;;
    kube-score) pins=kube-score package=github.com/zegl/kube-score/cmd/kube-score ;;
    pulumi)
      # Its digest holds only with the same C compiler and folder of the module cache.
      pins=pulumi package=github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
      cgo=1 flags=() strip=strip
      ;;
    pulumi-language-nodejs)
      # Pinned apart: later versions of the host are not published as a module.
      pins=langhost package=github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs
      cgo=1 flags=(-trimpath -ldflags '-s -w')
      ;;
    *)
      say "unknown binary \"$1\"; see the top of build.sh"
      exit 2
      ;;
  esac
}

# The API server derives its feature gates from its version and refuses to start without one. Others
# ignore the stamp, but their digests were taken with it.
version=$(awk '$1 == "k8s.io/kubernetes" { print $2 }' "$here/kube/go.mod")
stamp=k8s.io/component-base/version
kube_ldflags="-s -w -X $stamp.gitVersion=$version -X $stamp.gitMajor=1"
kube_ldflags+=" -X $stamp.gitMinor=$(cut -d. -f2 <<<"$version")"

pinned_digest() { awk -v name="$1" '$2 == name { print $1 }' "$here/SHA256SUMS"; }
digest() { sha256sum "$1" | cut -d' ' -f1; }

# Unpacks a prebuilt binary to $2; false where there is none or it is not the one that was pinned.
take_prebuilt() {
  local name=$1 to=$2 packed=${MANARA_BED_PREBUILT:-}/$1.zst expected
  [[ -n ${MANARA_BED_PREBUILT:-} && -f $packed ]] || return 1
  expected=$(pinned_digest "$name")
  if [[ -z $expected ]]; then
    say "$name: SHA256SUMS names no digest, so the prebuilt one is not taken"
    return 1
  fi
  if ! command -v zstd >/dev/null; then
    say "$name: zstd is not installed, so the prebuilt one cannot be unpacked"
    return 1
  fi
  zstd --quiet --decompress --force "$packed" -o "$to" || return 1
  if [[ $(digest "$to") != "$expected" ]]; then
    say "$name: the prebuilt one in $MANARA_BED_PREBUILT has another digest than SHA256SUMS says; building"
    return 1
  fi
  say "$name: prebuilt, digest as pinned"
}

build() {
  local name=$1 to=$2 started=$SECONDS
  if ! command -v go >/dev/null; then
    say "skip: no Go toolchain on the PATH to build $name with"
    exit 3
  fi
  say "$name: building $package from source with $(go env GOVERSION); minutes the first time"
  # Without a C compiler the same program is built, with another digest.
  command -v gcc >/dev/null || cgo=0
  (cd "$here/$pins" && GOFLAGS='' CGO_ENABLED=$cgo go build -mod=readonly -buildvcs=false \
    "${flags[@]}" -o "$to" "$package") >&2
  if [[ -n $strip ]] && command -v "$strip" >/dev/null; then "$strip" "$to"; fi
  local verdict='digest as pinned'
  [[ $(digest "$to") == "$(pinned_digest "$name")" ]] ||
    verdict='another digest than SHA256SUMS says, as with another Go or system'
  say "$name: built in $((SECONDS - started)) s, $verdict"
}

[[ $# -gt 0 ]] || { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

for name in "$@"; do
  describe "$name"
  # Pins, and a program of our own where there is one.
  folder=$cache/$pins-$(find "$here/$pins" -name 'go.*' -o -name '*.go' | sort | xargs cat | sha256sum | cut -c1-16)
  if [[ ! -x $folder/$name ]]; then
    mkdir -p "$folder"
    # In place only when whole, so that an interrupted or concurrent run leaves nothing half-written.
    partial=$folder/$name.$$
    trap 'rm -f "$partial"' EXIT
    take_prebuilt "$name" "$partial" || build "$name" "$partial"
    chmod +x "$partial"
    mv "$partial" "$folder/$name"
  fi
  echo "$folder/$name"
done
