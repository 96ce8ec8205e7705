// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* For tests: reads the packet without looking where it ends, so the verifier refuses it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

XDP_COMPONENT(xdp_refused, 50, XDP_CONTINUE(XDP_PASS));

SEC("xdp")
int xdp_refused(struct xdp_md *ctx)
{
	struct xdp_cursor cursor = xdp_cursor_of(ctx);
	struct xdp_eth *eth = cursor.at;

	return eth->type == xdp_be16(XDP_ETH_IPV4) ? XDP_PASS : XDP_DROP;
}

char _license[] SEC("license") = "Dual BSD/GPL";
