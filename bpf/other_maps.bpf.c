// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A firewall whose maps have the names of firewall.bpf.c and fit none of them: each differs in its own way. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 128);
	__uint(map_flags, 2);		/* BPF_F_NO_COMMON_LRU */
	__type(key, __u64);
	__type(value, __u32);
} blocked_ports SEC(".maps");

struct xdp_renamed {
	__u64 frames;			/* packets there */
	__u64 bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, struct xdp_renamed);
} firewall_stats SEC(".maps");

XDP_COMPONENT(xdp_firewall, 10, XDP_CONTINUE(XDP_PASS));

SEC("xdp")
int xdp_firewall(struct xdp_md *ctx)
{
	__u64 port = 0;
	__u32 first = 0;

	(void)ctx;
	if (bpf_map_lookup_elem(&blocked_ports, &port) && bpf_map_lookup_elem(&firewall_stats, &first))
		return XDP_DROP;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
