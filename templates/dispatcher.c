// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * XDP dispatcher, protocol version {{version}}, {{slot_count}} of 10 slots used.
 * Rendered from templates/dispatcher.c: the C twin of the object that xdp-dispatch generates.
 * Build: clang -O2 -g -target bpf -mcpu=v2 -c dispatcher.c -o dispatcher.o
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#define DISPATCHER_VERSION {{version}}
{{#since_v2}}
#define DISPATCHER_MAGIC 236
{{/since_v2}}
#define MAX_SLOTS 10

/* What a stub returns while no component is in its place. Every policy has this bit. */
#define EMPTY_SLOT 31

/* Readers of a chain find this as the value of the program's only map. */
struct xdp_dispatcher_config {
{{#since_v2}}
	__u8 magic;
	__u8 dispatcher_version;
{{/since_v2}}
	__u8 num_progs_enabled;
{{#since_v2}}
	__u8 is_xdp_frags;
{{/since_v2}}
	__u32 chain_call_actions[MAX_SLOTS];
	__u32 run_prios[MAX_SLOTS];
{{#since_v2}}
	__u32 program_flags[MAX_SLOTS];
{{/since_v2}}
{{#since_v3}}
	__u8 is_xdp_devbound;
{{/since_v3}}
};

static volatile const struct xdp_dispatcher_config conf = {
{{#since_v2}}
	.magic = DISPATCHER_MAGIC,
	.dispatcher_version = DISPATCHER_VERSION,
{{/since_v2}}
	.num_progs_enabled = {{slot_count}},
{{#since_v2}}
	.is_xdp_frags = {{frags}},
{{/since_v2}}
	.chain_call_actions = {
{{#slots}}
		{{actions_hex}},	/* {{index}}: {{actions}} */
{{/slots}}
	},
	.run_prios = {
{{#slots}}
		{{priority}},
{{/slots}}
	},
{{#since_v2}}
	.program_flags = {
{{#slots}}
		{{flags_hex}},
{{/slots}}
	},
{{/since_v2}}
{{#since_v3}}
	.is_xdp_devbound = {{devbound}},
{{/since_v3}}
};

/*
 * A function that a component can take the place of. The null check lets the verifier accept any
 * context there. The call declares that packet data may change: without it the kernel refuses
 * components that change packets. The asm hides the result, so that no caller is compiled on it.
 */
#ifndef REPLACEABLE
#define REPLACEABLE(name)						\
	__attribute__((noinline)) int name(struct xdp_md *ctx)		\
	{								\
		int verdict = EMPTY_SLOT;				\
									\
		if (!ctx)						\
			return XDP_ABORTED;				\
		bpf_xdp_adjust_tail(ctx, 0);				\
		asm volatile("" : "+r"(verdict));			\
		return verdict;						\
	}
#endif

{{#stubs}}
REPLACEABLE(prog{{index}})
{{/stubs}}
{{#generic}}
REPLACEABLE(compat_test)
{{/generic}}

/* Does the chain go on after this verdict? A verdict above 31 has no bit in a policy and ends it. */
static __always_inline int goes_on(__u32 verdict, __u32 actions)
{
	return verdict <= EMPTY_SLOT && (actions >> verdict & 1);
}

SEC("{{section}}")
int xdp_dispatcher(struct xdp_md *ctx)
{
	__u32 verdict;

{{#generic}}
	__u32 enabled = conf.num_progs_enabled;

{{#stubs}}
	if (enabled <= {{index}})
		return XDP_PASS;
	verdict = prog{{index}}(ctx);
	if (!goes_on(verdict, conf.chain_call_actions[{{index}}]))
		return verdict;

{{/stubs}}
	/* Not called: 10 is the most. It keeps compat_test in the program. */
	if (enabled <= MAX_SLOTS)
		return XDP_PASS;
	return compat_test(ctx);
{{/generic}}
{{#specialised}}
	/* Makes the config one of the program's maps although no instruction reads it. */
	asm volatile("" : : "r"(&conf));

{{#slots}}
	verdict = prog{{index}}(ctx);
	if (!goes_on(verdict, {{actions_hex}}))
		return verdict;

{{/slots}}
	return XDP_PASS;
{{/specialised}}
}

{{#generic}}
/* A whole program beside the chain; libxdp tries out with it what the kernel can do. */
SEC("{{section}}")
int xdp_pass(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_PASS;
}

{{/generic}}
/* The version marker: the number of elements is the version. Only its BTF is read. */
__uint(dispatcher_version, DISPATCHER_VERSION) SEC("xdp_metadata");

char _license[] SEC("license") = "Dual BSD/GPL";
