// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Counts packets and bytes and passes everything. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct xdp_traffic);
} counter SEC(".maps");

XDP_COMPONENT(xdp_counter, 50, XDP_CONTINUE(XDP_PASS));

SEC("xdp")
int xdp_counter(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct xdp_traffic *total = bpf_map_lookup_elem(&counter, &zero);

	if (total)
		xdp_traffic_add(total, xdp_linear_size(ctx));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
