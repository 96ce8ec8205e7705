// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
// Adds one component to the chain on an interface, as docs/protocol.md says: joiner IFNAME BPFFS COMPONENT.o DISPATCHER.o
// DISPATCHER.o is a dispatcher of version 2 that reads its config from .rodata (section 5). Only version 2 is changed.
#include "joiner.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOST_RACE 1
#define MAX_ATTEMPTS 200

struct chain {
	int dispatcher_fd, count;
	struct hook hook;
	char directory[512];
	struct component components[MAX_SLOTS + 1];
};

static const char *dispatcher_path;
static char root[256];

// Section 5: one object for all chains. The object is kept open: its fds go with the process.
static int load_dispatcher(const struct config *config)
{
	struct bpf_object *object = bpf_object__open_file(dispatcher_path, NULL);
	struct bpf_program *program;

	if (!object || bpf_map__set_initial_value(bpf_object__next_map(object, NULL), config, CONFIG_SIZE))
		die(1, "%s cannot be used", dispatcher_path);
	bpf_object__for_each_program(program, object) {
		bpf_program__set_autoload(program, !strcmp(bpf_program__name(program), "xdp_dispatcher"));
		bpf_program__set_expected_attach_type(program, BPF_XDP);
		bpf_program__set_flags(program, config->is_frags ? BPF_F_XDP_HAS_FRAGS : 0);
	}
	if (bpf_object__load(object))
		die(1, "the dispatcher does not load");
	return bpf_program__fd(bpf_object__find_program_by_name(object, "xdp_dispatcher"));
}

static struct config config_of(const struct component *components, int count)
{
	struct config config = { .magic = 236, .version = 2, .count = count, .is_frags = 1 };

	for (int i = 0; i < count; i++) {
		config.actions[i] = components[i].actions | 1u << 31;
		config.priorities[i] = components[i].priority;
		config.flags[i] = components[i].flags;
		config.is_frags &= !!(components[i].flags & BPF_F_XDP_HAS_FRAGS);
	}
	return config;
}

// Fills in what the kernel knows. The full name is in the BTF the program was loaded with.
static void describe(struct component *component)
{
	struct bpf_prog_info info = {};

	object_info(component->prog_fd, &info, sizeof(info));
	memcpy(component->tag, info.tag, sizeof(component->tag));
	component->load_time = info.load_time;
	btf_full_name(btf_of_kernel(info.btf_id), info.name, component->name, sizeof(component->name));
}

// P-076: verified before the lock, against a dispatcher of its own.
static void load_component(const char *path, struct component *component)
{
	struct component guests[2] = { { .actions = 1u << XDP_PASS }, { .actions = 1u << XDP_PASS } };
	struct config config = config_of(guests, 2);
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_program *program = object ? bpf_object__next_program(object, NULL) : NULL;
	int target = load_dispatcher(&config);
	struct blob btf = {};

	if (!program)
		die(2, "%s holds no program", path);
	btf.bytes = (void *)btf__raw_data(bpf_object__btf(object), &btf.size);
	btf_run_config(btf, bpf_program__name(program), &component->priority, &component->actions);
	component->flags = strncmp(bpf_program__section_name(program), "xdp.frags", 9) ? 0 : BPF_F_XDP_HAS_FRAGS;
	component->insns = bpf_program__insn_cnt(program);
	bpf_program__set_type(program, BPF_PROG_TYPE_EXT);
	bpf_program__set_expected_attach_type(program, 0);
	bpf_program__set_flags(program, 0);
	if (bpf_program__set_attach_target(program, target, "prog0") || bpf_object__load(object))
		die(1, "%s does not load", path);
	component->prog_fd = bpf_program__fd(program);
	describe(component);
}

// Section 10.
static int order(const void *left, const void *right)
{
	const struct component *a = left, *b = right;
	int names = strcmp(a->name, b->name), tags = memcmp(a->tag, b->tag, sizeof(a->tag));

	if (a->priority != b->priority)
		return a->priority < b->priority ? -1 : 1;
	if (names)
		return names;
	if (a->in_chain != b->in_chain)
		return a->in_chain ? -1 : 1;
	if (!a->in_chain && a->insns != b->insns)
		return a->insns < b->insns ? -1 : 1;
	if (tags)
		return tags;
	return a->load_time < b->load_time ? -1 : a->load_time > b->load_time;
}

static void pin_path(char *path, size_t size, const char *directory, int slot, const char *what)
{
	snprintf(path, size, "%s/prog%d-%s", directory, slot, what);
}

static void remove_directory(const char *path)
{
	DIR *directory = opendir(path);
	struct dirent *entry;

	while (directory && (entry = readdir(directory)))
		unlinkat(dirfd(directory), entry->d_name, 0);
	if (directory)
		closedir(directory);
	rmdir(path);
}

// Sections 3, 4 and 11, steps 3 and 4: the version is known to be 2.
static void check_dispatcher(struct chain *chain, struct config *config)
{
	__u32 map_ids[8] = {};
	struct bpf_prog_info info = { .nr_map_ids = 8, .map_ids = (__u64)map_ids };
	struct bpf_map_info map = {};
	int map_fd, version;

	object_info(chain->dispatcher_fd, &info, sizeof(info));
	if (info.type != BPF_PROG_TYPE_XDP || strcmp(info.name, "xdp_dispatcher"))
		die(3, "program %u '%s' is no dispatcher", info.id, info.name);
	version = btf_marker(btf_of_kernel(info.btf_id));
	if (version != 2)
		die(3, "program %u is a dispatcher of version %d, or of none", info.id, version);
	map_fd = info.nr_map_ids == 1 ? map_by_id(map_ids[0]) : -1;
	if (map_fd < 0)
		die(3, "dispatcher %u has %u maps", info.id, info.nr_map_ids);
	object_info(map_fd, &map, sizeof(map));
	if (map.type != BPF_MAP_TYPE_ARRAY || map.key_size != 4 || map.max_entries != 1 || map.value_size != CONFIG_SIZE)
		die(3, "the map of dispatcher %u holds no config of version 2", info.id);
	map_read(map_fd, config);
	close(map_fd);
	if (config->magic != 236 || config->version != 2 || config->count > MAX_SLOTS)
		die(3, "the config of dispatcher %u is not of version 2", info.id);
}

// Section 11. LOST_RACE: read again.
static int read_chain(int ifindex, struct chain *chain)
{
	struct config config;
	int error = hook_read(ifindex, &chain->hook);

	chain->count = 0;
	chain->dispatcher_fd = -1;
	if (error)
		die(6, "interface %d: %s", ifindex, strerror(-error));
	if (!chain->hook.prog_id)
		return 0;
	chain->dispatcher_fd = prog_by_id(chain->hook.prog_id);
	if (chain->dispatcher_fd == -ENOENT)
		return LOST_RACE;
	if (chain->dispatcher_fd < 0)
		die(1, "program %u: %s", chain->hook.prog_id, strerror(-chain->dispatcher_fd));
	check_dispatcher(chain, &config);
	snprintf(chain->directory, sizeof(chain->directory), "%s/dispatch-%d-%u", root, ifindex, chain->hook.prog_id);
	for (int slot = 0; slot < config.count; slot++) {
		struct component *component = &chain->components[chain->count++];
		char program[600], link[600];
		struct hook again;

		pin_path(program, sizeof(program), chain->directory, slot, "prog");
		pin_path(link, sizeof(link), chain->directory, slot, "link");
		*component = (struct component){
			.prog_fd = pin_open(program), .link_fd = pin_open(link), .in_chain = true,
			.priority = config.priorities[slot], .actions = config.actions[slot] & ~(1u << 31), .flags = config.flags[slot],
		};
		if (component->prog_fd < 0 || component->link_fd < 0) {
			if (hook_read(ifindex, &again) || again.prog_id != chain->hook.prog_id)
				return LOST_RACE;
			die(1, "the chain is broken: a pin of slot %d is missing", slot);
		}
		describe(component);
	}
	return 0;
}

// P-123 and P-127: pins what is not pinned, and says how many it made.
static int pin_missing(const struct component *components, int count, const char *directory)
{
	char path[600];
	int made = 0;

	mkdir(directory, 0700);
	for (int slot = 0; slot < count; slot++) {
		pin_path(path, sizeof(path), directory, slot, "link");
		made += !pin_make(components[slot].link_fd, path);
		pin_path(path, sizeof(path), directory, slot, "prog");
		made += !pin_make(components[slot].prog_fd, path);
	}
	return made;
}

// Section 12, one attempt, under the lock.
static int attempt(int ifindex, const struct component *newcomer)
{
	struct component next[MAX_SLOTS + 1];
	struct chain chain;
	struct config config;
	struct bpf_prog_info info = {};
	struct blob btf;
	char directory[512];
	int fd, error = read_chain(ifindex, &chain);

	if (error)
		return error;
	if (chain.count == MAX_SLOTS)
		die(1, "a chain holds ten components");
	memcpy(next, chain.components, sizeof(next));
	next[chain.count] = *newcomer;
	qsort(next, chain.count + 1, sizeof(*next), order);
	config = config_of(next, chain.count + 1);
	fd = load_dispatcher(&config);
	object_info(fd, &info, sizeof(info));
	btf = btf_of_kernel(info.btf_id);
	for (int slot = 0; slot < config.count; slot++) {
		char stub[] = { 'p', 'r', 'o', 'g', '0' + slot, 0 };

		next[slot].link_fd = link_create(next[slot].prog_fd, fd, btf_function(btf, config.count == 1 ? "xdp_dispatcher" : stub));
		if (next[slot].link_fd < 0)
			die(1, "slot %d: %s", slot, strerror(-next[slot].link_fd));
	}
	snprintf(directory, sizeof(directory), "%s/dispatch-%d-%u", root, ifindex, info.id);
	remove_directory(directory);
	if (pin_missing(next, config.count, directory) != 2 * config.count) {
		remove_directory(directory);
		die(1, "%s: not all pins were made", directory);
	}
	error = hook_swap(ifindex, fd, chain.dispatcher_fd, chain.hook.mode_flag);
	if (error) {
		struct hook now;

		if (error != -EEXIST && error != -EBUSY && hook_read(ifindex, &now))
			die(1, "the swap ended in '%s' and the hook cannot be read: the pins stay", strerror(-error));
		if (error == -EEXIST || error == -EBUSY || now.prog_id != info.id) {
			remove_directory(directory);
			for (int slot = 0; slot < config.count; slot++)
				close(next[slot].link_fd);
			return error == -EEXIST || error == -EBUSY ? LOST_RACE : error;
		}
	}
	pin_missing(next, config.count, directory);
	if (chain.dispatcher_fd >= 0)
		remove_directory(chain.directory);
	for (int slot = 0; slot < config.count; slot++)
		printf("%d %u %s\n", slot, next[slot].priority, next[slot].name);
	return 0;
}

int main(int argc, char **argv)
{
	struct component newcomer = {};
	int ifindex = argc == 5 ? (int)if_nametoindex(argv[1]) : 0;
	int lock, result = LOST_RACE;

	if (!ifindex)
		die(2, "usage: joiner IFNAME BPFFS COMPONENT.o DISPATCHER.o");
	dispatcher_path = argv[4];
	snprintf(root, sizeof(root), "%s/xdp", argv[2]);
	mkdir(root, 0700);
	load_component(argv[3], &newcomer);
	for (int i = 0; i < MAX_ATTEMPTS && result == LOST_RACE; i++) {
		usleep(i ? rand() % (1000 << (i < 7 ? i : 7)) : 0);
		lock = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (lock < 0 || flock(lock, LOCK_EX))
			die(1, "%s: %s", root, strerror(errno));
		result = attempt(ifindex, &newcomer);
		close(lock);
	}
	if (result)
		die(5, "not joined: %s", result == LOST_RACE ? "others were always faster" : strerror(-result));
	return 0;
}
