// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* storm IF MILLISECONDS SEED OBJECT: loads and unloads without pause, and counts what came of it. */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "actor.h"

enum { LOOKS = 10, LOOK_PAUSE_US = 100000, QUIET_S = 5 };

struct counts {
	unsigned int attached, detached, lost;
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

/*
 * A look of libxdp that a swap crosses finds no chain, or one without programs, so while others go on one look proves
 * nothing, and under many changes not even ten do.
 */
static int is_gone(int ifindex, unsigned int id)
{
	int looks;

	for (looks = 0; looks < LOOKS; looks++) {
		if (chain_holds(ifindex, id))
			return 0;
		usleep(LOOK_PAUSE_US);
	}
	return 1;
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

/* When all is quiet: what was attached and never successfully detached is in the chain, or it was lost. */
static unsigned int look_when_quiet(int ifindex, unsigned int id, struct counts *counts)
{
	sleep(QUIET_S);
	if (!is_gone(ifindex, id))
		return id;
	/* A removal that said that it failed may have worked. */
	if (!counts->tried)
		counts->lost++;
	return 0;
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
			left = look_when_quiet(ifindex, id, &counts);
	}
	answer_add(answer, "ok attached=%u detached=%u lost=%u left=%u", counts.attached, counts.detached, counts.lost, left);
	add_errors(answer, "attacherrors", counts.attach_errors);
	add_errors(answer, "detacherrors", counts.detach_errors);
	return 0;
}
