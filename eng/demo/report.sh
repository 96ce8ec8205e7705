# shellcheck shell=bash
# What was counted, and what has to be true of it. Needs print.sh and counters.sh, and the variables of eng/demo/run.

# number_in FILE NAME: the first number of this name in JSON.
number_in() {
  local json
  json=$(tr -d ' \n' <"$1")
  [[ $json =~ \"$2\":([0-9.]+) ]] || fail "no number '$2' in the report: $json"
  printf '%s\n' "${BASH_REMATCH[1]}"
}

# chain_in FILE: lines "NAME ID" in running order, out of the table of `status`.
chain_in() {
  awk '$1 == "SLOT" { for (i = 1; i <= NF; i++) column[$i] = i; next } "SLOT" in column { print $column["NAME"], $column["ID"] }' "$1"
}

# Every packet on the wire has met the firewall, and every packet it passed has met the ids. Counted from the last
# mark_counts to the last read_counters; sets lost.
report_counts() {
  local passed=$((firewall_passed - marked_passed)) dropped=$((firewall_dropped - marked_dropped))
  local seen=$((ids_seen - marked_ids)) wire=$((wire_sent - marked_wire))
  row "xdp_firewall saw" "$((passed + dropped))" "passed $passed, dropped $dropped"
  row "xdp_ids saw" "$seen" "$(protocols_since_mark)"
  # Apart, so that a packet seen twice cannot make up for one not seen at all.
  local missed_firewall=$((wire - passed - dropped)) missed_ids=$((passed - seen))
  lost=$((${missed_firewall#-} + ${missed_ids#-}))
  row "lost" "$lost" "between the wire, the firewall and the ids"
  ((lost == 0)) || problem "the firewall misses $missed_firewall of $wire packets, the ids $missed_ids of $passed"
}

# "ICMP 5, TCP 6"
protocols_since_mark() {
  local name packets text=''
  for name in "${!per_protocol[@]}"; do
    packets=$((${per_protocol[$name]} - ${marked_per_protocol[$name]:-0}))
    ((packets == 0)) || text+="$name $packets, "
  done
  printf '%s\n' "${text%, }"
}

declare -A marked_per_protocol=()
mark_counts() {
  local name
  for name in "${!per_protocol[@]}"; do marked_per_protocol[$name]=${per_protocol[$name]}; done
  marked_wire=$wire_sent marked_ring=$ring_dropped
  marked_passed=$firewall_passed marked_dropped=$firewall_dropped marked_ids=$ids_seen
  marked_hits=${blocked_hits[17/$udp_blocked]}
}

report_swaps() {
  local file=$1 attempts
  attempts=$(number_in "$file" attempts)
  good "$((2 * times)) swaps in $(seconds_in "$file") s: $(number_in "$file" median) ms each (median)," \
    "$(number_in "$file" p95) ms the slowest 5%, $((attempts - 2 * times)) tried again"
}

seconds_in() { printf '%.1f' "$(number_in "$1" seconds)"; }

# What the sender counted itself, against the NIC, and against the firewall's own count for the blocked port. Sets flood.
report_sender() {
  local file=$1 sent blocked hits fallen
  flood=$((wire_sent - marked_wire))
  fallen=$((ring_dropped - marked_ring))
  sent=$(number_in "$file" sent)
  row "sent" "$sent" "by the sender's count, in $(seconds_in "$file") s"
  ((fallen == 0)) || row "no room" "$fallen" "fell off the veth's ring of 256 packets, where no XDP program sees them"
  row "on the wire" "$flood" "by the NIC's count"
  ((sent == flood + fallen)) || problem "the sender's count and the NIC's differ by $((sent - flood - fallen))"
  blocked=$(tr -d ' \n' <"$file" | grep -o "\"port\":$udp_blocked,\"sent\":[0-9]*" | cut -d: -f3)
  hits=$((${blocked_hits[17/$udp_blocked]} - marked_hits))
  if ((fallen == 0 && hits != blocked)); then problem "$blocked packets to UDP $udp_blocked, and $hits in the firewall's map"; fi
}

# The two programs are the ones of the beginning, with the maps they had. If not, there is nothing to count.
report_identity() {
  local name id now
  [[ $(<"$work/after") == "$(<"$work/before")" ]] ||
    fail "the chain was $(paste -sd, "$work/before") and is $(paste -sd, "$work/after") (name, program id)"
  while read -r name id; do good "$name is program $id, as before the swaps"; done <"$work/before"
  now=$(find_maps "$firewall" "$ids")
  [[ $now == "$maps" ]] || fail "the programs have other maps than before: ${now//$'\n'/, }"
  good "both have the maps they had, $(wc -l <<<"$maps") in all"
}

report_empty() {
  local pins
  pins=$(find "$LIBXDP_BPFFS" -type f | paste -sd' ')
  if ip -n "$server" link show nic0 | grep 'prog/xdp' >/dev/null; then
    problem "nic0 still has an XDP program"
  elif [[ -n $pins ]]; then
    problem "left on the BPF file system: $pins"
  else
    good "no XDP program on nic0, no pin left"
  fi
}
