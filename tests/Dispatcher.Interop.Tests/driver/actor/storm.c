// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* storm IF MILLISECONDS SEED OBJECT: loads and unloads without pause, and counts what came of it. */
#define _GNU_SOURCE
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "actor.h"

enum { ERRNO_COUNT = 134, RETRIES = 200, LOOKS = 10 };

struct counts {
	unsigned int attached, detached, not_there;
	unsigned int attach_errors[ERRNO_COUNT], detach_errors[ERRNO_COUNT];
};

static long long now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

static void count(unsigned int *errors, int error)
{
	errors[error > 0 && error < ERRNO_COUNT ? error : 0]++;
}

static void add_errors(struct answer *answer, const char *name, const unsigned int *errors)
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

/* A look of libxdp that a swap crosses finds no chain where there is one, so one look proves nothing. */
static int is_gone(int ifindex, unsigned int id)
{
	int looks;

	for (looks = 0; looks < LOOKS; looks++) {
		if (chain_holds(ifindex, id))
			return 0;
		usleep(20000);
	}
	return 1;
}

/* What stays in the chain although the storm is over is named, so that nobody counts it as lost. */
static int remove_for_sure(int ifindex, unsigned int id, struct counts *counts)
{
	int tries, error = 0;

	for (tries = 0; tries < RETRIES; tries++) {
		error = chain_remove_one(ifindex, id);
		if (!error) {
			counts->detached++;
			return 0;
		}
		count(counts->detach_errors, error);
		usleep(1000 + rand() % 20000);
		if (is_gone(ifindex, id))
			return 0;
	}
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
			count(counts.attach_errors, error);
			usleep(rand() % 5000);
			continue;
		}
		counts.attached++;
		if (chain_holds(ifindex, id) == 0 && is_gone(ifindex, id))
			counts.not_there++;
		usleep(rand() % 5000);
		if (remove_for_sure(ifindex, id, &counts))
			left = id;
	}
	answer_add(answer, "ok attached=%u detached=%u notthere=%u left=%u", counts.attached, counts.detached, counts.not_there, left);
	add_errors(answer, "attacherrors", counts.attach_errors);
	add_errors(answer, "detacherrors", counts.detach_errors);
	return 0;
}
