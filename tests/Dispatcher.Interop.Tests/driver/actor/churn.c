// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* churn IF MILLISECONDS OBJECT: attaches and detaches one component without pause, looks at nothing else, and counts. */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <unistd.h>
#include "actor.h"

enum { PAUSE_AFTER_FAILURE_US = 5000 };
static const long long grace_ns = 5000000000LL;

struct churn {
	long long longest_ns;
	unsigned int changes, full, errors[ERRNO_COUNT];
};

/* What libxdp answers when all slots are taken: the chain is full, which is no failure. */
static void count(struct churn *churn, int error, long long start)
{
	long long time_ns = now_ns() - start;

	if (!error) {
		churn->changes++;
		if (time_ns > churn->longest_ns)
			churn->longest_ns = time_ns;
		return;
	}
	if (error == E2BIG)
		churn->full++;
	else
		count_errno(churn->errors, error);
	usleep(PAUSE_AFTER_FAILURE_US);
}

int churn_run(const struct command *command, struct answer *answer)
{
	int ifindex = if_nametoindex(command->words[1]), error;
	long long begin = now_ns(), end = begin + atoll(command->words[2]) * 1000000, start;
	struct churn churn = { 0 };
	unsigned int id;

	while (now_ns() < end) {
		start = now_ns();
		error = chain_add_one(ifindex, command->words[3], &id);
		count(&churn, error, start);
		if (error)
			continue;
		do {
			start = now_ns();
			error = chain_remove_one(ifindex, id);
			count(&churn, error, start);
		} while (error && now_ns() < end + grace_ns);
	}
	answer_add(answer, "ok changes=%u full=%u longest=%lld ns=%lld", churn.changes, churn.full, churn.longest_ns, now_ns() - begin);
	add_errors(answer, "errors", churn.errors);
	return 0;
}
