# shellcheck shell=bash
# Conversations over the NIC with what any Debian has: ping, socat and bash's own sockets. Needs print.sh and net.sh.

tcp_open=8080 tcp_blocked=2323
udp_open=5300 udp_blocked=5301 udp_other=5302

servers=()

talk() {
  serve
  local answered
  answered=$("${in_client[@]}" ping -n -q -c 5 -i 0.2 -W 5 "$server_address" | sed -n 's/.* \([0-9]*\) received.*/\1/p') || true
  if [[ $answered == 5 ]]; then good "ICMP echo       5 of 5 answered"; else problem "ICMP echo       ${answered:-0} of 5 answered"; fi
  expect_answer tcp "$tcp_open"
  expect_silence tcp "$tcp_blocked"
  expect_answer udp "$udp_open"
  expect_silence udp "$udp_blocked"
  unserve
}

# Echo servers on blocked ports too: silence comes from the firewall, not from an absent server.
serve() {
  local port round
  for port in "$tcp_open" "$tcp_blocked"; do serve_with "TCP4-LISTEN:$port,fork,reuseaddr"; done
  for port in "$udp_open" "$udp_blocked"; do serve_with "UDP4-RECVFROM:$port,fork"; done
  for ((round = 0; round < 100; round++)); do
    # Listening TCP sockets are in state 0A, bound UDP sockets in 07.
    (($("${in_server[@]}" cat /proc/net/tcp /proc/net/udp | grep -c ' 00000000:0000 0[A7] ' || true) < 4)) || return 0
    sleep 0.1
  done
  fail "the echo servers did not start in 10 s"
}

serve_with() {
  "${in_server[@]}" socat -t5 "$1" PIPE 2>/dev/null &
  disown
  servers+=($!)
  started[$!]=1
}

# A flood must not start a socat per packet.
unserve() {
  local pid
  for pid in "${servers[@]}"; do
    kill "$pid" 2>/dev/null || true
    unset "started[$pid]"
  done
}

# echoes tcp|udp PORT SECONDS: whether what is said comes back in time. Counted from when it was said, as starting a
# program may take long on a busy machine.
echoes() {
  local answer
  if [[ $1 == tcp ]]; then
    answer=$(echo hello | "${in_client[@]}" socat "-t$3" - "TCP4:$server_address:$2,connect-timeout=$3" 2>/dev/null) || true
    [[ $answer == hello ]]
  else
    # One character: bash reads byte by byte, and a datagram is gone after its first read.
    # shellcheck disable=SC2016 # the inner shell expands it
    "${in_client[@]}" bash -c 'exec 3<>"/dev/udp/$0/$1" && echo hello >&3 && IFS= read -r -n 1 -t "$2" answer <&3 && [[ $answer == h ]]' \
      "$server_address" "$2" "$3" 2>/dev/null
  fi
}

expect_answer() {
  local what="${1^^}  port $2 "
  if echoes "$1" "$2" 10; then good "$what  open: echo came back"; else problem "$what  open: no answer"; fi
}

# Silence is what did not come within a second.
expect_silence() {
  local what="${1^^}  port $2 "
  if echoes "$1" "$2" 1; then problem "$what  blocked: got an answer"; else good "$what  blocked: no answer"; fi
}
