// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* A component that continues in another XDP program, which user space puts into `targets`. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);	/* fd of a program of type XDP; EXT is refused by the kernel */
} targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);	/* packets for which there was no target */
} misses SEC(".maps");

XDP_COMPONENT(xdp_tail_call, 40, XDP_CONTINUE(XDP_PASS));

SEC("xdp")
int xdp_tail_call(struct xdp_md *ctx)
{
	__u32 zero = 0;
	__u64 *missed;

	bpf_tail_call(ctx, &targets, 0);

	missed = bpf_map_lookup_elem(&misses, &zero);
	if (missed)
		__sync_fetch_and_add(missed, 1);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
