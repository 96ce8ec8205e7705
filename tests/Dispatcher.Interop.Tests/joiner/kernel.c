// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
// bpf(2) and rtnetlink: sections 7, 11 and 14 of docs/protocol.md.
#include "joiner.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

void die(int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(code);
}

static int bpf(int command, union bpf_attr *attr)
{
	long result = syscall(__NR_bpf, command, attr, sizeof(*attr));

	return result < 0 ? -errno : (int)result;
}

int prog_by_id(__u32 id)
{
	union bpf_attr attr = { .prog_id = id };

	return bpf(BPF_PROG_GET_FD_BY_ID, &attr);
}

int map_by_id(__u32 id)
{
	union bpf_attr attr = { .map_id = id };

	return bpf(BPF_MAP_GET_FD_BY_ID, &attr);
}

int pin_open(const char *path)
{
	union bpf_attr attr = { .pathname = (__u64)path };

	return bpf(BPF_OBJ_GET, &attr);
}

int pin_make(int fd, const char *path)
{
	union bpf_attr attr = { .pathname = (__u64)path, .bpf_fd = fd };

	return bpf(BPF_OBJ_PIN, &attr);
}

int link_create(int component_fd, int dispatcher_fd, __u32 function_id)
{
	union bpf_attr attr = { .link_create = { .prog_fd = component_fd, .target_fd = dispatcher_fd, .target_btf_id = function_id } };

	return bpf(BPF_LINK_CREATE, &attr);
}

void object_info(int fd, void *info, __u32 size)
{
	union bpf_attr attr = { .info = { .bpf_fd = fd, .info_len = size, .info = (__u64)info } };
	int error = bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);

	if (error)
		die(1, "info of fd %d: %s", fd, strerror(-error));
}

void map_read(int map_fd, void *value)
{
	__u32 key = 0;
	union bpf_attr attr = { .map_fd = map_fd, .key = (__u64)&key, .value = (__u64)value };
	int error = bpf(BPF_MAP_LOOKUP_ELEM, &attr);

	if (error)
		die(1, "config map: %s", strerror(-error));
}

struct blob btf_of_kernel(__u32 btf_id)
{
	union bpf_attr attr = { .btf_id = btf_id };
	struct bpf_btf_info info = {};
	struct blob btf = {};
	int fd = btf_id ? bpf(BPF_BTF_GET_FD_BY_ID, &attr) : -ENOENT;

	if (fd < 0)
		return btf;
	object_info(fd, &info, sizeof(info));
	btf.size = info.btf_size;
	btf.bytes = malloc(btf.size);
	info = (struct bpf_btf_info){ .btf = (__u64)btf.bytes, .btf_size = btf.size };
	object_info(fd, &info, sizeof(info));
	close(fd);
	return btf;
}

struct request {
	struct nlmsghdr header;
	struct ifinfomsg interface;
	char attributes[128];
};

static struct nlattr *put(struct request *request, __u16 type, const void *value, __u16 size)
{
	struct nlattr *attribute = (void *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));

	attribute->nla_type = type;
	attribute->nla_len = NLA_HDRLEN + size;
	if (size)
		memcpy((char *)attribute + NLA_HDRLEN, value, size);
	request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + NLA_ALIGN(attribute->nla_len);
	return attribute;
}

// One request, one answer: the size of what was received, or an errno of socket or kernel.
static int ask(struct request *request, char *answer, size_t size)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int error = 0, fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	ssize_t got;

	if (fd < 0 || sendto(fd, request, request->header.nlmsg_len, 0, (void *)&kernel, sizeof(kernel)) < 0)
		error = -errno;
	got = error ? 0 : recv(fd, answer, size, 0);
	if (got < 0)
		error = -errno;
	if (fd >= 0)
		close(fd);
	if (!error && ((struct nlmsghdr *)answer)->nlmsg_type == NLMSG_ERROR)
		error = ((struct nlmsgerr *)NLMSG_DATA(answer))->error;
	return error ? error : (int)got;
}

int hook_read(int ifindex, struct hook *hook)
{
	struct request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST },
		.interface = { .ifi_index = ifindex },
	};
	char answer[32768];
	int got = ask(&request, answer, sizeof(answer));
	struct rtattr *link;
	int left;

	memset(hook, 0, sizeof(*hook));
	if (got < 0)
		return got;
	left = (int)((struct nlmsghdr *)answer)->nlmsg_len - NLMSG_LENGTH(sizeof(struct ifinfomsg));
	for (link = (void *)(answer + NLMSG_LENGTH(sizeof(struct ifinfomsg))); RTA_OK(link, left); link = RTA_NEXT(link, left)) {
		struct rtattr *xdp = RTA_DATA(link);
		int inside = RTA_PAYLOAD(link);

		if ((link->rta_type & NLA_TYPE_MASK) != IFLA_XDP)
			continue;
		for (; RTA_OK(xdp, inside); xdp = RTA_NEXT(xdp, inside)) {
			if (xdp->rta_type == IFLA_XDP_PROG_ID)
				hook->prog_id = *(__u32 *)RTA_DATA(xdp);
			if (xdp->rta_type == IFLA_XDP_ATTACHED && *(__u8 *)RTA_DATA(xdp))
				hook->mode_flag = *(__u8 *)RTA_DATA(xdp) == XDP_ATTACHED_SKB ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE;
		}
	}
	return 0;
}

// P-124: flag and expectation belong together.
int hook_swap(int ifindex, int prog_fd, int expected_fd, __u32 mode_flag)
{
	struct request request = {
		.header = { .nlmsg_len = NLMSG_LENGTH(sizeof(struct ifinfomsg)), .nlmsg_type = RTM_SETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.interface = { .ifi_index = ifindex },
	};
	__u32 flags = mode_flag | (expected_fd < 0 ? XDP_FLAGS_UPDATE_IF_NOEXIST : XDP_FLAGS_REPLACE);
	struct nlattr *nest = put(&request, NLA_F_NESTED | IFLA_XDP, NULL, 0);
	char answer[4096];
	int got;

	put(&request, IFLA_XDP_FD, &prog_fd, sizeof(prog_fd));
	put(&request, IFLA_XDP_FLAGS, &flags, sizeof(flags));
	if (expected_fd >= 0)
		put(&request, IFLA_XDP_EXPECTED_FD, &expected_fd, sizeof(expected_fd));
	nest->nla_len = (char *)&request + request.header.nlmsg_len - (char *)nest;
	got = ask(&request, answer, sizeof(answer));
	return got < 0 ? got : 0;
}
