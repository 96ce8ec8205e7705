# shellcheck shell=bash
# The test suites: their names, how one is run, how its outcome is read. Used on the host and in a VM.

SUITES=(compiler runtime kernel interop cli tidy)
TESTS="$REPO/artifacts/tests"

suite_program() {
  case $1 in
    compiler) echo "$TESTS/Dispatcher.Compiler.Tests" ;;
    runtime) echo "$TESTS/Dispatcher.Runtime.Tests" ;;
    kernel) echo "$TESTS/Dispatcher.Kernel.Tests" ;;
    interop) echo "$TESTS/Dispatcher.Interop.Tests" ;;
    cli) echo "$TESTS/Dispatcher.Cli.Tests" ;;
    tidy) echo "$TESTS/Dispatcher.Tidy" ;;
    *) die "unknown suite '$1'." "Known: ${SUITES[*]}" ;;
  esac
}

# suite_run SUITE FOLDER FILTER...: runs it and leaves log, junit report, exit code and seconds in FOLDER.
suite_run() {
  local suite=$1 folder=$2; shift 2
  local start code=0
  start=$(clock)
  mkdir -p "$folder"
  rm -f "$folder/$suite".*
  # 8 is "zero tests ran": a suite may have none for this place.
  timeout -k 10 "${XDP_SUITE_TIMEOUT:-900}" "$(suite_program "$suite")" "$@" --ignore-exit-code 8 --no-progress --no-ansi \
    --results-directory "$folder" --report-junit --report-junit-filename "$suite.xml" \
    >"$folder/$suite.log" 2>&1 </dev/null || code=$?
  seconds_since "$start" >"$folder/$suite.seconds"
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
