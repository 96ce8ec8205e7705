/* SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause */
/* libxdp behind the line protocol of the interop suite; README.md has the protocol. */
#ifndef ACTOR_H
#define ACTOR_H

#include <stddef.h>

enum { MAX_WORDS = 32, MAX_PROGRAMS = 10, ANSWER_SIZE = 8192, ERRNO_COUNT = 134 };

/* One command, cut into words. */
struct command {
	int count;
	char *words[MAX_WORDS];
};

/* The answer to it, one line without its end. */
struct answer {
	size_t length;
	char text[ANSWER_SIZE];
};

void answer_add(struct answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Answers with an errno and what libxdp last warned of. Returns the errno. */
int answer_error(struct answer *answer, int error, const char *what);

/* Keeps libxdp's last warning; forgets the one before. */
void warnings_keep(void);
void warnings_forget(void);

/* Of the monotonic clock. */
long long now_ns(void);

/* chain.c; each answers and returns 0 or a positive errno. */
int chain_attach(const struct command *command, struct answer *answer);
int chain_detach(const struct command *command, struct answer *answer);
int chain_list(const struct command *command, struct answer *answer);
int chain_clean(const struct command *command, struct answer *answer);

/* storm.c */
int storm_run(const struct command *command, struct answer *answer);

/* storm.c; how often each of ERRNO_COUNT errnos came: counts one, and adds " name=ERRNO:COUNT,..." to the answer. */
void count_errno(unsigned int *errors, int error);
void add_errors(struct answer *answer, const char *name, const unsigned int *errors);

/* churn.c */
int churn_run(const struct command *command, struct answer *answer);

/* chain.c, for storm and churn */
int chain_add_one(int ifindex, const char *object, unsigned int *id);
int chain_remove_one(int ifindex, unsigned int id);

#endif
