// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* RTM_SETLINK over a socket that stays open. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include "limit.h"

struct request {
	struct nlmsghdr header;
	struct ifinfomsg interface;
	struct nlattr xdp;
	struct nlattr fd_header;
	int fd;
	struct nlattr flags_header;
	unsigned int flags;
	struct nlattr expected_header;
	int expected;
};

int hook_swap(int ifindex, int program, int expected)
{
	static int channel = -1;
	struct request request = {
		.header = { sizeof(request), RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, 0, 0 },
		.interface = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex },
		.xdp = { sizeof(request) - offsetof(struct request, xdp), IFLA_XDP | NLA_F_NESTED },
		.fd_header = { NLA_HDRLEN + sizeof(int), IFLA_XDP_FD },
		.fd = program,
		.flags_header = { NLA_HDRLEN + sizeof(int), IFLA_XDP_FLAGS },
		.flags = XDP_FLAGS_DRV_MODE | (expected < 0 ? XDP_FLAGS_UPDATE_IF_NOEXIST : XDP_FLAGS_REPLACE),
		.expected_header = { NLA_HDRLEN + sizeof(int), IFLA_XDP_EXPECTED_FD },
		.expected = expected,
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[512];
	} answer;

	if (expected < 0) {
		/* An empty hook has no program to name. */
		request.header.nlmsg_len = offsetof(struct request, expected_header);
		request.xdp.nla_len -= NLA_HDRLEN + sizeof(int);
	}
	if (channel < 0)
		channel = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (channel < 0 || send(channel, &request, request.header.nlmsg_len, 0) < 0 || recv(channel, &answer, sizeof(answer), 0) < (ssize_t)sizeof(answer.header))
		return -errno;
	return answer.header.nlmsg_type == NLMSG_ERROR ? answer.error.error : -EPROTO;
}
