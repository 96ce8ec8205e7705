#!/usr/bin/env bash
# Two programs share one NIC: sets everything up, then runs demo/run.sh here or, when this machine's kernel refuses
# EXT programs, in a throw-away VM.
#
#   ./demo.sh [--vm | --native] [--kernel NAME]
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/eng/lib/common.sh"
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/dotnet.sh"

place='' kernel=6.1
while (($#)); do
  case $1 in
    --vm) place=vm; shift ;;
    --native) place=native; shift ;;
    --kernel) kernel=${2:?--kernel needs a name}; place=${place:-vm}; shift 2 ;;
    -h|--help) usage_of "$0"; exit 0 ;;
    *) die "unknown option '$1'." "See ./demo.sh --help." ;;
  esac
done

need_packages "${PACKAGES_BUILD[@]}" "${PACKAGES_TOOLS[@]}"
step "building the command line tool"
"$REPO/eng/publish" >/dev/null
if [[ -z $place ]]; then
  if "$REPO/eng/ext-check" >/dev/null; then place=native; else place=vm; fi
fi
if [[ $place == native ]]; then
  step "running on this machine's kernel ($(uname -r))"
  exec "$REPO/demo/run.sh"
fi
step "this kernel does not take EXT programs: running in a VM with kernel $kernel"
exec "$REPO/eng/vm.sh" --kernel "$kernel" -- "$REPO/demo/run.sh"
