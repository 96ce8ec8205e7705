// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * Loads XDP programs or opens those that are attached, and runs them on one packet, many times. One command a line:
 *
 *	load FILE	xdp_dispatcher of an object, which nothing is attached to
 *	open ID		a program in the kernel
 *	close HANDLE	lets go of it
 *	run HANDLE N	answers with the processor time of N runs in nanoseconds, without what it takes to begin
 *
 * load and open answer with a handle, the sizes, the translated instructions and the value of the only map, in hex.
 * Processor time of this thread: what others do on this machine is not in it.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

enum { MAX_HANDLES = 256, MAX_CODE = 1 << 16, MAX_VALUE = 4096 };

/* Fds of programs; 0: free. */
static int handles[MAX_HANDLES];

static void print_hex(const char *name, const unsigned char *bytes, size_t size)
{
	size_t i;

	printf(" %s=", name);
	for (i = 0; i < size; i++)
		printf("%02x", bytes[i]);
}

static void fail(const char *what)
{
	printf("error errno=%d text=%s: %s\n", errno, what, strerror(errno));
}

static void print_config(unsigned int map_id)
{
	static unsigned char value[MAX_VALUE];
	struct bpf_map_info info = { 0 };
	unsigned int size = sizeof(info), key = 0;
	int map = bpf_map_get_fd_by_id(map_id);

	if (map >= 0 && !bpf_obj_get_info_by_fd(map, &info, &size) && info.value_size <= MAX_VALUE && !bpf_map_lookup_elem(map, &key, value))
		print_hex("config", value, info.value_size);
}

static void describe(int program)
{
	static unsigned char code[MAX_CODE];
	unsigned int map_id = 0, size = sizeof(struct bpf_prog_info);
	struct bpf_prog_info info = {
		.xlated_prog_insns = (unsigned long)code, .xlated_prog_len = sizeof(code), .nr_map_ids = 1, .map_ids = (unsigned long)&map_id,
	};

	int handle = 0;

	while (handle < MAX_HANDLES && handles[handle])
		handle++;
	if (program < 0 || handle == MAX_HANDLES || bpf_obj_get_info_by_fd(program, &info, &size)) {
		fail("reading the program");
		return;
	}
	handles[handle] = program;
	printf("ok handle=%d xlated=%u jited=%u", handle, info.xlated_prog_len, info.jited_prog_len);
	print_hex("code", code, info.xlated_prog_len);
	if (map_id)
		print_config(map_id);
	printf("\n");
}

static void load(const char *file)
{
	struct bpf_object *object = bpf_object__open_file(file, NULL);
	struct bpf_program *program, *entry = NULL;

	if (!object) {
		fail("opening the object");
		return;
	}
	bpf_object__for_each_program(program, object) {
		int is_entry = !strcmp(bpf_program__name(program), "xdp_dispatcher");

		bpf_program__set_autoload(program, is_entry);
		if (is_entry)
			entry = program;
	}
	if (!entry || bpf_program__set_expected_attach_type(entry, BPF_XDP) || bpf_object__load(object)) {
		fail("loading the object");
		return;
	}
	describe(dup(bpf_program__fd(entry)));
	bpf_object__close(object);
}

static int program_of(int handle)
{
	return handle >= 0 && handle < MAX_HANDLES && handles[handle] ? handles[handle] : -1;
}

static void let_go(int handle)
{
	if (program_of(handle) < 0 || close(handles[handle])) {
		fail("closing");
		return;
	}
	handles[handle] = 0;
	printf("ok\n");
}

static long long now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* The processor time of some runs in one call; negative: it failed. */
static long long time_runs(int program, int repeat, unsigned int *verdict)
{
	unsigned char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet, .data_size_in = sizeof(packet), .repeat = repeat);
	long long start = now_ns();

	if (bpf_prog_test_run_opts(program, &options))
		return -1;
	*verdict = options.retval;
	return now_ns() - start;
}

/*
 * More than one run takes the kernel milliseconds to begin (it prepares a direct call of the program, unless an interface
 * has it already), so two runs are taken off.
 */
static void run(int handle, int repeat)
{
	unsigned int verdict = 0;
	int program = program_of(handle);
	long long begin = time_runs(program, 2, &verdict), all = time_runs(program, repeat + 2, &verdict);

	if (begin < 0 || all < 0)
		fail("BPF_PROG_TEST_RUN");
	else
		printf("ok ns=%lld verdict=%u\n", all - begin, verdict);
}

static int drop(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, arguments) : 0;
}

int main(void)
{
	char line[4096], word[4096];
	int handle, repeat;

	libbpf_set_print(drop);
	setvbuf(stdout, NULL, _IOFBF, 4 * MAX_CODE);
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		if (sscanf(line, "load %4095s", word) == 1)
			load(word);
		else if (sscanf(line, "open %d", &handle) == 1)
			describe(bpf_prog_get_fd_by_id(handle));
		else if (sscanf(line, "close %d", &handle) == 1)
			let_go(handle);
		else if (sscanf(line, "run %d %d", &handle, &repeat) == 2)
			run(handle, repeat);
		else
			printf("error errno=22 text=unknown command\n");
		fflush(stdout);
	}
	return 0;
}
