// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Asks the driver when each packet came, counts the answers and passes everything. Only a device-bound program may ask. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

extern int bpf_xdp_metadata_rx_timestamp(const struct xdp_md *ctx, __u64 *timestamp) __ksym;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64);
} metadata_stats SEC(".maps");

XDP_COMPONENT(xdp_metadata, 50, XDP_CONTINUE(XDP_PASS));

SEC("xdp")
int xdp_metadata(struct xdp_md *ctx)
{
	__u64 timestamp;
	__u32 answered = bpf_xdp_metadata_rx_timestamp(ctx, &timestamp) == 0;
	__u64 *count = bpf_map_lookup_elem(&metadata_stats, &answered);

	if (count)
		__sync_fetch_and_add(count, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
