// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Counts per protocol and per source, and reports a source that floods with SYNs or scans ports. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include "xdp_component.h"

struct source_key {
	__u8 address[16];	/* IPv6, or IPv4 as ::ffff:a.b.c.d */
};

struct source_stats {
	struct xdp_traffic traffic;
	__u64 window_start_ns;	/* CLOCK_MONOTONIC */
	__u32 syns;		/* connection attempts in this window */
	__u32 ports;		/* different destination ports tried in this window (modulo 256) */
	__u32 reported;		/* bit per event kind already raised in this window */
	__u32 pad;
	__u64 port_bits[4];
};

enum { IDS_SYN_FLOOD = 1, IDS_PORT_SCAN = 2 };

struct ids_event {
	__u64 timestamp_ns;	/* CLOCK_MONOTONIC */
	__u32 kind;		/* IDS_SYN_FLOOD, IDS_PORT_SCAN */
	__u32 count;		/* SYNs or ports seen when the threshold was reached */
	__u8 source[16];
	__u16 destination_port;	/* of the packet that reached it; host byte order */
	__u8 protocol;
	__u8 pad;
	__u32 ifindex;
};

/* A member that is 0 means its default. Can be changed while the program runs. */
struct ids_config {
	__u64 window_ns;	/* default 1 s */
	__u32 syn_threshold;	/* default 100 */
	__u32 port_threshold;	/* default 20; at most 256 can be told apart */
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, XDP_NOT_IP + 1);
	__type(key, __u32);	/* IP protocol number; 256 what is not IP */
	__type(value, struct xdp_traffic);
} protocol_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct source_key);
	__type(value, struct source_stats);
} source_stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct ids_config);
} ids_config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} events SEC(".maps");

XDP_COMPONENT(xdp_ids, 20, XDP_CONTINUE(XDP_PASS));

static __always_inline int read_source(const struct xdp_parsed *parsed, struct source_key *key)
{
	if (parsed->ipv6) {
		__builtin_memcpy(key->address, parsed->ipv6->source, 16);
		return 1;
	}
	if (parsed->ipv4) {
		key->address[10] = 0xff;
		key->address[11] = 0xff;
		__builtin_memcpy(key->address + 12, parsed->ipv4->source, 4);
		return 1;
	}
	return 0;
}

static __always_inline struct source_stats *find_source(const struct source_key *key)
{
	struct source_stats *stats = bpf_map_lookup_elem(&source_stats, key);

	if (!stats) {
		struct source_stats fresh = {};

		bpf_map_update_elem(&source_stats, key, &fresh, BPF_NOEXIST);
		stats = bpf_map_lookup_elem(&source_stats, key);
	}
	return stats;
}

/* A SYN without ACK. The flags are in the byte 9 bytes after the ports. */
static __always_inline int is_syn(struct xdp_cursor *cursor, const struct xdp_parsed *parsed)
{
	__u8 *rest;

	if (parsed->protocol != XDP_IP_TCP)
		return 0;
	rest = xdp_take(cursor, 10);
	return rest && (rest[9] & (XDP_TCP_SYN | XDP_TCP_ACK)) == XDP_TCP_SYN;
}

static __always_inline void report(struct xdp_md *ctx, const struct source_key *key,
				   struct source_stats *stats, __u32 kind, __u32 count,
				   __u16 port, __u8 protocol)
{
	struct ids_event *event;

	if (stats->reported & (1 << kind))
		return;
	stats->reported |= 1 << kind;

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return;
	event->timestamp_ns = bpf_ktime_get_ns();
	event->kind = kind;
	event->count = count;
	__builtin_memcpy(event->source, key->address, sizeof(event->source));
	event->destination_port = port;
	event->protocol = protocol;
	event->pad = 0;
	event->ifindex = ctx->ingress_ifindex;
	bpf_ringbuf_submit(event, 0);
}

/* Two CPUs may open a window at once or count a port twice: a threshold is reached a little early or late. */
static __always_inline void watch(struct xdp_md *ctx, const struct source_key *key,
				  struct source_stats *stats, __u16 port, __u8 protocol, int syn)
{
	__u32 zero = 0;
	const struct ids_config *config = bpf_map_lookup_elem(&ids_config, &zero);
	__u64 now = bpf_ktime_get_ns();
	__u64 bit = 1ULL << (port & 63);
	__u64 *bits = &stats->port_bits[(port >> 6) & 3];

	if (!config)
		return;
	if (now - stats->window_start_ns >= (config->window_ns ?: 1000000000ULL)) {
		stats->window_start_ns = now;
		stats->syns = 0;
		stats->ports = 0;
		stats->reported = 0;
		__builtin_memset(stats->port_bits, 0, sizeof(stats->port_bits));
	}
	if (syn) {
		__sync_fetch_and_add(&stats->syns, 1);
		if (stats->syns >= (config->syn_threshold ?: 100))
			report(ctx, key, stats, IDS_SYN_FLOOD, stats->syns, port, protocol);
	}
	if (!(*bits & bit)) {
		*bits |= bit;
		__sync_fetch_and_add(&stats->ports, 1);
		if (stats->ports >= (config->port_threshold ?: 20))
			report(ctx, key, stats, IDS_PORT_SCAN, stats->ports, port, protocol);
	}
}

SEC("xdp")
int xdp_ids(struct xdp_md *ctx)
{
	struct xdp_cursor cursor = xdp_cursor_of(ctx);
	struct xdp_parsed parsed = xdp_parse(&cursor);
	__u64 size = xdp_linear_size(ctx);
	__u32 protocol = parsed.protocol;
	struct xdp_traffic *per_protocol = bpf_map_lookup_elem(&protocol_stats, &protocol);
	struct source_key key = {};
	struct source_stats *stats;
	int syn;

	if (per_protocol)
		xdp_traffic_add(per_protocol, size);
	if (!read_source(&parsed, &key))
		return XDP_PASS;
	stats = find_source(&key);
	if (!stats)
		return XDP_PASS;
	xdp_traffic_add(&stats->traffic, size);
	if (!parsed.ports)
		return XDP_PASS;
	syn = is_syn(&cursor, &parsed);
	if (syn || protocol == XDP_IP_UDP)
		watch(ctx, &key, stats, xdp_be16(parsed.ports->destination), protocol, syn);
	return XDP_PASS;
}

char _license[] SEC("license") = "Dual BSD/GPL";
