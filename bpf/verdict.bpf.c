// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* For tests: returns the verdict it is told to, by the packet or by a map, and counts its calls. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

struct verdict_state {
	__u32 from_map;		/* 0: verdict is the payload byte at `value`; else it is `value` */
	__u32 value;		/* all zero: first byte after the Ethernet header */
	__u64 calls;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct verdict_state);
} verdict_state SEC(".maps");

XDP_COMPONENT(xdp_verdict, 50, XDP_CONTINUE(XDP_PASS));

SEC("xdp")
int xdp_verdict(struct xdp_md *ctx)
{
	struct xdp_cursor cursor = xdp_cursor_of(ctx);
	__u32 zero = 0;
	struct verdict_state *state = bpf_map_lookup_elem(&verdict_state, &zero);
	__u8 *byte;

	if (!state)
		return XDP_ABORTED;
	__sync_fetch_and_add(&state->calls, 1);
	if (state->from_map)
		return state->value;
	if (!xdp_take(&cursor, sizeof(struct xdp_eth)) || !xdp_take(&cursor, state->value & 0xff))
		return XDP_PASS;
	byte = xdp_take(&cursor, 1);
	return byte ? *byte : XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
