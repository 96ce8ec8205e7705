# shellcheck shell=bash
# Sourced by every script here: where things are, and how to say what happens.

# A failure inside $(...) is a failure too.
shopt -s inherit_errexit

REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/xdp-dispatch"
export REPO CACHE
mkdir -p "$CACHE"

# Colour only where a person looks; logs and CI stay plain.
if [[ -t 2 && -z ${NO_COLOR:-} ]]; then
  c_dim=$'\e[2m' c_bold=$'\e[1m' c_red=$'\e[31m' c_green=$'\e[32m' c_yellow=$'\e[33m' c_off=$'\e[0m'
else
  c_dim='' c_bold='' c_red='' c_green='' c_yellow='' c_off=''
fi

# All of it goes to stderr: stdout belongs to results.
step() { printf '%s==>%s %s%s%s\n' "$c_green" "$c_off" "$c_bold" "$*" "$c_off" >&2; }
note() { printf '    %s%s%s\n' "$c_dim" "$*" "$c_off" >&2; }
warn() { printf '%swarning:%s %s\n' "$c_yellow" "$c_off" "$*" >&2; }
die() {
  printf '%serror:%s %s\n' "$c_red" "$c_off" "$1" >&2
  shift
  local line
  for line in "$@"; do printf '       %s\n' "$line" >&2; done
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Prints the comment block at the top of a script as its help.
usage_of() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$1"; }

# Runs the command with its output in a file, shown only when it fails.
quietly() {
  local log code=0
  log=$(mktemp "${TMPDIR:-/tmp}/xdp-dispatch-log.XXXXXX")
  "$@" >"$log" 2>&1 || code=$?
  ((code == 0)) || tail -n 40 "$log" >&2
  rm -f "$log"
  return "$code"
}

# with_lock NAME COMMAND...: one process at a time; the lock goes with the process.
with_lock() {
  local name=$1; shift
  ( flock 9; "$@" ) 9>"$CACHE/$name.lock"
}

seconds_since() { local now=${EPOCHREALTIME/./}; printf '%d.%d' $(((now - $1) / 1000000)) $(((now - $1) / 100000 % 10)); }
clock() { printf '%s' "${EPOCHREALTIME/./}"; }

# The time that packages carry, so that the same commit gives the same bytes: that of the last commit.
source_date() { git -c safe.directory='*' -C "$REPO" log -1 --format=%ct 2>/dev/null || echo 946684800; }
