# shellcheck shell=bash
# The test suites: their names, how one is run, how its outcome is read. Used on the host and in a VM.

SUITES=(compiler runtime simulation kernel interop samples cli packages tidy)
TESTS="$REPO/artifacts/tests"

suite_program() {
  case $1 in
    compiler) echo "$TESTS/Dispatcher.Compiler.Tests" ;;
    runtime) echo "$TESTS/Dispatcher.Runtime.Tests" ;;
    simulation) echo "$TESTS/Dispatcher.Simulation.Tests" ;;
    kernel) echo "$TESTS/Dispatcher.Kernel.Tests" ;;
    interop) echo "$TESTS/Dispatcher.Interop.Tests" ;;
    samples) echo "$TESTS/Dispatcher.Samples.Tests" ;;
    cli) echo "$TESTS/Dispatcher.Cli.Tests" ;;
    packages) echo "$TESTS/Dispatcher.Packages.Tests" ;;
    tidy) echo "$TESTS/Dispatcher.Tidy" ;;
    *) die "unknown suite '$1'." "Known: ${SUITES[*]}" ;;
  esac
}

# What a suite could leave behind: namespaces, interfaces, BPF file systems, programs, links, and processes with its mark.
machine_state() {
  ip netns list 2>/dev/null | sed 's/^/namespace /'
  ip -o link 2>/dev/null | awk -F': ' '{ print "interface " $2 }'
  awk '$3 == "bpf" { print "bpffs " $2 }' /proc/mounts
  bpftool prog list 2>/dev/null | awk '/^[0-9]+:/ { print "program " $1 " " $2 " " $4 }'
  bpftool link list 2>/dev/null | awk '/^[0-9]+:/ { print "link " $1 " " $2 }'
  local environ
  for environ in /proc/[0-9]*/environ; do
    if grep -qs "XDP_SUITE_MARK=$1" "$environ"; then
      environ=${environ%/environ}
      printf 'process %s %s\n' "${environ##*/}" "$(tr '\0' ' ' <"$environ/cmdline" 2>/dev/null)"
    fi
  done
}

# suite_left_over MARK BEFORE: what is there now and was not before; the kernel frees programs a little later.
suite_left_over() {
  local try left
  for try in 1 2 3 4 5 6; do
    left=$(comm -13 <(sort -u "$2") <(machine_state "$1" | sort -u))
    [[ -n $left ]] || return 0
    ((try == 6)) || sleep 0.5
  done
  printf '%s\n' "$left"
}

# suite_run SUITE FOLDER FILTER...: runs it and leaves log, junit report, exit code, seconds and left-overs in FOLDER.
suite_run() {
  local suite=$1 folder=$2; shift 2
  local start code=0 mark="$suite-$$-$RANDOM"
  start=$(clock)
  mkdir -p "$folder"
  rm -f "$folder/$suite".*
  machine_state "$mark" >"$folder/$suite.before"
  # 8 is "zero tests ran": a suite may have none for this place.
  XDP_SUITE_MARK=$mark timeout -k 10 "${XDP_SUITE_TIMEOUT:-1800}" "$(suite_program "$suite")" "$@" --ignore-exit-code 8 --no-progress --no-ansi \
    --results-directory "$folder" --report-junit --report-junit-filename "$suite.xml" \
    >"$folder/$suite.log" 2>&1 </dev/null || code=$?
  seconds_since "$start" >"$folder/$suite.seconds"
  suite_left_over "$mark" "$folder/$suite.before" >"$folder/$suite.left"
  echo "$code" >"$folder/$suite.code"
}

# suite_has SUITE FILTER...: true when the filter leaves any test.
suite_has() { "$(suite_program "$1")" "${@:2}" --list-tests --no-ansi 2>/dev/null | grep -qE 'found [1-9][0-9]* test'; }

# suite_counts SUITE FOLDER: prints "passed failed skipped"; fails when the run did not finish.
suite_counts() {
  local log="$2/$1.log" code
  code=$(cat "$2/$1.code" 2>/dev/null) || return 1
  # 0: passed, 2: a test failed, 8: none ran. Anything else is a crash, a timeout or a bad option.
  [[ $code == [028] ]] || return 1
  awk '
    /^Test run summary:/ { seen = 1; passed = failed = skipped = 0 }
    seen && $1 == "failed:" { failed = $2 }
    seen && $1 == "succeeded:" { passed = $2 }
    seen && $1 == "skipped:" { skipped = $2 }
    END { if (!seen) exit 1; print passed + 0, failed + 0, skipped + 0 }' "$log"
}

# The blocks of failed tests, as the runner printed them; or the end of the log of a run that did not finish.
suite_failures() {
  local log="$2/$1.log"
  if suite_counts "$1" "$2" >/dev/null; then
    awk '/^(failed|passed|skipped|Test run summary)/ || /^  In process file/ { show = /^failed/ } show' "$log" | grep -v '^    at System\.' || true
  else
    tail -n 25 "$log" 2>/dev/null || true
  fi
}
