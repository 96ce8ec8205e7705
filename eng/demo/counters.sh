# shellcheck shell=bash
# The counters of the component programs, read from their own maps with bpftool: the chain has no part in them.
# Needs print.sh.

# map_of PROGRAM_ID NAME: id of the map of this name that the program uses.
map_of() {
  local id
  for id in $(bpftool prog show id "$1" | sed -n 's/.*map_ids \([0-9,]*\).*/\1/p' | tr ',' ' '); do
    # Not grep -q: it ends early, and bpftool dies of the broken pipe.
    if bpftool map show id "$id" | grep "name $2 " >/dev/null; then printf '%s\n' "$id"; return 0; fi
  done
  fail "program $1 has no map '$2'"
}

# traffic_of MAP_ID: lines "KEY PACKETS" of a map of struct xdp_traffic, without the zeros.
traffic_of() {
  bpftool map dump id "$1" | tr -d ' ",' |
    awk -F: '$1 == "key" { key = $2 } $1 == "packets" && $2 > 0 { print key, $2 }'
}

# hits_of MAP_ID: lines "PROTOCOL/PORT PACKETS" of the firewall's blocked ports.
hits_of() {
  bpftool map dump id "$1" | tr -d ' ",' |
    awk -F: '$1 == "port" { port = $2 } $1 == "protocol" { protocol = $2 } $1 == "value" && $2 != "{" { print protocol "/" port, $2 }'
}

# Of lines "KEY NUMBER": the number of one key, 0 when there is none; the sum of all.
value_of() { awk -v key="$1" '$1 == key { found = $2 } END { printf "%d\n", found }'; }
sum_of() { awk '{ total += $2 } END { printf "%d\n", total }'; }

# block MAP_ID PROTOCOL PORT: a key is the port in host order (2), the protocol (1), 0 (1).
block() {
  local key
  printf -v key '%02x %02x %02x 00' $(($3 & 255)) $(($3 >> 8)) "$2"
  # shellcheck disable=SC2086 # one word per byte
  bpftool map update id "$1" key hex $key value hex 00 00 00 00 00 00 00 00
}

# Sets firewall_passed, firewall_dropped, ids_seen and protocols ("ICMP 5, TCP 9").
read_counters() {
  local stats per_protocol
  stats=$(traffic_of "$firewall_stats")
  per_protocol=$(traffic_of "$protocol_stats")
  firewall_passed=$(value_of 0 <<<"$stats")
  firewall_dropped=$(value_of 1 <<<"$stats")
  ids_seen=$(sum_of <<<"$per_protocol")
  protocols=$(awk 'BEGIN { name[1] = "ICMP"; name[6] = "TCP"; name[17] = "UDP"; name[256] = "not IP" }
    { printf "%s%s %d", comma, ($1 in name ? name[$1] : "protocol " $1), $2; comma = ", " }' < <(printf '%s' "$per_protocol"))
}
