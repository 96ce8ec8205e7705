// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Dispatchers from files into the kernel, one system call each step. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include "limit.h"

enum { HEADER_WORDS = 5 + MAX_SLOTS, INSTRUCTION_SIZE = 8, FUNCTION_SIZE = 8, LINE_SIZE = 16 };

/* The component: return XDP_PASS. */
static const struct bpf_insn component[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = XDP_PASS },
	{ .code = BPF_JMP | BPF_EXIT },
};

static char *read_part(FILE *file, size_t size)
{
	char *part = malloc(size + 1);

	if (!part || fread(part, 1, size, file) != size) {
		fprintf(stderr, "limit: a file of a dispatcher is too short\n");
		exit(1);
	}
	return part;
}

void images_read(const char *folder, struct image images[MAX_SLOTS + 1])
{
	char path[512];
	int slots;

	for (slots = 1; slots <= MAX_SLOTS; slots++) {
		struct image *image = &images[slots];
		FILE *file;

		snprintf(path, sizeof(path), "%s/dispatcher-%d", folder, slots);
		file = fopen(path, "rb");
		if (!file || fread(image, sizeof(int), HEADER_WORDS, file) != HEADER_WORDS) {
			perror(path);
			exit(1);
		}
		image->instructions = read_part(file, image->instruction_count * INSTRUCTION_SIZE);
		image->functions = read_part(file, image->function_count * FUNCTION_SIZE);
		image->lines = read_part(file, image->line_count * LINE_SIZE);
		image->btf = read_part(file, image->btf_size);
		image->config = read_part(file, image->config_size);
		fclose(file);
	}
}

static int load_config(const struct image *image)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_RDONLY_PROG);
	int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "limit.rodata", sizeof(int), image->config_size, 1, &options);
	unsigned int key = 0;

	if (map >= 0 && (bpf_map_update_elem(map, &key, image->config, BPF_ANY) || bpf_map_freeze(map))) {
		close(map);
		return -errno;
	}
	return map;
}

int image_load_dispatcher(const struct image *image)
{
	int btf = bpf_btf_load(image->btf, image->btf_size, NULL), map = load_config(image), program;
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = BPF_XDP, .prog_btf_fd = btf,
		.func_info = image->functions, .func_info_cnt = image->function_count, .func_info_rec_size = FUNCTION_SIZE,
		.line_info = image->lines, .line_info_cnt = image->line_count, .line_info_rec_size = LINE_SIZE);

	program = bpf_prog_load(BPF_PROG_TYPE_XDP, "xdp_dispatcher", "Dual BSD/GPL", (const struct bpf_insn *)image->instructions,
		image->instruction_count, &options);
	if (program >= 0 && bpf_prog_bind_map(program, map, NULL)) {
		close(program);
		program = -errno;
	}
	close(map);
	close(btf);
	return program;
}

int image_load_component(const struct image *image, int dispatcher, unsigned int target)
{
	int btf = bpf_btf_load(image->btf, image->btf_size, NULL), program;
	const unsigned int function[] = { 0, image->targets[0] };
	LIBBPF_OPTS(bpf_prog_load_opts, options, .attach_prog_fd = dispatcher, .attach_btf_id = target, .prog_btf_fd = btf,
		.func_info = function, .func_info_cnt = 1, .func_info_rec_size = FUNCTION_SIZE);

	program = bpf_prog_load(BPF_PROG_TYPE_EXT, "bench_pass", "Dual BSD/GPL", component, sizeof(component) / sizeof(component[0]), &options);
	close(btf);
	return program;
}
