// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Reads commands, one a line, and answers each with one line, until its input ends. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>
#include "actor.h"

static char last_warning[512];

void answer_add(struct answer *answer, const char *format, ...)
{
	va_list arguments;
	int written;

	va_start(arguments, format);
	written = vsnprintf(answer->text + answer->length, sizeof(answer->text) - answer->length, format, arguments);
	va_end(arguments);
	if (written > 0 && (size_t)written < sizeof(answer->text) - answer->length)
		answer->length += written;
}

int answer_error(struct answer *answer, int error, const char *what)
{
	char text[256] = "";
	char *end;

	error = abs(error);
	libxdp_strerror(error, text, sizeof(text));
	for (end = last_warning; *end; end++)
		if (*end == '\n' || *end == '\r')
			*end = ' ';
	answer_add(answer, "error errno=%d text=%s: %s; %s", error, what, text, last_warning);
	return error ? error : EINVAL;
}

static int keep_warning(enum libxdp_print_level level, const char *format, va_list arguments)
{
	if (level == LIBXDP_WARN)
		vsnprintf(last_warning, sizeof(last_warning), format, arguments);
	return 0;
}

static int drop_libbpf(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

void warnings_keep(void)
{
	libxdp_set_print(keep_warning);
	libbpf_set_print(drop_libbpf);
}

void warnings_forget(void)
{
	last_warning[0] = 0;
}

static void cut(char *line, struct command *command)
{
	char *place, *word;

	command->count = 0;
	for (word = strtok_r(line, " \n", &place); word && command->count < MAX_WORDS; word = strtok_r(NULL, " \n", &place))
		command->words[command->count++] = word;
}

/* "at NANOSECONDS COMMAND...": the command, when the monotonic clock says so. */
static void wait_until(struct command *command)
{
	unsigned long long at = strtoull(command->words[1], NULL, 10);
	struct timespec time = { .tv_sec = at / 1000000000, .tv_nsec = at % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
	command->count -= 2;
	memmove(command->words, command->words + 2, command->count * sizeof(command->words[0]));
}

long long now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Processor time of this process, in the kernel as well. */
static long long cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void carry_out(struct command *command, struct answer *answer)
{
	static const struct {
		const char *name;
		int least_words;
		int (*run)(const struct command *, struct answer *);
		bool is_timed;
	} verbs[] = {
		{ "attach", 5, chain_attach, true },
		{ "detach", 3, chain_detach, true },
		{ "list", 2, chain_list, false },
		{ "clean", 2, chain_clean, false },
		{ "storm", 5, storm_run, false },
		{ "churn", 4, churn_run, false },
	};
	long long start, cpu_start;
	size_t i;

	if (command->count > 2 && !strcmp(command->words[0], "at"))
		wait_until(command);
	warnings_forget();
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (command->count >= verbs[i].least_words && !strcmp(command->words[0], verbs[i].name)) {
			start = now_ns();
			cpu_start = cpu_ns();
			if (!verbs[i].run(command, answer) && verbs[i].is_timed)
				answer_add(answer, " ns=%lld cpu=%lld", now_ns() - start, cpu_ns() - cpu_start);
			return;
		}
	}
	answer_add(answer, "error errno=%d text=unknown command or too few words", EINVAL);
}

int main(void)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	const struct rlimit many_files = { 1 << 16, 1 << 16 };
	static struct answer answer;
	struct command command;
	size_t size = 0;
	char *line = NULL;

	/* Kernels before 5.11 count BPF memory against it. */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	/* libxdp 1.3 keeps the fds of programs that left. */
	setrlimit(RLIMIT_NOFILE, &many_files);
	warnings_keep();
	printf("ready\n");
	fflush(stdout);
	while (getline(&line, &size, stdin) > 0) {
		cut(line, &command);
		answer.length = 0;
		answer.text[0] = 0;
		carry_out(&command, &answer);
		printf("%s\n", answer.text);
		fflush(stdout);
	}
	free(line);
	return 0;
}
