/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/*
 * For authors of component programs: programs that share one NIC behind a dispatcher.
 *
 * A component is an ordinary XDP program. It is loaded in place of a stub of the dispatcher, so:
 *   - it is a global function with one argument, `struct xdp_md *`, and it is compiled with -g (BTF);
 *   - it says with XDP_COMPONENT() where in the chain it wants to run, and which of its verdicts
 *     let the chain go on; any other verdict ends the chain and is what happens to the packet;
 *   - without XDP_COMPONENT() it has priority 50 and the chain goes on after XDP_PASS;
 *   - its name should be unique in its first 15 characters, which is what the kernel keeps.
 *
 *	#include <linux/bpf.h>
 *	#include <bpf/bpf_helpers.h>
 *	#include "xdp_component.h"
 *
 *	XDP_COMPONENT(my_filter, 10, XDP_CONTINUE(XDP_PASS));
 *
 *	SEC("xdp")
 *	int my_filter(struct xdp_md *ctx) { return XDP_PASS; }
 *
 *	char _license[] SEC("license") = "Dual BSD/GPL";
 *
 * Build: clang -O2 -g -target bpf -mcpu=v3 -c my_filter.bpf.c -o my_filter.o
 */
#ifndef XDP_COMPONENT_H
#define XDP_COMPONENT_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

/*
 * Run configuration of the program `function`. `priority` (0 and up) orders the chain, lowest first.
 * Then any number of XDP_CONTINUE(verdict), one after the other without commas; none at all means
 * that the chain always ends here. The values live in BTF only, no byte of them is loaded.
 */
#define XDP_COMPONENT(function, run_priority, ...)	\
	XDP_COMPONENT_OF(function, run_priority, __VA_ARGS__)

/* `function` may be a macro, whose value counts. */
#define XDP_COMPONENT_OF(function, run_priority, ...)	\
	struct {					\
		__uint(priority, run_priority);		\
		__VA_ARGS__				\
	} _##function SEC(".xdp_run_config")

/* The chain goes on to the next component when this one returns `verdict`: XDP_PASS, XDP_TX, ... */
#define XDP_CONTINUE(verdict) __uint(verdict, 1);

/* ---- packets and bytes ---- */

struct xdp_traffic {
	__u64 packets;
	__u64 bytes;
};

/* Adds one packet of `size` bytes. Atomic, so that readers need not sum over CPUs. */
static __always_inline void xdp_traffic_add(struct xdp_traffic *traffic, __u64 size)
{
	__sync_fetch_and_add(&traffic->packets, 1);
	__sync_fetch_and_add(&traffic->bytes, size);
}

/* Size of the packet's linear part, which is the whole packet unless the program is xdp.frags. */
static __always_inline __u64 xdp_linear_size(const struct xdp_md *ctx)
{
	return ctx->data_end - ctx->data;
}

/* ---- headers ---- */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define xdp_be16(value) ((__u16)__builtin_bswap16(value))
#else
#define xdp_be16(value) ((__u16)(value))
#endif

enum {
	XDP_ETH_IPV4 = 0x0800,
	XDP_ETH_VLAN = 0x8100,
	XDP_ETH_IPV6 = 0x86dd,
	XDP_ETH_QINQ = 0x88a8,

	XDP_IP_HOP_OPTIONS = 0,
	XDP_IP_TCP = 6,
	XDP_IP_UDP = 17,
	XDP_IP_ROUTING = 43,
	XDP_IP_FRAGMENT = 44,
	XDP_IP_DESTINATION_OPTIONS = 60,

	XDP_TCP_SYN = 0x02,
	XDP_TCP_ACK = 0x10,
};

/* Headers start at even addresses, which lets 16 bits be read at once. */
#define XDP_HEADER __attribute__((packed, aligned(2)))

struct xdp_eth {
	__u8 destination[6];
	__u8 source[6];
	__be16 type;
} XDP_HEADER;

struct xdp_vlan {
	__be16 tag;
	__be16 type;
} XDP_HEADER;

struct xdp_ipv4 {
	__u8 version_and_words;		/* high 4 bits: 4; low 4 bits: header size in 32-bit words */
	__u8 service;
	__be16 total_size;
	__be16 id;
	__be16 fragment;		/* low 13 bits: offset in units of 8 bytes */
	__u8 ttl;
	__u8 protocol;
	__be16 checksum;
	__u8 source[4];
	__u8 destination[4];
} XDP_HEADER;

struct xdp_ipv6 {
	__be32 version_class_flow;
	__be16 payload_size;
	__u8 next;
	__u8 hops;
	__u8 source[16];
	__u8 destination[16];
} XDP_HEADER;

struct xdp_ipv6_extension {
	__u8 next;
	__u8 size;			/* in units of 8 bytes, without the first 8 */
	__be16 fragment;		/* fragment header only: high 13 bits are the offset */
	__be32 rest;
} XDP_HEADER;

struct xdp_ports {
	__be16 source;
	__be16 destination;
} XDP_HEADER;

/* ---- parsing ---- */

/* Where a parser stands. Every step checks `end` before it moves, as the verifier asks. */
struct xdp_cursor {
	void *at;
	void *end;
};

static __always_inline struct xdp_cursor xdp_cursor_of(const struct xdp_md *ctx)
{
	struct xdp_cursor cursor = {
		.at = (void *)(long)ctx->data,
		.end = (void *)(long)ctx->data_end,
	};

	return cursor;
}

/* The next `size` bytes, or NULL when the packet is shorter. */
static __always_inline void *xdp_take(struct xdp_cursor *cursor, __u32 size)
{
	void *taken = cursor->at;

	if (taken + size > cursor->end)
		return 0;
	cursor->at = taken + size;
	return taken;
}

#define XDP_NOT_IP 256	/* in place of an IP protocol number */

/* What xdp_parse() found. Pointers are into the packet, and NULL when there is no such header. */
struct xdp_parsed {
	struct xdp_ipv4 *ipv4;
	struct xdp_ipv6 *ipv6;
	struct xdp_ports *ports;	/* TCP and UDP, first fragment */
	__u32 protocol;			/* IP protocol after IPv6 extensions, or XDP_NOT_IP */
};

/* Passes the Ethernet header and at most two VLAN tags. Returns the type that follows, 0 when cut. */
static __always_inline __u16 xdp_parse_eth(struct xdp_cursor *cursor)
{
	struct xdp_eth *eth = xdp_take(cursor, sizeof(*eth));
	__u16 type;

	if (!eth)
		return 0;
	type = xdp_be16(eth->type);

#pragma unroll
	for (int tag = 0; tag < 2; tag++) {
		struct xdp_vlan *vlan;

		if (type != XDP_ETH_VLAN && type != XDP_ETH_QINQ)
			break;
		vlan = xdp_take(cursor, sizeof(*vlan));
		if (!vlan)
			return 0;
		type = xdp_be16(vlan->type);
	}
	return type;
}

/* Passes an IPv4 header with its options. Returns 1 when the transport header follows, else 0. */
static __always_inline int xdp_parse_ipv4(struct xdp_cursor *cursor, struct xdp_parsed *parsed)
{
	struct xdp_ipv4 *ipv4 = xdp_take(cursor, sizeof(*ipv4));
	__u32 words;

	if (!ipv4)
		return 0;
	words = ipv4->version_and_words & 0x0f;
	if (words < 5)
		return 0;
	parsed->ipv4 = ipv4;
	parsed->protocol = ipv4->protocol;
	if (!xdp_take(cursor, (words - 5) * 4))
		return 0;
	return !(xdp_be16(ipv4->fragment) & 0x1fff);
}

/* The same for IPv6, with at most six extension headers. */
static __always_inline int xdp_parse_ipv6(struct xdp_cursor *cursor, struct xdp_parsed *parsed)
{
	struct xdp_ipv6 *ipv6 = xdp_take(cursor, sizeof(*ipv6));
	__u8 next;

	if (!ipv6)
		return 0;
	parsed->ipv6 = ipv6;
	next = ipv6->next;

#pragma unroll
	for (int header = 0; header < 6; header++) {
		struct xdp_ipv6_extension *extension;

		if (next != XDP_IP_HOP_OPTIONS && next != XDP_IP_ROUTING &&
		    next != XDP_IP_FRAGMENT && next != XDP_IP_DESTINATION_OPTIONS)
			break;
		parsed->protocol = next;
		extension = xdp_take(cursor, sizeof(*extension));
		if (!extension)
			return 0;
		if (next == XDP_IP_FRAGMENT) {
			if (xdp_be16(extension->fragment) & 0xfff8) {
				parsed->protocol = extension->next;
				return 0;
			}
		} else if (!xdp_take(cursor, extension->size * 8)) {
			return 0;
		}
		next = extension->next;
	}
	parsed->protocol = next;
	return 1;
}

/*
 * Everything from Ethernet to the ports of TCP and UDP. The cursor ends after the ports. A packet
 * that is cut or malformed leaves the fields that could not be read at NULL and XDP_NOT_IP.
 */
static __always_inline struct xdp_parsed xdp_parse(struct xdp_cursor *cursor)
{
	struct xdp_parsed parsed = { .protocol = XDP_NOT_IP };
	__u16 type = xdp_parse_eth(cursor);
	int transport = 0;

	if (type == XDP_ETH_IPV4)
		transport = xdp_parse_ipv4(cursor, &parsed);
	else if (type == XDP_ETH_IPV6)
		transport = xdp_parse_ipv6(cursor, &parsed);

	if (transport && (parsed.protocol == XDP_IP_TCP || parsed.protocol == XDP_IP_UDP))
		parsed.ports = xdp_take(cursor, sizeof(*parsed.ports));
	return parsed;
}

#endif
