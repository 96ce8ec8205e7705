#!/usr/bin/env bash
# Prepares everything, times us and libxdp in turn, and prints the table: what, ours, each peer with the ratio, limit.
#
#   ./bench.sh [options]
#
#   --only SECTION   packet, change, command, many, writers, reading, memory or generation; may be repeated;
#                    default: all
#   --quick          few rounds: shows that it works; the figures are rough
#   --json FILE      the same as JSON (bench/README.md has the shape)
#   --compare FILE   whether the medians of an earlier run (its JSON) lie within the spread of this one
#   --svg FILE       a plot of what grows with the chain
#   --write-docs     the table into docs/performance.md, and the plot beside it
#   --kernel NAME    kernel of the VM, from eng/kernels.txt (default 6.12)
#   --no-build       use what is built
#
# Ours, the peers and the limit take turns, each round begins with another one, and a ratio is that of a round: the
# median, with the lowest and the highest. What needs EXT programs runs in one VM, whose only processor runs an instruction a nanosecond
# (eng/vm.sh --clock instructions), so that its times are those of the work and not of the emulation.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/eng/lib/common.sh"
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/dotnet.sh"

only=() quick=usual json='' earlier='' svg='' document='' kernel=6.12 build=1
while (($#)); do
  case $1 in
    --only) only+=("${2:?--only needs a section}"); shift 2 ;;
    --quick) quick=quick; shift ;;
    --json) json=${2:?--json needs a file}; shift 2 ;;
    --compare) earlier=${2:?--compare needs a file}; shift 2 ;;
    --svg) svg=${2:?--svg needs a file}; shift 2 ;;
    --write-docs) document="$REPO/docs/performance.md" svg="$REPO/docs/performance.svg"; shift ;;
    --kernel) kernel=${2:?--kernel needs a name}; shift 2 ;;
    --no-build) build=''; shift ;;
    -h|--help) usage_of "$0"; exit 0 ;;
    *) die "unknown option '$1'." "See ./bench.sh --help." ;;
  esac
done

[[ -z $earlier || -r $earlier ]] || die "there is no file '$earlier' to compare with." "An earlier run writes one: ./bench.sh --json FILE."

start=$(clock)
need_packages "${PACKAGES_BUILD[@]}" "${PACKAGES_TOOLS[@]}"
need_dotnet
if [[ -n $build ]]; then
  step "building"
  quietly "$REPO/eng/publish" || die "the command line tool does not publish (see above)."
  quietly "$REPO/eng/build-driver" || die "the actor of libxdp does not compile (see above)."
  quietly "$REPO/bench/build" || die "the benchmarks do not build (see above)."
fi
results="$REPO/artifacts/bench/results"
rm -rf "$results"
mkdir -p "$results"
"$REPO/eng/peers" 1.3 1.6 >"$results/peers" || die "the releases of libxdp cannot be had (see above)."

harness="$REPO/artifacts/bench/harness/Dispatcher.Benchmarks"
sections=$("$harness" names)
((${#only[@]})) || mapfile -t only < <(awk '!seen[$1]++ { print $1 }' <<<"$sections")
for name in "${only[@]}"; do
  grep -q "^$name " <<<"$sections" || die "no section '$name'." "Known: $(awk '!seen[$1]++ { print $1 }' <<<"$sections" | paste -sd' ')"
done
commit=$(git -c safe.directory='*' -C "$REPO" describe --always --dirty 2>/dev/null || echo unknown)
# needed PLACE: whether a chosen section runs there.
needed() { local name; for name in "${only[@]}"; do grep -qx "$name $1" <<<"$sections" && return 0; done; return 1; }
measure=("$REPO/artifacts" "$commit" "$quick" "$results/peers")

parts=() failed=''
if needed Host; then
  step "measuring on this machine ($(uname -r))"
  "$harness" measure Host "${measure[@]}" "$results/host.json" "${only[@]}" || failed="the benchmarks failed here (see above)."
  [[ ! -e $results/host.json ]] || parts+=("$results/host.json")
fi
if needed Vm; then
  step "measuring in a VM (kernel $kernel)"
  "$REPO/eng/vm.sh" --kernel "$kernel" --memory 4096 --clock instructions --timeout "${XDP_VM_TIMEOUT:-9000}" --share "$results" \
    -- "$REPO/bench/in-memory" "$harness" measure Vm "${measure[@]}" "$results/vm.json" "${only[@]}" || failed="the benchmarks failed in the VM (see above)."
  [[ ! -e $results/vm.json ]] || parts+=("$results/vm.json")
fi
# A section that failed does not take those before it along; the documents get whole runs only.
[[ -z $failed ]] || svg='' document=''
((!${#parts[@]})) || "$harness" report "$earlier" "$json" "$svg" "$document" "${parts[@]}"
[[ -z $failed ]] || die "$failed" "What was measured until then is above."
printf 'measured %s in %s s\n' "${only[*]}" "$(seconds_since "$start")"
