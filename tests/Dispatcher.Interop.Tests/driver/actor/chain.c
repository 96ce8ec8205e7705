// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/* Joining, listing and leaving a chain as an application that uses libxdp does. */
#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>
#include <xdp/libxdp.h>
#include "actor.h"

static int error_of(const void *pointer)
{
	return (int)-libxdp_get_error(pointer);
}

static enum xdp_attach_mode mode_of(const char *name)
{
	if (!strcmp(name, "native"))
		return XDP_MODE_NATIVE;
	if (!strcmp(name, "skb"))
		return XDP_MODE_SKB;
	return XDP_MODE_UNSPEC;
}

static const char *name_of(enum xdp_attach_mode mode)
{
	switch (mode) {
	case XDP_MODE_NATIVE: return "native";
	case XDP_MODE_SKB: return "skb";
	case XDP_MODE_HW: return "hw";
	default: return "-";
	}
}

static void close_all(struct xdp_program **programs, int count)
{
	while (count--)
		xdp_program__close(programs[count]);
}

/* attach IF MODE PRIO OBJECT... */
int chain_attach(const struct command *command, struct answer *answer)
{
	struct xdp_program *programs[MAX_PROGRAMS];
	const char *prio = command->words[3];
	int ifindex = if_nametoindex(command->words[1]);
	int count = 0, error, i;

	if (!ifindex)
		return answer_error(answer, ENODEV, "no such interface");
	for (i = 4; i < command->count && count < MAX_PROGRAMS; i++) {
		struct xdp_program *program = xdp_program__open_file(command->words[i], NULL, NULL);

		error = error_of(program);
		if (!error && strcmp(prio, "-"))
			error = -xdp_program__set_run_prio(program, strtoul(prio, NULL, 10));
		if (error) {
			close_all(programs, count);
			return answer_error(answer, error, "opening the object");
		}
		programs[count++] = program;
	}
	error = -xdp_program__attach_multi(programs, count, ifindex, mode_of(command->words[2]), 0);
	if (error) {
		close_all(programs, count);
		return answer_error(answer, error, "xdp_program__attach_multi");
	}
	answer_add(answer, "ok ids=");
	for (i = 0; i < count; i++)
		answer_add(answer, "%s%u", i ? "," : "", xdp_program__id(programs[i]));
	close_all(programs, count);
	return 0;
}

static struct xdp_program *find(const struct xdp_multiprog *chain, unsigned int id)
{
	struct xdp_program *program = NULL;

	while ((program = xdp_multiprog__next_prog(program, chain)))
		if (xdp_program__id(program) == id)
			return program;
	return NULL;
}

/* detach IF ID...|all */
int chain_detach(const struct command *command, struct answer *answer)
{
	struct xdp_program *programs[MAX_PROGRAMS];
	int ifindex = if_nametoindex(command->words[1]);
	struct xdp_multiprog *chain = xdp_multiprog__get_from_ifindex(ifindex);
	int error = error_of(chain), count = 0, i;

	if (error)
		return answer_error(answer, error, "xdp_multiprog__get_from_ifindex");
	if (!strcmp(command->words[2], "all")) {
		error = -xdp_multiprog__detach(chain);
	} else {
		for (i = 2; i < command->count && count < MAX_PROGRAMS && !error; i++) {
			programs[count] = find(chain, strtoul(command->words[i], NULL, 10));
			error = programs[count++] ? 0 : ENOENT;
		}
		if (!error)
			error = -xdp_program__detach_multi(programs, count, ifindex, xdp_multiprog__attach_mode(chain), 0);
	}
	xdp_multiprog__close(chain);
	if (error)
		return answer_error(answer, error, "detach");
	answer_add(answer, "ok");
	return 0;
}

static void add_program(struct answer *answer, const struct xdp_program *program, bool is_first)
{
	const unsigned char *tag = xdp_program__tag(program);
	char actions[128] = "";
	int i;

	xdp_program__print_chain_call_actions(program, actions, sizeof(actions));
	answer_add(answer, "%s%u:%s:%u:", is_first ? "" : ";", xdp_program__run_prio(program), xdp_program__name(program),
		xdp_program__id(program));
	for (i = 0; i < 8; i++)
		answer_add(answer, "%02x", tag[i]);
	answer_add(answer, ":%s", actions);
}

/* list IF */
int chain_list(const struct command *command, struct answer *answer)
{
	struct xdp_multiprog *chain = xdp_multiprog__get_from_ifindex(if_nametoindex(command->words[1]));
	struct xdp_program *program = NULL;
	int error = error_of(chain);
	bool is_first = true;

	if (error == ENOENT) {
		answer_add(answer, "ok mode=- dispatcher=0 programs=");
		return 0;
	}
	if (error)
		return answer_error(answer, error, "xdp_multiprog__get_from_ifindex");
	if (xdp_multiprog__is_legacy(chain)) {
		xdp_multiprog__close(chain);
		return answer_error(answer, EMEDIUMTYPE, "not a dispatcher");
	}
	answer_add(answer, "ok mode=%s dispatcher=%u programs=", name_of(xdp_multiprog__attach_mode(chain)),
		xdp_program__id(xdp_multiprog__main_prog(chain)));
	while ((program = xdp_multiprog__next_prog(program, chain))) {
		add_program(answer, program, is_first);
		is_first = false;
	}
	xdp_multiprog__close(chain);
	return 0;
}

/* clean IF: what xdp-loader clean does, for one interface or, with 0, for all. */
int chain_clean(const struct command *command, struct answer *answer)
{
	int error = libxdp_clean_references(strcmp(command->words[1], "0") ? if_nametoindex(command->words[1]) : 0);

	if (error < 0)
		return answer_error(answer, error, "libxdp_clean_references");
	answer_add(answer, "ok");
	return 0;
}

int chain_add_one(int ifindex, const char *object, unsigned int *id)
{
	struct xdp_program *program = xdp_program__open_file(object, NULL, NULL);
	int error = error_of(program);

	if (error)
		return error;
	error = -xdp_program__attach(program, ifindex, XDP_MODE_UNSPEC, 0);
	if (!error)
		*id = xdp_program__id(program);
	xdp_program__close(program);
	return error;
}

/* ESRCH: the chain, as libxdp reads it, does not hold the program; nothing was tried. */
int chain_remove_one(int ifindex, unsigned int id)
{
	struct xdp_multiprog *chain = xdp_multiprog__get_from_ifindex(ifindex);
	struct xdp_program *program;
	int error = error_of(chain);

	if (error)
		return error;
	program = find(chain, id);
	error = program ? -xdp_program__detach(program, ifindex, xdp_multiprog__attach_mode(chain), 0) : ESRCH;
	xdp_multiprog__close(chain);
	return error;
}
