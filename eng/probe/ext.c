// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
// Asks this kernel, by doing it, whether a program may replace a function of another (type EXT, freplace):
// load a target with one stub, load an extension of the stub, attach it. Prints the first step that fails.
// Talks to bpf(2) directly, so the answer does not depend on any code of this project or on libbpf.
#include <errno.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static char log_text[4096];

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int failed(const char *step)
{
	const char *reason = strerror(errno);

	printf("%s: %s\n", step, reason);
	if (log_text[0])
		printf("%s", log_text);
	return 1;
}

// Types: 1 int, 2 struct xdp_md, 3 pointer to it, 4 prototype, 5 "stub" (global), 6 "entry" (global).
static int load_btf(void)
{
	static const char names[] = "\0int\0xdp_md\0data\0ctx\0stub\0entry";
	enum { INT = 1, XDP_MD = 5, DATA = 12, CTX = 17, STUB = 21, ENTRY = 26 };
	static const uint32_t types[] = {
		INT, BTF_KIND_INT << 24, 4, BTF_INT_SIGNED << 24 | 32,
		XDP_MD, BTF_KIND_STRUCT << 24 | 1, 4, DATA, 1, 0,
		0, BTF_KIND_PTR << 24, 2,
		0, BTF_KIND_FUNC_PROTO << 24 | 1, 1, CTX, 3,
		STUB, BTF_KIND_FUNC << 24 | BTF_FUNC_GLOBAL, 4,
		ENTRY, BTF_KIND_FUNC << 24 | BTF_FUNC_GLOBAL, 4,
	};
	struct {
		struct btf_header header;
		char body[sizeof(types) + sizeof(names)];
	} blob = { .header = {
		.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(struct btf_header),
		.type_len = sizeof(types), .str_off = sizeof(types), .str_len = sizeof(names),
	} };
	union bpf_attr attr = { .btf = (uintptr_t)&blob, .btf_size = sizeof(blob.header) + sizeof(types) + sizeof(names) };

	memcpy(blob.body, types, sizeof(types));
	memcpy(blob.body + sizeof(types), names, sizeof(names));
	return bpf(BPF_BTF_LOAD, &attr);
}

static int load(int type, const struct bpf_insn *insns, int count, const struct bpf_func_info *functions, int function_count,
		int btf, int target)
{
	union bpf_attr attr = {
		.prog_type = type, .insns = (uintptr_t)insns, .insn_cnt = count, .license = (uintptr_t)"GPL",
		.prog_btf_fd = btf, .func_info = (uintptr_t)functions, .func_info_cnt = function_count,
		.func_info_rec_size = sizeof(*functions),
		.log_buf = (uintptr_t)log_text, .log_size = sizeof(log_text), .log_level = 1,
	};

	if (target >= 0) {
		attr.attach_prog_fd = target;
		attr.attach_btf_id = 5;
	} else {
		attr.expected_attach_type = BPF_XDP;
	}
	return bpf(BPF_PROG_LOAD, &attr);
}

int main(void)
{
	const struct bpf_insn target_code[] = {
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 2 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	const struct bpf_func_info target_functions[] = { { 0, 6 }, { 2, 5 } };
	const struct bpf_func_info extension_function = { 0, 5 };
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	// Kernels before 5.11 account BPF memory to this limit.
	setrlimit(RLIMIT_MEMLOCK, &unlimited);

	int btf = load_btf();
	if (btf < 0)
		return failed("loading BTF");
	int target = load(BPF_PROG_TYPE_XDP, target_code, 4, target_functions, 2, btf, -1);
	if (target < 0)
		return failed("loading an XDP program");
	log_text[0] = 0;
	int extension = load(BPF_PROG_TYPE_EXT, target_code + 2, 2, &extension_function, 1, btf, target);
	if (extension < 0)
		return failed("loading an EXT program");
	union bpf_attr attach = { .link_create = { .prog_fd = extension } };
	if (bpf(BPF_LINK_CREATE, &attach) < 0 && (attach = (union bpf_attr){ .raw_tracepoint = { .prog_fd = extension } },
						   bpf(BPF_RAW_TRACEPOINT_OPEN, &attach) < 0))
		return failed("attaching an EXT program");
	printf("EXT programs load and attach\n");
	return 0;
}
