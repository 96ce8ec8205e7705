# shellcheck shell=bash
# Two namespaces joined by a veth pair on which nothing moves but what the demo sends. Needs print.sh.
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
  ip netns add "$client"
  ip netns add "$server"
  # Neither discovery of IPv6 nor ARP: packets that nobody sent would spoil the count.
  "${in_client[@]}" sysctl -qw net.ipv6.conf.{all,default}.disable_ipv6=1 2>/dev/null || true
  "${in_server[@]}" sysctl -qw net.ipv6.conf.{all,default}.disable_ipv6=1 2>/dev/null || true
  ip link add peer0 netns "$client" type veth peer name nic0 netns "$server"
  ip -n "$client" address add "$client_address/24" dev peer0
  ip -n "$server" address add "$server_address/24" dev nic0
  ip -n "$client" link set peer0 up
  ip -n "$server" link set nic0 up
  ip -n "$client" neighbour replace "$server_address" lladdr "$(mac_of "$server" nic0)" dev peer0 nud permanent
  ip -n "$server" neighbour replace "$client_address" lladdr "$(mac_of "$client" peer0)" dev nic0 nud permanent
}

net_down() {
  ip netns delete "$client" 2>/dev/null || true
  ip netns delete "$server" 2>/dev/null || true
}

mac_of() { ip -n "$1" -o link show "$2" | sed 's/.*link\/ether \([0-9a-f:]*\).*/\1/'; }

# Sets wire_sent and ring_dropped. A veth has a ring of 256 packets per queue; what finds it full is dropped by the
# driver before any XDP program is asked, and counted as such on the sender's side.
read_wire() {
  read -r wire_sent ring_dropped < <("${in_client[@]}" awk '$1 == "peer0:" { print $11, $13 }' /proc/net/dev)
}

# Returns when nothing has moved on the pair for a while.
net_settle() {
  local before='' now round
  for ((round = 0; round < 50; round++)); do
    now=$("${in_client[@]}" cat /proc/net/dev)
    [[ $now != "$before" ]] || return 0
    before=$now
    sleep 0.3
  done
  fail "the veth pair did not come to rest in 15 s"
}
