// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
// The shapes of BTF in sections 4 to 6 of docs/protocol.md; the encoding is linux/btf.h's.
#include "joiner.h"

#include <linux/btf.h>
#include <string.h>

static const struct btf_header *header(struct blob btf)
{
	const struct btf_header *head = btf.bytes;

	return btf.size < sizeof(*head) || head->magic != BTF_MAGIC ? NULL : head;
}

static const char *text(struct blob btf, __u32 offset)
{
	return (char *)btf.bytes + header(btf)->hdr_len + header(btf)->str_off + offset;
}

static const struct btf_type *next(const struct btf_type *type)
{
	static const __u8 fixed[] = { [BTF_KIND_INT] = 4, [BTF_KIND_ARRAY] = 12, [BTF_KIND_VAR] = 4, [BTF_KIND_DECL_TAG] = 4 };
	static const __u8 each[] = {
		[BTF_KIND_STRUCT] = 12, [BTF_KIND_UNION] = 12, [BTF_KIND_ENUM] = 8, [BTF_KIND_FUNC_PROTO] = 8, [BTF_KIND_DATASEC] = 12, [BTF_KIND_ENUM64] = 12,
	};
	__u32 kind = BTF_INFO_KIND(type->info), size = sizeof(*type);

	size += kind < sizeof(fixed) ? fixed[kind] : 0;
	size += kind < sizeof(each) ? each[kind] * BTF_INFO_VLEN(type->info) : 0;
	return (void *)((char *)type + size);
}

// The type of this id, or the first one of kind and name.
static const struct btf_type *find(struct blob btf, __u32 id, __u32 kind, const char *name, __u32 *found)
{
	const struct btf_header *head = header(btf);
	const struct btf_type *type, *end;
	__u32 at = 1;

	if (!head)
		return NULL;
	type = (void *)((char *)btf.bytes + head->hdr_len + head->type_off);
	end = (void *)((char *)type + head->type_len);
	for (; type < end; type = next(type), at++) {
		if (name ? BTF_INFO_KIND(type->info) == kind && !strcmp(text(btf, type->name_off), name) : at == id) {
			if (found)
				*found = at;
			return type;
		}
	}
	return NULL;
}

static const struct btf_type *skip_modifiers(struct blob btf, __u32 id)
{
	const struct btf_type *type = find(btf, id, 0, NULL, NULL);

	while (type && (BTF_INFO_KIND(type->info) == BTF_KIND_TYPEDEF || BTF_INFO_KIND(type->info) == BTF_KIND_CONST
			|| BTF_INFO_KIND(type->info) == BTF_KIND_VOLATILE || BTF_INFO_KIND(type->info) == BTF_KIND_RESTRICT))
		type = find(btf, type->type, 0, NULL, NULL);
	return type;
}

// A number is the length of an array behind a pointer. -1: it is none.
static long number(struct blob btf, __u32 id)
{
	const struct btf_type *type = skip_modifiers(btf, id);

	if (!type || BTF_INFO_KIND(type->info) != BTF_KIND_PTR)
		return -1;
	type = skip_modifiers(btf, type->type);
	return type && BTF_INFO_KIND(type->info) == BTF_KIND_ARRAY ? (long)((struct btf_array *)(type + 1))->nelems : -1L;
}

static const struct btf_type *variable(struct blob btf, const char *section, const char *name)
{
	const struct btf_type *type = find(btf, 0, BTF_KIND_DATASEC, section, NULL);
	const struct btf_var_secinfo *entry = (void *)(type + 1);

	for (__u32 i = 0; type && i < BTF_INFO_VLEN(type->info); i++) {
		const struct btf_type *var = find(btf, entry[i].type, 0, NULL, NULL);

		if (var && BTF_INFO_KIND(var->info) == BTF_KIND_VAR && !strcmp(text(btf, var->name_off), name))
			return ((struct btf_var *)(var + 1))->linkage == BTF_VAR_GLOBAL_EXTERN ? NULL : var;
	}
	return NULL;
}

__u32 btf_function(struct blob btf, const char *name)
{
	__u32 id = 0;

	find(btf, 0, BTF_KIND_FUNC, name, &id);
	return id;
}

int btf_marker(struct blob btf)
{
	const struct btf_type *var = variable(btf, "xdp_metadata", "dispatcher_version");

	return var ? (int)number(btf, var->type) : -1;
}

// P-064.
bool btf_full_name(struct blob btf, const char *kernel_name, char *name, size_t size)
{
	const struct btf_type *type;
	const char *match = NULL;

	strncpy(name, kernel_name, size - 1);
	if (strlen(kernel_name) < 15 || btf_function(btf, kernel_name))
		return false;
	for (__u32 id = 1; (type = find(btf, id, 0, NULL, NULL)); id++) {
		const char *candidate = text(btf, type->name_off);

		if (BTF_INFO_KIND(type->info) != BTF_KIND_FUNC || strncmp(candidate, kernel_name, 15))
			continue;
		if (match && strcmp(match, candidate))
			return false;
		match = candidate;
	}
	if (match)
		strncpy(name, match, size - 1);
	return match;
}

// P-061 to P-063.
void btf_run_config(struct blob btf, const char *function, __u32 *priority, __u32 *actions)
{
	static const char *const names[] = { "XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX", "XDP_REDIRECT" };
	char name[256] = "_";
	const struct btf_type *var, *type;
	const struct btf_member *member;

	*priority = 50;
	*actions = 1u << XDP_PASS;
	strncat(name, function, sizeof(name) - 2);
	var = variable(btf, ".xdp_run_config", name);
	if (!var)
		return;
	type = skip_modifiers(btf, var->type);
	if (!type || BTF_INFO_KIND(type->info) != BTF_KIND_STRUCT)
		die(2, "the run config of %s is no structure", function);
	member = (void *)(type + 1);
	for (__u32 i = 0; i < BTF_INFO_VLEN(type->info); i++) {
		const char *what = text(btf, member[i].name_off);
		long value = number(btf, member[i].type);
		int action = 0;

		while (action < 5 && strcmp(what, names[action]))
			action++;
		if (value < 0 || (action == 5 && strcmp(what, "priority")))
			die(2, "%s in the run config of %s", what, function);
		if (action == 5)
			*priority = value;
		else if (value)
			*actions |= 1u << action;
		else
			*actions &= ~(1u << action);
	}
}
