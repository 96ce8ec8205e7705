#!/usr/bin/env bash
# Two programs share one NIC, and neither loses a packet while a third comes and goes. Sets everything up, shows the
# whole run, and ends with "demo: PASS: ..." (exit 0) or "demo: FAIL: ..." (exit 1).
#
#   ./demo.sh [options]
#
#   --vm            run in a throw-away VM even if this machine's kernel will do
#   --native        run on this machine's kernel, whatever it will do; needs root
#   --kernel NAME   kernel of the VM, from eng/kernels.txt (default 6.1)
#   --mode MODE     XDP mode, native (default) or skb
#   --times N       how often a program joins and leaves under traffic, two swaps each (default 100)
#
# It works in network namespaces and on a BPF file system of its own; nothing else on the machine is touched.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/eng/lib/common.sh"
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/dotnet.sh"

# One stream, so that the order of lines is right in a log.
[[ ! -t 1 || -n ${NO_COLOR:-} ]] || export XDP_DEMO_COLOR=1
exec 2>&1

start=$(clock)
place='' kernel=6.1 mode=native times=100
while (($#)); do
  case $1 in
    --vm) place=vm; shift ;;
    --native) place=native; shift ;;
    --kernel) kernel=${2:?--kernel needs a name}; place=${place:-vm}; shift 2 ;;
    --mode) mode=${2:?--mode needs native or skb}; shift 2 ;;
    --times) times=${2:?--times needs a number}; shift 2 ;;
    -h|--help) usage_of "$0"; exit 0 ;;
    *) die "unknown option '$1'." "See ./demo.sh --help." ;;
  esac
done
[[ $mode == native || $mode == skb ]] || die "--mode is native or skb."
[[ $times =~ ^[1-9][0-9]*$ ]] || die "--times is a number from 1."

verdict='' stage='getting ready' background=''
finish() {
  local code=$?
  [[ -z $background ]] || kill "$background" 2>/dev/null || true
  rm -rf "$log"
  if ((code != 0)) && [[ -z $verdict ]]; then printf 'demo: FAIL: %s\n' "$stage"; fi
}
log=$(mktemp "${TMPDIR:-/tmp}/xdp-dispatch-demo.XXXXXX")
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# newest FILE FOLDER...: whether FILE is newer than all sources.
newest() { [[ -e $1 && -z $(find "${@:2}" \( -name bin -o -name obj \) -prune -o -newer "$1" -print -quit) ]]; }

publish_sample() {
  local folder="$REPO/artifacts/publish-sample"
  dotnet publish "$REPO/samples/Dispatcher.Samples.Traffic" -c Release -r linux-x64 --self-contained -o "$folder" -v quiet --nologo
  mv "$folder/xdp-traffic" "$REPO/artifacts/xdp-traffic"
  rm -rf "$folder"
}

build() {
  local sources=("$REPO"/{src,templates,global.json,Directory.Build.props,Directory.Packages.props}) begin
  begin=$(clock)
  need_dotnet
  mkdir -p "$REPO/artifacts"
  quietly "$REPO/eng/build-bpf" "$REPO/artifacts/bpf" || die "the component programs in bpf/ do not compile (see above)."
  if newest "$REPO/artifacts/xdp-dispatch" "${sources[@]}" &&
    newest "$REPO/artifacts/xdp-traffic" "${sources[@]}" "$REPO/samples"; then
    note "everything is built already"
    return
  fi
  note "building the tool, the sample and the component programs"
  "$REPO/eng/publish" "$REPO/artifacts" >/dev/null
  quietly publish_sample || die "the sample does not publish (see above)."
  note "built in $(seconds_since "$begin") s"
}

step "Getting ready"
if [[ -z $place ]]; then
  need_packages gcc libc6-dev
  if reason=$("$REPO/eng/ext-check" 2>&1); then place=native; else place=vm; fi
  note "this machine's kernel, $(uname -r): ${reason%%$'\n'*}"
fi
packages=(clang libbpf-dev libbpf1 bpftool iproute2 iputils-ping procps socat)
[[ $place == native ]] || packages+=("${PACKAGES_VM[@]}")
need_packages "${packages[@]}"
if [[ $place == vm ]]; then
  note "the demo runs in a throw-away VM with Linux $kernel"
  "$REPO/eng/vm.sh" --kernel "$kernel" --prepare >"$log" 2>&1 &
  background=$!
fi
stage='building'
build
if [[ -n $background ]]; then
  stage='fetching a kernel for the VM'
  wait "$background" || { cat "$log"; exit 1; }
  background=''
fi

stage='starting the demo'
run=("$REPO/eng/demo/run" "$REPO/artifacts" "$mode" "$times")
[[ $place == native ]] || run=("$REPO/eng/vm.sh" --kernel "$kernel" --timeout 900 -- "${run[@]}")
code=1
while IFS= read -r line; do
  case $line in
    'demo: exit '*) code=${line##* } ;;
    'demo: '*) verdict=${verdict:-$line} ;;
    *) printf '%s\n' "$line" ;;
  esac
done < <("${run[@]}" 2>&1 </dev/null; echo "demo: exit $?")

[[ -n $verdict && ($code == 0 || $verdict == 'demo: FAIL:'*) ]] || verdict="demo: FAIL: the run ended with code $code"
note "$(seconds_since "$start") s in all"
printf '%s\n' "$verdict"
[[ $verdict == 'demo: PASS:'* ]]
