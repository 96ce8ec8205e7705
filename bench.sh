#!/usr/bin/env bash
# Sets everything up and times us and the peer in turn. So far: generation of dispatcher objects, beside clang.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/eng/lib/common.sh"
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/dotnet.sh"

need_packages clang libbpf-dev linux-libc-dev
need_dotnet
step "building"
quietly dotnet build "$REPO/bench/Dispatcher.Benchmarks" -c Release -v quiet --nologo
quietly "$REPO/eng/publish"
step "timing"
"$REPO/bench/Dispatcher.Benchmarks/bin/Release/net10.0/Dispatcher.Benchmarks" "$REPO/artifacts/xdp-dispatch"
