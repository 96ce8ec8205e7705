// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* The component of all measurements: it does nothing and has no maps, so that what is timed is what is around it. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("xdp")
int bench_pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
