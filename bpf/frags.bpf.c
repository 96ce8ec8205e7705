// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A component that can take packets in several buffers (jumbo frames); kernel 5.18. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xdp_traffic);	/* bytes of all buffers */
} frags_stats SEC(".maps");

XDP_COMPONENT(xdp_frags, 30, XDP_CONTINUE(XDP_PASS));

SEC("xdp.frags")
int xdp_frags(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct xdp_traffic *stats = bpf_map_lookup_elem(&frags_stats, &zero);

	if (stats)
		xdp_traffic_add(stats, bpf_xdp_get_buff_len(ctx));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
