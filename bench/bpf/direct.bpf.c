// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * The limit: one program that calls SLOTS functions and goes on after XDP_PASS. No policy that could be changed, no slot
 * that could be replaced. With SLOTS 0 it is the empty program, whose time is taken off all others.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/* What each returns is hidden from the compiler, or it would drop the call. */
#define COMPONENT(name)						\
	__attribute__((noinline)) int name(struct xdp_md *ctx)	\
	{							\
		int verdict = XDP_PASS;				\
								\
		asm volatile("" : "+r"(verdict) : "r"(ctx));	\
		return verdict;					\
	}

#define CALL(name)			\
	verdict = name(ctx);		\
	if (verdict != XDP_PASS)	\
		return verdict;

#if SLOTS > 0
COMPONENT(prog0)
#endif
#if SLOTS > 1
COMPONENT(prog1)
#endif
#if SLOTS > 2
COMPONENT(prog2)
COMPONENT(prog3)
COMPONENT(prog4)
#endif
#if SLOTS > 5
COMPONENT(prog5)
COMPONENT(prog6)
COMPONENT(prog7)
COMPONENT(prog8)
COMPONENT(prog9)
#endif

SEC("xdp")
int xdp_dispatcher(struct xdp_md *ctx)
{
	int verdict = XDP_PASS;

	(void)ctx;
#if SLOTS > 0
	CALL(prog0)
#endif
#if SLOTS > 1
	CALL(prog1)
#endif
#if SLOTS > 2
	CALL(prog2)
	CALL(prog3)
	CALL(prog4)
#endif
#if SLOTS > 5
	CALL(prog5)
	CALL(prog6)
	CALL(prog7)
	CALL(prog8)
	CALL(prog9)
#endif
	return verdict;
}

char _license[] SEC("license") = "Dual BSD/GPL";
