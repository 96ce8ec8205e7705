// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Runs a command and writes what it took, from before its start to after its end:
 *
 *   cost FILE COMMAND [ARGUMENT...]
 *
 * FILE gets "ok ns=TIME cpu=TIME": nanoseconds, and processor time in nanoseconds, in the kernel as well. Ends as the command does.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long nanoseconds(struct timeval time)
{
	return time.tv_sec * 1000000000LL + time.tv_usec * 1000LL;
}

static long long now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
	long long start, end;
	struct rusage usage;
	int status;
	pid_t child;
	FILE *file;

	if (argc < 3) {
		fprintf(stderr, "usage: cost FILE COMMAND [ARGUMENT...]\n");
		return 2;
	}
	start = now_ns();
	child = vfork();
	if (!child) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child) {
		perror("cost");
		return 126;
	}
	end = now_ns();
	file = fopen(argv[1], "w");
	if (!file) {
		perror(argv[1]);
		return 126;
	}
	fprintf(file, "ok ns=%lld cpu=%lld\n", end - start, nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime));
	fclose(file);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
