// SPDX-License-Identifier: GPL-2.0 OR BSD-2-Clause
/*
 * UDP to two ports, and what arrives at them, counted.
 *
 *	traffic send ADDRESS PORT PORT MICROSECONDS	one packet to each port, then a pause, until it is told to stop
 *	traffic receive PORT PORT
 *
 * Answers every line of its input with "ok first=N second=N"; after the line "stop" the sender sends no more.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PORTS = 2, RECEIVE_BUFFER = 8 << 20 };

static unsigned long long packets[PORTS];
static struct pollfd inputs[1 + PORTS];

static void fail(const char *what)
{
	fprintf(stderr, "traffic: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int open_socket(int port, bool receives)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int size = RECEIVE_BUFFER, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	if (fd < 0)
		fail("socket");
	if (!receives)
		return fd;
	/* What waits to be counted must not be dropped for lack of room. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		fail("SO_RCVBUFFORCE");
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("bind");
	return fd;
}

static void receive(int which)
{
	char byte;

	while (recv(inputs[1 + which].fd, &byte, 1, 0) >= 0)
		packets[which]++;
}

static void send_round(const char *target, char **ports)
{
	int i;

	for (i = 0; i < PORTS; i++) {
		struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(ports[i])) };

		inet_pton(AF_INET, target, &address.sin_addr);
		/* Only what the kernel took counts as sent. */
		if (sendto(inputs[1 + i].fd, "x", 1, 0, (struct sockaddr *)&address, sizeof(address)) == 1)
			packets[i]++;
	}
}

/* Returns false at the end of the input. */
static bool answer(bool *sends)
{
	char line[64];
	ssize_t length = read(0, line, sizeof(line));

	if (length <= 0)
		return false;
	if (!strncmp(line, "stop", 4))
		*sends = false;
	printf("ok first=%llu second=%llu\n", packets[0], packets[1]);
	fflush(stdout);
	return true;
}

int main(int argc, char **argv)
{
	bool sends = argc == 6 && !strcmp(argv[1], "send");
	bool receives = argc == 4 && !strcmp(argv[1], "receive");
	char **ports = sends ? argv + 3 : argv + 2;
	int pause_us = sends ? atoi(argv[5]) : 0, i;

	if (!sends && !receives) {
		fprintf(stderr, "usage: traffic send ADDRESS PORT PORT MICROSECONDS | traffic receive PORT PORT\n");
		return 2;
	}
	inputs[0] = (struct pollfd){ .fd = 0, .events = POLLIN };
	for (i = 0; i < PORTS; i++)
		inputs[1 + i] = (struct pollfd){ .fd = open_socket(atoi(ports[i]), receives), .events = receives ? POLLIN : 0 };
	printf("ready\n");
	fflush(stdout);
	for (;;) {
		struct timespec pause = { 0, pause_us * 1000L };

		if (ppoll(inputs, 1 + PORTS, sends ? &pause : NULL, NULL) < 0)
			fail("ppoll");
		for (i = 0; i < PORTS; i++)
			if (inputs[1 + i].revents & POLLIN)
				receive(i);
		if (inputs[0].revents && !answer(&sends))
			return 0;
		if (sends)
			send_round(argv[2], ports);
	}
}
