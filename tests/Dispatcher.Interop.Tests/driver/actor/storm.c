// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * storm IF MILLISECONDS SEED OBJECT: loads and unloads without pause, and counts what came of it. left: what was attached
 * last and never successfully detached; tried: a removal of it failed, and may have worked all the same. Whether it is in
 * the chain, who started the storm finds out when all is quiet: a look that a swap crosses finds no chain, or one without
 * programs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "actor.h"

struct counts {
	unsigned int attached, detached;
	int tried;
	unsigned int attach_errors[ERRNO_COUNT], detach_errors[ERRNO_COUNT];
};

static long long now_ms(void)
{
	return now_ns() / 1000000;
}

void count_errno(unsigned int *errors, int error)
{
	errors[error > 0 && error < ERRNO_COUNT ? error : 0]++;
}

void add_errors(struct answer *answer, const char *name, const unsigned int *errors)
{
	const char *comma = "";
	int i;

	answer_add(answer, " %s=", name);
	for (i = 0; i < ERRNO_COUNT; i++) {
		if (!errors[i])
			continue;
		answer_add(answer, "%s%d:%u", comma, i, errors[i]);
		comma = ",";
	}
}

/* Tries until it is removed or the storm is over. 0: removed. */
static int remove_for_sure(int ifindex, unsigned int id, long long end, struct counts *counts)
{
	int error;

	do {
		error = chain_remove_one(ifindex, id);
		if (!error) {
			counts->detached++;
			return 0;
		}
		count_errno(counts->detach_errors, error);
		counts->tried |= error != ESRCH;
		usleep(1000 + rand() % 20000);
	} while (now_ms() < end);
	return error;
}

int storm_run(const struct command *command, struct answer *answer)
{
	int ifindex = if_nametoindex(command->words[1]);
	long long end = now_ms() + atoll(command->words[2]);
	struct counts counts = { 0 };
	unsigned int id, left = 0;
	int error;

	srand(atoi(command->words[3]));
	while (now_ms() < end) {
		error = chain_add_one(ifindex, command->words[4], &id);
		if (error) {
			count_errno(counts.attach_errors, error);
			usleep(rand() % 5000);
			continue;
		}
		counts.attached++;
		counts.tried = 0;
		usleep(rand() % 5000);
		if (remove_for_sure(ifindex, id, end, &counts))
			left = id;
	}
	answer_add(answer, "ok attached=%u detached=%u left=%u tried=%d", counts.attached, counts.detached, left, counts.tried);
	add_errors(answer, "attacherrors", counts.attach_errors);
	add_errors(answer, "detacherrors", counts.detach_errors);
	return 0;
}
