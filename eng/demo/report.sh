# shellcheck shell=bash
# What was counted, and what has to be true of it. Needs print.sh and counters.sh, and the variables of eng/demo/run.

# number_in FILE NAME: the first number of this name in JSON.
number_in() { tr -d ' \n' <"$1" | grep -o "\"$2\":[0-9.]*" | head -n 1 | cut -d: -f2; }

# chain_in FILE: lines "NAME ID" in running order, out of `status --json`.
chain_in() { tr -d ' \n' <"$1" | grep -o '"id":[0-9]*,"name":"[^"]*","tag"' | sed 's/"id":\([0-9]*\),"name":"\(.*\)","tag"/\2 \1/'; }

# Every packet on the wire has met the firewall, and every packet it passed has met the ids. Sets lost.
report_counts() {
  read_counters
  local firewall_seen=$((firewall_passed + firewall_dropped))
  row "xdp_firewall saw" "$firewall_seen" "passed $firewall_passed, dropped $firewall_dropped"
  row "xdp_ids saw" "$ids_seen" "$protocols"
  # Apart, so that a packet seen twice cannot make up for one not seen at all.
  local before_firewall=$((wire_sent - firewall_seen)) before_ids=$((firewall_passed - ids_seen))
  lost=$((${before_firewall#-} + ${before_ids#-}))
  row "lost" "$lost" "on the wire but not in the firewall, or passed but not in the ids"
  ((lost == 0)) || problem "firewall misses $before_firewall of $wire_sent, ids misses $before_ids of $firewall_passed"
}

report_swaps() {
  local file=$1 attempts
  attempts=$(number_in "$file" attempts)
  good "$((2 * swaps)) changes in $(number_in "$file" seconds | cut -c1-4) s: $(number_in "$file" median) ms each (median)," \
    "$(number_in "$file" max) ms at most, $((attempts - 2 * swaps)) tried again"
}

# What the sender counted itself, against the wire and against the firewall's own count per port.
report_sender() {
  local file=$1 sent blocked hits
  sent=$(number_in "$file" sent)
  row "the sender sent" "$sent" "UDP packets to ports $udp_blocked (blocked), $udp_open and $udp_other, in $(number_in "$file" seconds | cut -c1-4) s"
  row "on the wire" "$flood" "the NIC's count$( ((ring_lost == 0)) || printf '; %d did not fit into the veth ring, before XDP' "$ring_lost")"
  ((sent == flood + ring_lost)) || problem "the sender's count and the NIC's differ by $((sent - flood - ring_lost))"
  blocked=$(tr -d ' \n' <"$file" | grep -o "\"port\":$udp_blocked,\"sent\":[0-9]*" | cut -d: -f3)
  hits=$(($(hits_of "$blocked_ports" | value_of "17/$udp_blocked") - hits_before))
  if ((ring_lost == 0 && hits != blocked)); then problem "sent $blocked to the blocked port, its map entry counted $hits"; fi
}

# The two programs are the ones of the beginning, with their maps.
report_identity() {
  local name id map maps
  if [[ $(<"$work/after") == "$(<"$work/before")" ]]; then
    while read -r name id; do good "$name is program $id, as before the swaps"; done <"$work/before"
  else
    problem "before the swaps: $(paste -sd, "$work/before"); after: $(paste -sd, "$work/after")"
  fi
  for map in "$firewall blocked_ports $blocked_ports" "$firewall firewall_stats $firewall_stats" "$ids protocol_stats $protocol_stats"; do
    read -r id name maps <<<"$map"
    [[ $(map_of "$id" "$name") == "$maps" ]] || problem "program $id has another map $name"
  done
  good "blocked ports are still in its map, with their hits:" \
    "$(hits_of "$blocked_ports" | sort | sed 's/^6\//TCP /; s/^17\//UDP /; s/ \([0-9]*\)$/ (\1)/' | paste -sd, | sed 's/,/, /')"
}

report_empty() {
  if ip -n "$server" -o link show nic0 | grep -q ' xdp\|prog/xdp'; then problem "nic0 still has an XDP program"; fi
  local pins
  pins=$(find "$LIBXDP_BPFFS" -type f | wc -l)
  ((pins == 0)) || problem "$pins pins are left: $(find "$LIBXDP_BPFFS" -type f | paste -sd' ')"
  good "no XDP program on nic0, no pin left"
}
