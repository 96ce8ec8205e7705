// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Drops TCP and UDP to the ports listed in `blocked_ports`, over IPv4 and IPv6, and passes the rest. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

struct port_key {
	__u16 port;		/* host byte order */
	__u8 protocol;		/* 6 TCP, 17 UDP */
	__u8 pad;		/* 0 */
};

enum { FIREWALL_PASSED, FIREWALL_DROPPED, FIREWALL_VERDICTS };

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct port_key);
	__type(value, __u64);	/* packets dropped because of this entry */
} blocked_ports SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FIREWALL_VERDICTS);
	__type(key, __u32);
	__type(value, struct xdp_traffic);
} firewall_stats SEC(".maps");

XDP_COMPONENT(xdp_firewall, 10, XDP_CONTINUE(XDP_PASS));

static __always_inline __u64 *find_block(const struct xdp_parsed *parsed)
{
	struct port_key key = {};

	if (!parsed->ports)
		return 0;
	key.port = xdp_be16(parsed->ports->destination);
	key.protocol = parsed->protocol;
	return bpf_map_lookup_elem(&blocked_ports, &key);
}

SEC("xdp")
int xdp_firewall(struct xdp_md *ctx)
{
	struct xdp_cursor cursor = xdp_cursor_of(ctx);
	struct xdp_parsed parsed = xdp_parse(&cursor);
	__u64 *hits = find_block(&parsed);
	__u32 verdict = hits ? FIREWALL_DROPPED : FIREWALL_PASSED;
	struct xdp_traffic *stats = bpf_map_lookup_elem(&firewall_stats, &verdict);

	if (stats)
		xdp_traffic_add(stats, xdp_linear_size(ctx));
	if (!hits)
		return XDP_PASS;
	__sync_fetch_and_add(hits, 1);
	return XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
