# shellcheck shell=bash
# How the demo talks. Standard output is for people; whether it may have colours, demo.sh says.

if [[ ${XDP_DEMO_COLOR:-} == 1 ]]; then
  p_dim=$'\e[2m' p_bold=$'\e[1m' p_red=$'\e[31m' p_green=$'\e[32m' p_cyan=$'\e[36m' p_off=$'\e[0m'
else
  p_dim='' p_bold='' p_red='' p_green='' p_cyan='' p_off=''
fi

# Verdicts are also given inside $( ), whose output is not the demo's.
exec 7>&1
problems=0

heading() { printf '\n%s==>%s %s%s%s\n' "$p_green" "$p_off" "$p_bold" "$*" "$p_off"; }
say() { printf '    %s\n' "$*"; }
aside() { printf '    %s%s%s\n' "$p_dim" "$*" "$p_off"; }
indent() { sed -u 's/^/    /'; }

# row LABEL NUMBER REMARK: numbers below each other, and what they are.
row() { printf '    %-22s%11s   %s%s%s\n' "$1" "$2" "$p_dim" "$3" "$p_off"; }

# One line of a list of checks. The demo goes on after a problem, and fails at its end.
good() { printf '    %sok%s   %s\n' "$p_green" "$p_off" "$*"; }
problem() {
  printf '    %sBAD%s  %s\n' "$p_red" "$p_off" "$*"
  problems=$((problems + 1))
}

# fail REASON: ends the demo; the first reason counts.
fail() {
  if [[ ! -e $work/failed ]]; then
    : >"$work/failed"
    printf 'demo: FAIL: %s\n' "$*" >&7
  fi
  exit 1
}

# show SHOWN COMMAND...: prints SHOWN as if typed, runs the command, shows what it says and keeps it in $work/shown.
show() {
  local shown=$1; shift
  printf '    %s$ %s%s\n' "$p_cyan" "$shown" "$p_off"
  "$@" 2>&1 | tee "$work/shown" | indent || fail "'$shown' ended with code ${PIPESTATUS[0]}"
}
