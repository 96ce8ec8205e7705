// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Changes packets: pushes a VLAN tag in front of everything, or pops the outermost one. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

/* Tag control information of the pushed tag, host byte order; can be set before loading. */
const volatile __u16 mark_vlan = 100;

struct addresses {
	__u8 destination[6];
	__u8 source[6];
};

XDP_COMPONENT(xdp_mark_push, 90, XDP_CONTINUE(XDP_PASS));
XDP_COMPONENT(xdp_mark_pop, 5, XDP_CONTINUE(XDP_PASS));

SEC("xdp")
int xdp_mark_push(struct xdp_md *ctx)
{
	struct xdp_cursor cursor = xdp_cursor_of(ctx);
	struct xdp_eth *eth = xdp_take(&cursor, sizeof(*eth));
	struct xdp_vlan *vlan;
	struct addresses kept;

	if (!eth)
		return XDP_PASS;
	__builtin_memcpy(&kept, eth, sizeof(kept));
	if (bpf_xdp_adjust_head(ctx, -(int)sizeof(*vlan)))
		return XDP_PASS;

	/* The pointers are void after adjust_head. The old type now follows the new tag. */
	cursor = xdp_cursor_of(ctx);
	eth = xdp_take(&cursor, sizeof(*eth));
	vlan = xdp_take(&cursor, sizeof(*vlan));
	if (!eth || !vlan)
		return XDP_ABORTED;
	__builtin_memcpy(eth, &kept, sizeof(kept));
	eth->type = xdp_be16(XDP_ETH_VLAN);
	vlan->tag = xdp_be16(mark_vlan);
	return XDP_PASS;
}

SEC("xdp")
int xdp_mark_pop(struct xdp_md *ctx)
{
	struct xdp_cursor cursor = xdp_cursor_of(ctx);
	struct xdp_eth *eth = xdp_take(&cursor, sizeof(*eth));
	struct xdp_vlan *vlan = xdp_take(&cursor, sizeof(*vlan));
	struct addresses kept;
	__u16 type;

	if (!eth || !vlan)
		return XDP_PASS;
	type = xdp_be16(eth->type);
	if (type != XDP_ETH_VLAN && type != XDP_ETH_QINQ)
		return XDP_PASS;
	__builtin_memcpy(&kept, eth, sizeof(kept));
	if (bpf_xdp_adjust_head(ctx, sizeof(*vlan)))
		return XDP_PASS;

	cursor = xdp_cursor_of(ctx);
	eth = xdp_take(&cursor, sizeof(*eth));
	if (!eth)
		return XDP_ABORTED;
	__builtin_memcpy(eth, &kept, sizeof(kept));
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
