/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* The least that a change of a chain takes: the system calls that the protocol needs and no others. */
#ifndef LIMIT_H
#define LIMIT_H

enum { MAX_SLOTS = 10 };

/* A dispatcher as the kernel takes it; made beforehand by the library (ChangeLimit.cs writes the files). */
struct image {
	unsigned int instruction_count, function_count, line_count, btf_size, config_size;
	unsigned int targets[MAX_SLOTS];	/* BTF id of the function that each slot's component replaces */
	char *instructions, *functions, *lines, *btf, *config;
};

/* Reads FOLDER/dispatcher-N for every N. Ends the program on failure. */
void images_read(const char *folder, struct image images[MAX_SLOTS + 1]);

/* A program in the kernel; the negative errno on failure. */
int image_load_dispatcher(const struct image *image);
int image_load_component(const struct image *image, int dispatcher, unsigned int target);

/* Swaps the program on an interface if it is still the expected one; -1: none. Returns 0 or a negative errno. */
int hook_swap(int ifindex, int program, int expected);

#endif
