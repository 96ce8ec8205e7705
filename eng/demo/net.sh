# shellcheck shell=bash
# Two namespaces joined by a veth pair on which nothing moves but what the demo sends. Needs print.sh,
# and adds to `started` what has to be ended.
#
#   client  10.77.0.1 peer0 ---- nic0 10.77.0.2  server, XDP on nic0

client=xdpdemo-$$-client
server=xdpdemo-$$-server
client_address=10.77.0.1
server_address=10.77.0.2

# Before a command, to run it there. Not `ip netns exec`, which hides the BPF file system behind a fresh /sys.
in_client=(nsenter "--net=/run/netns/$client")
in_server=(nsenter "--net=/run/netns/$server")

net_up() {
  ip -batch - <<BATCH
netns add $client
netns add $server
link add peer0 address 02:00:00:00:00:01 netns $client type veth peer name nic0 address 02:00:00:00:00:02 netns $server
BATCH
  side_up in_client peer0 "$client_address/24" "$server_address" 02:00:00:00:00:02
  side_up in_server nic0 "$server_address/24" "$client_address" 02:00:00:00:00:01
  # A process there: /proc shows its namespace's counters to everybody.
  "${in_client[@]}" sleep infinity &
  disown
  started[$!]=1
  client_counters=/proc/$!/net/dev
  until [[ -r $client_counters && $(<"$client_counters") == *peer0:* ]]; do sleep 0.05; done
}

# side_up SIDE DEVICE ADDRESS OTHER_ADDRESS OTHER_MAC: neither discovery of IPv6 nor ARP, as packets that nobody sent
# would spoil the count.
side_up() {
  local -n inside=$1
  # shellcheck disable=SC2016 # the inner shell expands it
  "${inside[@]}" bash -c 'for conf in all default "$0"; do
      file=/proc/sys/net/ipv6/conf/$conf/disable_ipv6
      [[ ! -e $file ]] || echo 1 >"$file"
    done
    exec ip -batch -' "$2" <<BATCH
address add $3 dev $2
link set $2 up
neighbour replace $4 lladdr $5 dev $2 nud permanent
BATCH
}

net_down() {
  ip netns delete "$client" 2>/dev/null || true
  ip netns delete "$server" 2>/dev/null || true
}

# Sets wire_sent and ring_dropped. A veth has a ring of 256 packets per queue; what finds it full is dropped by the
# driver before any XDP program is asked, and counted as such on the sender's side.
read_wire() {
  local name fields
  while read -r name fields; do
    [[ $name == peer0: ]] || continue
    # shellcheck disable=SC2206 # numbers
    fields=($fields)
    wire_sent=${fields[9]} ring_dropped=${fields[11]}
  done <"$client_counters"
}

# Returns when nothing has moved on the pair for a while; then read_wire has been called.
net_settle() {
  local before='' now round
  for ((round = 0; round < 50; round++)); do
    now=$(<"$client_counters")
    if [[ $now == "$before" ]]; then read_wire; return 0; fi
    before=$now
    sleep 0.3
  done
  fail "the veth pair did not come to rest in 15 s"
}
