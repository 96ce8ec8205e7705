/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* A minimal actor of docs/protocol.md, written from that page alone. */
#ifndef JOINER_H
#define JOINER_H

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

#define MAX_SLOTS 10
#define CONFIG_SIZE 124

/* Section 3, column v2. */
struct config {
	__u8 magic, version, count, is_frags;
	__u32 actions[MAX_SLOTS], priorities[MAX_SLOTS], flags[MAX_SLOTS];
};

struct component {
	int prog_fd, link_fd;
	char name[256];
	__u32 priority, actions, flags, insns;
	bool in_chain;
	__u8 tag[8];
	__u64 load_time;
};

/* What is on the hook: id 0 is nothing. */
struct hook {
	__u32 prog_id, mode_flag;
};

struct blob {
	void *bytes;
	__u32 size;
};

/* kernel.c: bpf(2) and rtnetlink; a negative result is an errno. */
void die(int code, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
int prog_by_id(__u32 id);
int map_by_id(__u32 id);
int pin_open(const char *path);
int pin_make(int fd, const char *path);
int link_create(int component_fd, int dispatcher_fd, __u32 function_id);
void object_info(int fd, void *info, __u32 size);
void map_read(int map_fd, void *value);
struct blob btf_of_kernel(__u32 btf_id);
int hook_read(int ifindex, struct hook *hook);
int hook_swap(int ifindex, int prog_fd, int expected_fd, __u32 mode_flag);

/* btf.c: the few shapes of BTF that the protocol needs. */
__u32 btf_function(struct blob btf, const char *name);
bool btf_full_name(struct blob btf, const char *kernel_name, char *name, size_t size);
int btf_marker(struct blob btf);
void btf_run_config(struct blob btf, const char *function, __u32 *priority, __u32 *actions);

#endif
