// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * limit FOLDER PINS: attach and detach of the line protocol of the interop suite, with the least that they take. What a real
 * writer must do besides is left out on purpose: it reads nothing (one chain, known from before, all fds open), expects no
 * rival, and its dispatchers are made already. FOLDER holds those; PINS is the folder of pins, on a BPF file system.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include "limit.h"

enum { PATH_SIZE = 300 };

struct chain {
	int dispatcher, count;
	int components[MAX_SLOTS], links[MAX_SLOTS];
	char pins[PATH_SIZE];
};

static struct image images[MAX_SLOTS + 1];
static const char *pin_root;

static unsigned int id_of(int program)
{
	struct bpf_prog_info info = { 0 };
	unsigned int size = sizeof(info);

	return bpf_obj_get_info_by_fd(program, &info, &size) ? 0 : info.id;
}

static const char *pin_path(const struct chain *chain, int slot, const char *kind)
{
	static char path[PATH_SIZE + 32];

	snprintf(path, sizeof(path), "%s/prog%d-%s", chain->pins, slot, kind);
	return path;
}

static int pin(struct chain *chain, int ifindex)
{
	int slot, error = 0;

	snprintf(chain->pins, sizeof(chain->pins), "%s/dispatch-%d-%u", pin_root, ifindex, id_of(chain->dispatcher));
	if (mkdir(chain->pins, 0700))
		return -errno;
	for (slot = 0; slot < chain->count && !error; slot++) {
		error = bpf_obj_pin(chain->components[slot], pin_path(chain, slot, "prog"));
		if (!error)
			error = bpf_obj_pin(chain->links[slot], pin_path(chain, slot, "link"));
	}
	return error;
}

static void retire(struct chain *chain)
{
	int slot;

	for (slot = 0; slot < chain->count; slot++) {
		unlink(pin_path(chain, slot, "prog"));
		unlink(pin_path(chain, slot, "link"));
		close(chain->links[slot]);
	}
	if (chain->count) {
		rmdir(chain->pins);
		close(chain->dispatcher);
	}
}

/* Loads and links what the new chain holds; a component that is -1 is new. */
static int build(struct chain *next)
{
	const struct image *image = &images[next->count];
	int slot;

	next->dispatcher = image_load_dispatcher(image);
	if (next->dispatcher < 0)
		return next->dispatcher;
	for (slot = 0; slot < next->count; slot++) {
		LIBBPF_OPTS(bpf_link_create_opts, options, .target_btf_id = image->targets[slot]);

		if (next->components[slot] < 0)
			next->components[slot] = image_load_component(&images[1], next->dispatcher, image->targets[slot]);
		if (next->components[slot] < 0)
			return next->components[slot];
		next->links[slot] = bpf_link_create(next->components[slot], next->dispatcher, 0, &options);
		if (next->links[slot] < 0)
			return -errno;
	}
	return 0;
}

static int change(struct chain *chain, struct chain *next, int ifindex)
{
	int lock = open(pin_root, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;

	if (lock < 0 || flock(lock, LOCK_EX))
		return -errno;
	error = next->count ? build(next) : 0;
	if (!error && next->count)
		error = pin(next, ifindex);
	if (!error)
		error = hook_swap(ifindex, next->count ? next->dispatcher : -1, chain->count ? chain->dispatcher : -1);
	if (!error) {
		retire(chain);
		*chain = *next;
	}
	close(lock);
	return error;
}

/* Takes the component of an id out of the list, or adds a new one for id 0. */
static struct chain plan(const struct chain *chain, unsigned int id)
{
	struct chain next = { .dispatcher = -1 };
	int slot;

	for (slot = 0; slot < chain->count; slot++)
		if (!id || id_of(chain->components[slot]) != id)
			next.components[next.count++] = chain->components[slot];
	if (!id)
		next.components[next.count++] = -1;
	return next;
}

static long long clock_ns(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv)
{
	char line[4096], interface[64];
	struct chain chain = { .dispatcher = -1 };

	if (argc != 3) {
		fprintf(stderr, "usage: limit FOLDER PINS\n");
		return 2;
	}
	pin_root = argv[2];
	mkdir(pin_root, 0700);
	images_read(argv[1], images);
	printf("ready\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin)) {
		unsigned int id = 0;
		int attaches = sscanf(line, "attach %63s", interface) == 1;
		int detaches = sscanf(line, "detach %63s %u", interface, &id) == 2;
		struct chain next = plan(&chain, id);
		long long start = clock_ns(CLOCK_MONOTONIC), cpu_start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
		int error = attaches || detaches ? change(&chain, &next, if_nametoindex(interface)) : -EINVAL;
		long long time = clock_ns(CLOCK_MONOTONIC) - start, cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_start;

		if (error)
			printf("error errno=%d text=%s\n", -error, strerror(-error));
		else
			printf("ok ns=%lld cpu=%lld ids=%u\n", time, cpu, attaches ? id_of(chain.components[chain.count - 1]) : 0);
		fflush(stdout);
	}
	return 0;
}
