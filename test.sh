#!/usr/bin/env bash
# Sets everything up and runs all tests. The last line is "N passed, N failed", exit 1 when anything failed.
#
#   ./test.sh [options]
#
#   --suite NAME       only this suite (compiler, runtime, simulation, kernel, interop, samples, cli, packages, tidy, format); may be repeated
#   --kernel NAMES     kernels for tests that need EXT programs, from eng/kernels.txt: all, or a list such as 6.1,6.12;
#                      default: 6.1, and with CI=true the newest as well. With several a table of them is printed.
#   --filter PATTERN   only tests whose full method name contains PATTERN
#   --vm               run the tests that need EXT programs in a VM even if this kernel accepts them
#   --native           run them on this kernel, whatever it accepts
#   --no-build         use what is already published in artifacts/tests
#
# Tests with the trait Needs=Ext run on this machine's kernel when it accepts EXT programs, otherwise in one VM per
# kernel. All others run once, here. What a suite leaves behind (namespace, interface, program, process) is a failure.
# Logs and JUnit reports: artifacts/test-results.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/eng/lib/common.sh"
. "$REPO/eng/lib/packages.sh"
. "$REPO/eng/lib/dotnet.sh"
. "$REPO/eng/lib/suites.sh"

# One stream, so that the order of lines is right in a log.
exec 2>&1

chosen=() kernels='' pattern='' place='' build=1
while (($#)); do
  case $1 in
    --suite) chosen+=("${2:?--suite needs a name}"); shift 2 ;;
    --kernel|--kernels) kernels=${2:?--kernel needs a name}; place=${place:-vm}; shift 2 ;;
    --filter) pattern=${2:?--filter needs a pattern}; shift 2 ;;
    --vm) place=vm; shift ;;
    --native) place=native; shift ;;
    --no-build) build=''; shift ;;
    -h|--help) usage_of "$0"; exit 0 ;;
    *) die "unknown option '$1'." "See ./test.sh --help." ;;
  esac
done

suites=("${SUITES[@]}") format=1
if ((${#chosen[@]})); then
  suites=() format=''
  for name in "${chosen[@]}"; do
    if [[ $name == format ]]; then format=1; else suite_program "$name" >/dev/null; suites+=("$name"); fi
  done
fi
[[ -z $pattern ]] || format=''
[[ -n $kernels ]] || kernels=$([[ ${CI:-} == true ]] && echo 6.1,newest || echo 6.1)
[[ $kernels != all ]] || kernels=$(awk '!/^#/ && NF { print $1 }' "$REPO/eng/kernels.txt" | paste -sd,)

start=$(clock)
results="$REPO/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

# --- set up
need_packages "${PACKAGES_BUILD[@]}" "${PACKAGES_TOOLS[@]}"
need_dotnet
if [[ -n $build ]]; then
  step "building"
  begin=$(clock)
  # Only what was asked for, and precompiled only when a VM may run it: this is what one waits for most often.
  only=() precompile=false
  for suite in ${suites[@]+"${suites[@]}"}; do
    only+=("$(basename "$(suite_program "$suite")")")
    [[ $suite == compiler || $suite == packages || $suite == tidy ]] || precompile=true
  done
  ((${#suites[@]} == 0)) || quietly dotnet msbuild "$REPO/eng/tests.proj" -m -nologo -v:minimal \
    "-p:Only=\"$(IFS=';'; echo "${only[*]}")\"" -p:Precompile="$precompile" || die "the tests do not build (see above)."
  quietly "$REPO/eng/build-bpf" || die "the component programs in bpf/ do not compile (see above)."
  if [[ " ${suites[*]-} " == *' interop '* ]]; then
    quietly "$REPO/eng/build-driver" || die "the C driver of the interop suite does not compile (see above)."
    quietly "$REPO/eng/peers" || die "the releases of libxdp that the interop suite runs against cannot be had (see above)."
  fi
  if [[ " ${suites[*]-} " == *' packages '* ]]; then
    quietly "$REPO/eng/pack" || die "the libraries do not pack (see above)."
  fi
  [[ $precompile == false && " ${suites[*]-} " != *' packages '* ]] || quietly "$REPO/eng/publish" ||
    die "the command line tool does not publish (see above)."
  if [[ " ${suites[*]-} " == *' packages '* ]]; then
    quietly "$REPO/eng/package" --tool "$REPO/artifacts/xdp-dispatch" || die "the command line tool cannot be packed (see above)."
  fi
  note "$(seconds_since "$begin") s"
fi

# --- where tests that need EXT programs run
if [[ -z $place ]]; then
  if reason=$("$REPO/eng/ext-check" 2>&1); then place=native; else place=vm; fi
  step "EXT programs: ${reason%%$'\n'*}; their tests run $([[ $place == vm ]] && echo "in a VM ($kernels)" || echo here)"
fi

# Tests that start the command line tool take the published file.
export XDP_DISPATCH="$REPO/artifacts/xdp-dispatch"

passed=0 failed=0 skipped=0 broken=()
declare -A outcome=()
# report WHERE SUITE: one line, and what failed.
report() {
  local where=$1 suite=$2 counts p f s seconds mark
  seconds=$(cat "$results/$where/$suite.seconds" 2>/dev/null || echo '?')
  if counts=$(suite_counts "$suite" "$results/$where"); then
    read -r p f s <<<"$counts"
    mark="${c_green}ok  ${c_off}"
    ((f == 0)) || mark="${c_red}FAIL${c_off}"
    printf '  %s  %-9s %-12s %5d passed %3d failed %3d skipped  %6s s\n' "$mark" "$suite" "$where" "$p" "$f" "$s" "$seconds"
  else
    p=0 f=1 s=0
    broken+=("$suite on $where")
    printf '  %sFAIL%s  %-9s %-12s did not finish (exit code %s)  %6s s\n' "$c_red" "$c_off" "$suite" "$where" \
      "$(cat "$results/$where/$suite.code" 2>/dev/null || echo none)" "$seconds"
  fi
  outcome[$suite,$where]="$p$( ((f == 0)) || echo " ($f failed)")"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  ((f == 0)) || suite_failures "$suite" "$results/$where" | sed 's/^/        /'
  if [[ -s $results/$where/$suite.left ]]; then
    failed=$((failed + 1))
    printf '        left over after the suite, counted as one failure:\n'
    sed 's/^/          /' "$results/$where/$suite.left"
  fi
}

filters=()
[[ -z $pattern ]] || filters=(--filter-method "*$pattern*")
ext=(--filter-trait Needs=Ext --filter-trait Kernel=Every)

# --- on this machine
if ((${#suites[@]})); then
  step "tests on this machine ($(uname -r))"
  here=(${filters[@]+"${filters[@]}"})
  if [[ $place == native ]]; then export MUST_HAVE=Ext,Root; else here+=(--filter-not-trait Needs=Ext); fi
  for suite in "${suites[@]}"; do
    # What a suite measured, when it has something to tell.
    export XDP_FIGURES="$results/host/$suite.figures"
    mkdir -p "$results/host"
    rm -f "$XDP_FIGURES"
    "$REPO/eng/run-suites" "$results/host" "$suite" -- ${here[@]+"${here[@]}"}
    report host "$suite"
    [[ ! -s $XDP_FIGURES ]] || sed 's/^/        /' "$XDP_FIGURES"
  done
fi

# --- in one VM per kernel
in_vm=()
if [[ $place == vm ]]; then
  for suite in ${suites[@]+"${suites[@]}"}; do
    if suite_has "$suite" ${filters[@]+"${filters[@]}"} "${ext[@]}"; then in_vm+=("$suite"); fi
  done
fi
if ((${#in_vm[@]})); then
  for kernel in ${kernels//,/ }; do
    step "tests that need EXT programs, in a VM with kernel $kernel"
    where="vm-$kernel"
    mkdir -p "$results/$where"
    export XDP_FIGURES="$results/$where/figures"
    begin=$(clock)
    MUST_HAVE=Ext,Root "$REPO/eng/vm.sh" --kernel "$kernel" --memory 2048 --timeout "${XDP_VM_TIMEOUT:-1800}" --share "$results/$where" \
      --console "$results/$where/console.log" \
      -- "$REPO/eng/run-suites" "$results/$where" "${in_vm[@]}" -- ${filters[@]+"${filters[@]}"} "${ext[@]}" ||
      warn "the VM with kernel $kernel ended with exit code $?"
    for suite in "${in_vm[@]}"; do report "$where" "$suite"; done
    [[ ! -s $XDP_FIGURES ]] || sed 's/^/        /' "$XDP_FIGURES"
    note "$(seconds_since "$begin") s with start and stop of the VM"
  done
fi

# --- source format, as one test
if [[ -n $format ]]; then
  begin=$(clock)
  # White space only: the build itself enforces style and analysis, as errors.
  if dotnet format whitespace "$REPO" --folder --verify-no-changes >"$results/format.log" 2>&1; then
    passed=$((passed + 1))
    printf '  %sok  %s  %-9s %-12s dotnet format has nothing to change  %6s s\n' "$c_green" "$c_off" format host "$(seconds_since "$begin")"
  else
    failed=$((failed + 1))
    printf '  %sFAIL%s  %-9s %-12s run: dotnet format whitespace . --folder    %6s s\n' "$c_red" "$c_off" format host "$(seconds_since "$begin")"
    head -n 20 "$results/format.log" | sed 's/^/        /'
  fi
fi

# --- with several kernels: suites by kernels, in tests passed
if [[ $kernels == *,* ]] && ((${#in_vm[@]})); then
  printf '  %-9s' suite
  for where in host ${kernels//,/ }; do printf ' %14s' "$where"; done
  printf '\n'
  for suite in "${in_vm[@]}"; do
    printf '  %-9s' "$suite"
    for where in host ${kernels//,/ }; do
      [[ $where == host ]] || where="vm-$where"
      printf ' %14s' "${outcome[$suite,$where]:--}"
    done
    printf '\n'
  done
fi

for name in ${broken[@]+"${broken[@]}"}; do warn "$name did not finish: counted as one failure; log in ${results#"$PWD"/}"; done
note "$(seconds_since "$start") s in all"
((skipped == 0)) && tail='' || tail=", $skipped skipped"
printf '%d passed, %d failed%s\n' "$passed" "$failed" "$tail"
((failed == 0))
