#!/usr/bin/env bash
# Runs a command in a throw-away VM: another kernel, this machine's files (read-only), root.
#
#   eng/vm.sh [options] -- COMMAND [ARGUMENT...]
#
#   --kernel NAME      a name from eng/kernels.txt (default 6.1)
#   --memory MB        default 1536
#   --cpus N           default: this machine's, at most 4
#   --clock CLOCK      real (default); instructions: one a nanosecond, and waiting takes no real time, so that times are those
#                      of the work and the same each time; one processor
#   --timeout SECONDS  the VM is killed after this (default 600); exit code 124
#   --share FOLDER     FOLDER is writable in the VM, at the same path (may be repeated)
#   --env NAME         pass this variable too (HOME, CI, DOTNET_*, XDG_*, XDP_* and the like always are)
#   --console FILE     keep the kernel's console output
#   --prepare          only download and build what a run needs
#   --list             the names of the kernels
#
# stdout, stderr and the exit code are the command's. In the VM /tmp and /run are empty and writable, bpffs is on
# /sys/fs/bpf, lo is up, modprobe works, the working folder is the same. 125: the VM did not finish.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/archive.sh"
. "$REPO/eng/lib/kernel.sh"

kernel=6.1 memory=1536 cpus=$(nproc) timeout=600 console='' prepare='' clock=real
((cpus <= 4)) || cpus=4
shares=() variables=()
while (($#)); do
  case $1 in
    --kernel) kernel=$2; shift 2 ;;
    --memory) memory=$2; shift 2 ;;
    --cpus) cpus=$2; shift 2 ;;
    --clock) clock=$2; shift 2 ;;
    --timeout) timeout=$2; shift 2 ;;
    --share) mkdir -p "$2"; shares+=("rw:$(realpath "$2")"); shift 2 ;;
    --env) variables+=("$2"); shift 2 ;;
    --console) console=$2; shift 2 ;;
    --prepare) prepare=1; shift ;;
    --list) kernel_names; exit 0 ;;
    -h|--help) usage_of "$0"; exit 0 ;;
    --) shift; break ;;
    -*) die "unknown option '$1'." "See eng/vm.sh --help." ;;
    *) break ;;
  esac
done
[[ -n $prepare ]] || (($#)) || die "no command." "eng/vm.sh [options] -- COMMAND [ARGUMENT...]"

case $clock in
  real) pace=(-accel 'tcg,thread=multi') ;;
  instructions) pace=(-accel 'tcg,thread=single' -icount 'shift=0,sleep=off') cpus=1 ;;
  *) die "no clock '$clock'." "Known: real, instructions." ;;
esac

need_packages "${PACKAGES_VM[@]}"
folder=$(kernel_folder "$kernel")
[[ -z $prepare ]] || exit 0

# What the VM's own tmpfs would hide is shared on its own.
for path in "$REPO" "$CACHE" "$PWD"; do
  case $path/ in /tmp/*|/run/*) shares=("ro:$path" ${shares[@]+"${shares[@]}"}) ;; esac
done

# Virtual processors that wait for real ones make each other wait (spinning in the guest), so VMs take turns when
# there are not processors enough. The time limit starts after this.
if [[ -z ${XDP_VM_NO_QUEUE:-} ]]; then
  exec {slot}>"$CACHE/vm.slot.$((RANDOM % (($(nproc) + 1) / 2)))"
  flock -n "$slot" || { note "waiting for another VM to end (XDP_VM_NO_QUEUE=1 does not wait)"; flock "$slot"; }
fi

run=$(mktemp -d "${TMPDIR:-/tmp}/xdp-dispatch-vm.XXXXXX")
reader_out='' reader_err='' machine=''
# shellcheck disable=SC2317 # reached through the trap
finish() {
  local pid
  for pid in $machine $reader_out $reader_err; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$run"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

mkdir "$run/control"
cp "$REPO/eng/vm/stage2" "$run/control/stage2"
{
  printf 'cd %q 2>/dev/null || cd /\n' "$PWD"
  # Last one wins, so what the VM itself needs comes last.
  for name in $(compgen -e | grep -E '^(HOME|USER|LOGNAME|LANG|LC_.*|TERM|TZ|CI|NO_COLOR|DOTNET_.*|XDG_CACHE_HOME|MUST_HAVE|XDP_.*|LIBXDP_.*)$') ${variables[@]+"${variables[@]}"}; do
    [[ -v $name ]] && printf 'export %s=%q\n' "$name" "${!name}"
  done
  # Diagnostics ports and tiered profiling cost start-up time that emulation makes long.
  printf 'export DOTNET_BUNDLE_EXTRACT_BASE_DIR=/tmp/.dotnet DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0\n'
  printf 'export PATH=%q XDP_DISPATCH_VM=%q\n' "/run/vm/bin:$PATH:/usr/sbin:/sbin" "$kernel"
  printf 'exec'; printf ' %q' "$@"; printf '\n'
} >"$run/control/command"

# 9p option values: a comma is written twice.
comma() { printf '%s' "${1//,/,,}"; }
model=none
# shellcheck disable=SC2054 # the commas are QEMU's
machine_args=(
  -nodefaults -no-user-config -no-reboot -display none -vga none -net none
  # Software emulation on purpose: nested virtualisation hangs on hosts that only seem to offer it.
  # No SMAP: .NET ends a suspended thread's interruption with IRETQ in user mode, whose emulation (QEMU 7.2) reads the
  # user's stack as the kernel would, and the VM ends in an oops, rarely.
  "${pace[@]}" -cpu max,-smap -smp "$cpus" -m "$memory"
  -kernel "$folder/vmlinux" -initrd "$folder/initramfs"
  -append "console=ttyS0 quiet loglevel=4 panic=-1 oops=panic mitigations=off nowatchdog random.trust_cpu=on rcupdate.rcu_cpu_stall_suppress=1 cgroup_no_v1=all"
  -serial "file:$run/console"
  -virtfs "local,path=/,mount_tag=root,security_model=$model,readonly=on,multidevs=remap"
  -virtfs "local,path=$(comma "$run/control"),mount_tag=control,security_model=$model"
  -virtfs "local,path=$(comma "$folder/root"),mount_tag=kernel,security_model=$model,readonly=on"
  -device virtio-serial-pci
  -chardev "file,id=out,path=$run/out" -device virtserialport,chardev=out,name=out
  -chardev "file,id=err,path=$run/err" -device virtserialport,chardev=err,name=err
)
: >"$run/control/shares"
index=0
for share in ${shares[@]+"${shares[@]}"}; do
  mode=${share%%:*} path=${share#*:} readonly=''
  [[ $mode == ro ]] && readonly=,readonly=on
  machine_args+=(-virtfs "local,path=$(comma "$path"),mount_tag=share$index,security_model=$model,multidevs=remap$readonly")
  printf 'share%d\t%s\t%s\n' "$index" "$mode" "$path" >>"$run/control/shares"
  index=$((index + 1))
done

mkfifo "$run/out" "$run/err"
cat "$run/out" & reader_out=$!
cat "$run/err" >&2 & reader_err=$!
timeout --foreground -k 5 "$timeout" qemu-system-x86_64 "${machine_args[@]}" >"$run/machine" 2>&1 </dev/null & machine=$!
code=0
wait "$machine" || code=$?
machine=''
# A machine that never opened the pipes leaves the readers waiting; finish() ends them.
if [[ -e $run/control/exit ]]; then wait "$reader_out" "$reader_err" || true; fi
reader_out='' reader_err=''

[[ -z $console ]] || tr -d '\r' <"$run/console" >"$console" || true
if [[ -s $run/control/exit ]]; then exit "$(<"$run/control/exit")"; fi
if ((code == 124 || code == 137)); then
  warn "the VM (kernel $kernel) was stopped after $timeout s"
  tr -d '\r' <"$run/console" | tail -n 20 >&2 || true
  exit 124
fi
warn "the VM (kernel $kernel) ended without a result; its last lines:"
{ cat "$run/machine"; tr -d '\r' <"$run/console" 2>/dev/null | tail -n 30; } >&2 || true
exit 125
