# shellcheck shell=bash
# The counters of the component programs, read from their own maps with bpftool: the chain has no part in them.
# Few calls, several questions each: starting a program is what takes time in a VM.

# ask: bpftool, one command per line of input. At the end of a batch it takes an errno left over from earlier for its own
# failure ("reading batch file failed"), so what it printed decides, not its exit code.
ask() { bpftool batch file - 2>/dev/null || true; }

# find_maps: lines "PROGRAM_ID PROGRAM_NAME MAP_NAME MAP_ID" of the programs with the ids given.
find_maps() {
  local id
  {
    for id in "$@"; do printf 'prog show id %s\n' "$id"; done
    printf 'map show\n'
  } | ask | awk '
    $2 == "ext" { program = $1 " " $4; sub(":", "", program) }
    $1 ~ /^xlated/ { for (i = 1; i < NF; i++) if ($i == "map_ids") maps[program] = $(i + 1) }
    $3 == "name" && $2 != "ext" { id = $1; sub(":", "", id); name[id] = $4 }
    END { for (program in maps) { count = split(maps[program], ids, ","); for (i = 1; i <= count; i++) print program, name[ids[i]], ids[i] } }' |
    sort
}

# block MAP_ID PROTOCOL/PORT...: a key is the port in host order (2), the protocol (1), 0 (1).
block() {
  local map=$1 entry protocol port
  for entry in "${@:2}"; do
    protocol=${entry%/*} port=${entry#*/}
    printf 'map update id %s key hex %02x %02x %02x 00 value hex 00 00 00 00 00 00 00 00\n' \
      "$map" $((port & 255)) $((port >> 8)) "$protocol"
  done | ask >/dev/null
}

# Sets firewall_passed, firewall_dropped, ids_seen, per_protocol (names to packets) and blocked_hits (6/PORT and 17/PORT
# to packets).
declare -A per_protocol=() blocked_hits=()
read_counters() {
  local name value
  ids_seen=0 per_protocol=() blocked_hits=() firewall_passed='' firewall_dropped=''
  while read -r name value; do
    case $name in
      passed) firewall_passed=$value ;;
      dropped) firewall_dropped=$value ;;
      hits:*) blocked_hits[${name#hits:}]=$value ;;
      *) per_protocol[${name//_/ }]=$value ids_seen=$((ids_seen + value)) ;;
    esac
  done < <(printf 'map dump id %s\n' "$firewall_stats" "$protocol_stats" "$blocked_ports" | ask |
    tr -d ' ",' | awk -F: '
    BEGIN { name[1] = "ICMP"; name[6] = "TCP"; name[17] = "UDP"; name[256] = "not_IP" }
    /^\[/ { map++ }
    $1 == "key" { key = $2 }
    $1 == "packets" && map == 1 { print (key == 0 ? "passed" : "dropped"), $2 }
    $1 == "packets" && map == 2 && $2 > 0 { print (key in name ? name[key] : "protocol_" key), $2 }
    $1 == "port" { port = $2 }
    $1 == "protocol" { protocol = $2 }
    $1 == "value" && map == 3 && $2 ~ /^[0-9]/ { print "hits:" protocol "/" port, $2 }')
  # A failure in there ends the process in there only.
  [[ ! -e $work/failed ]] || exit 1
  [[ -n $firewall_passed && -n $firewall_dropped ]] || fail "bpftool shows no counters of the firewall"
}
