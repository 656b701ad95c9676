/*
 * Emulates a link between two network namespaces with delay, jitter, loss and a rate for each direction.
 * For kernels without netem. Needs root, or CAP_NET_ADMIN and CAP_SYS_ADMIN.
 *
 *     link NAMESPACE_A DEVICE_A ADDRESS_A NAMESPACE_B DEVICE_B ADDRESS_B [WORDS...]
 *
 * creates a TUN device in each namespace and passes packets between them. Words, as arguments or as lines on standard input:
 *
 *     delay MS     one way, default 0          jitter MS    added to the delay, uniform from 0 to MS; packets stay in order
 *     loss PERCENT of packets, default 0       rate MBPS    default 0: no limit
 *     queue MS     length of the queue, default 100; excess packets are dropped, as by a router
 *     up, down     down drops all packets, also those in flight         seed N       seed of the random numbers
 *     to a | b     the following words apply to packets towards that end; "to both" resets it
 *     count        prints "a PASSED LOST QUEUED_OUT BYTES" for packets towards a, and the same for b
 *
 * Prints "ready" when packets can pass. Ends when standard input ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Larger than any packet of a TUN device with the usual MTU. */
#define PACKET_BYTES 2048
#define MOST_PACKETS 65536

typedef struct {
  int64_t due; /* nanoseconds */
  int length;
  unsigned char bytes[PACKET_BYTES];
} Packet;

/* One direction: packets towards one end. */
typedef struct {
  int from, to;
  double delay_ms, jitter_ms, loss_percent, rate_mbps, queue_ms;
  int down;
  int64_t line_free, last_due;
  Packet *ring;
  uint32_t head, tail; /* head: next to be delivered */
  uint64_t passed, lost, queued_out, bytes;
} Way;

static Way ways[2]; /* to a, to b */
static uint64_t random_state = 88172645463325252ull;

static void fail(const char *what) {
  fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* xorshift64: from 0 to 1. */
static double chance(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (double)(random_state >> 11) / 9007199254740992.0;
}

static int open_tun(const char *namespace, const char *device, const char *address) {
  char path[256], command[512];
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int own = open("/proc/self/ns/net", O_RDONLY), there = open(path, O_RDONLY);
  if (own < 0 || there < 0) fail(path);
  if (setns(there, CLONE_NEWNET) < 0) fail("setns");
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  if (tun < 0) fail("/dev/net/tun");
  struct ifreq request;
  memset(&request, 0, sizeof request);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  strncpy(request.ifr_name, device, IFNAMSIZ - 1);
  if (ioctl(tun, TUNSETIFF, &request) < 0) fail(device);
  snprintf(command, sizeof command, "ip address add %s dev %s && ip link set %s up txqueuelen 1000", address, device, device);
  if (system(command) != 0) fail(command);
  if (setns(own, CLONE_NEWNET) < 0) fail("setns");
  close(own);
  close(there);
  return tun;
}

/* Queues a packet for the link and sets its time of delivery, or drops it. */
static void enter(Way *way, const unsigned char *bytes, int length, int64_t now) {
  if (way->down || chance() * 100 < way->loss_percent) {
    way->lost++;
    return;
  }
  int64_t begins = way->line_free > now ? way->line_free : now;
  if (begins - now > way->queue_ms * 1e6 || way->tail - way->head >= MOST_PACKETS) {
    way->queued_out++;
    return;
  }
  /* Bits divided by Mbps are microseconds; times 1000: nanoseconds. */
  way->line_free = begins + (way->rate_mbps > 0 ? (int64_t)(length * 8000.0 / way->rate_mbps) : 0);
  int64_t due = way->line_free + (int64_t)((way->delay_ms + chance() * way->jitter_ms) * 1e6);
  if (due < way->last_due) due = way->last_due;
  way->last_due = due;
  Packet *packet = &way->ring[way->tail++ % MOST_PACKETS];
  packet->due = due;
  packet->length = length;
  memcpy(packet->bytes, bytes, length);
}

static void deliver(Way *way, int64_t now) {
  while (way->head != way->tail) {
    Packet *packet = &way->ring[way->head % MOST_PACKETS];
    if (packet->due > now) return;
    way->head++;
    if (write(way->to, packet->bytes, packet->length) == packet->length) {
      way->passed++;
      way->bytes += packet->length;
    } else
      way->queued_out++;
  }
}

static void take_words(char *text) {
  int first = 0, last = 1;
  for (char *word = strtok(text, " \t\n"); word; word = strtok(NULL, " \t\n")) {
    if (!strcmp(word, "up") || !strcmp(word, "down")) {
      for (int i = first; i <= last; i++) {
        ways[i].down = word[0] == 'd';
        if (!ways[i].down) continue;
        ways[i].lost += ways[i].tail - ways[i].head;
        ways[i].head = ways[i].tail;
      }
      continue;
    }
    if (!strcmp(word, "count")) {
      for (int i = 0; i < 2; i++)
        printf("%s %llu %llu %llu %llu\n", i == 0 ? "a" : "b", (unsigned long long)ways[i].passed, (unsigned long long)ways[i].lost,
               (unsigned long long)ways[i].queued_out, (unsigned long long)ways[i].bytes);
      fflush(stdout);
      continue;
    }
    char *value = strtok(NULL, " \t\n");
    if (!value) {
      fprintf(stderr, "link: %s needs a value\n", word);
      exit(2);
    }
    if (!strcmp(word, "to")) {
      first = !strcmp(value, "b");
      last = strcmp(value, "a") != 0;
      continue;
    }
    if (!strcmp(word, "seed")) {
      random_state = strtoull(value, NULL, 10) * 2654435769ull + 1;
      continue;
    }
    for (int i = first; i <= last; i++) {
      double number = atof(value);
      if (!strcmp(word, "delay")) ways[i].delay_ms = number;
      else if (!strcmp(word, "jitter")) ways[i].jitter_ms = number;
      else if (!strcmp(word, "loss")) ways[i].loss_percent = number;
      else if (!strcmp(word, "rate")) ways[i].rate_mbps = number;
      else if (!strcmp(word, "queue")) ways[i].queue_ms = number;
      else {
        fprintf(stderr, "link: %s is no word\n", word);
        exit(2);
      }
    }
  }
}

/* Nanoseconds until the next packet is due; -1 when none waits. */
static int64_t next_due(int64_t now) {
  int64_t next = -1;
  for (int i = 0; i < 2; i++) {
    Way *way = &ways[i];
    if (way->head == way->tail) continue;
    int64_t wait = way->ring[way->head % MOST_PACKETS].due - now;
    if (wait < 0) wait = 0;
    if (next < 0 || wait < next) next = wait;
  }
  return next;
}

int main(int count, char **words) {
  if (count < 7) {
    fprintf(stderr, "usage: link NAMESPACE_A DEVICE_A ADDRESS_A NAMESPACE_B DEVICE_B ADDRESS_B [WORDS...]\n");
    return 2;
  }
  int a = open_tun(words[1], words[2], words[3]), b = open_tun(words[4], words[5], words[6]);
  for (int i = 0; i < 2; i++) {
    ways[i].from = i == 0 ? b : a;
    ways[i].to = i == 0 ? a : b;
    ways[i].queue_ms = 100;
    ways[i].ring = malloc(sizeof(Packet) * MOST_PACKETS);
    if (!ways[i].ring) fail("memory");
  }
  char line[4096] = "";
  for (int i = 7; i < count; i++) {
    strncat(line, words[i], sizeof line - strlen(line) - 2);
    strcat(line, " ");
  }
  take_words(line);
  printf("ready\n");
  fflush(stdout);
  unsigned char bytes[PACKET_BYTES];
  for (;;) {
    struct pollfd polled[3] = {{0, POLLIN, 0}, {a, POLLIN, 0}, {b, POLLIN, 0}};
    int64_t wait = next_due(now_ns());
    struct timespec time = {wait / 1000000000, wait % 1000000000};
    if (ppoll(polled, 3, wait < 0 ? NULL : &time, NULL) < 0 && errno != EINTR) fail("ppoll");
    int64_t now = now_ns();
    for (int i = 0; i < 2; i++) {
      int length;
      while ((length = read(ways[i].from, bytes, sizeof bytes)) > 0) enter(&ways[i], bytes, length, now);
    }
    for (int i = 0; i < 2; i++) deliver(&ways[i], now_ns());
    if (polled[0].revents) {
      ssize_t length = read(0, line, sizeof line - 1);
      if (length <= 0) return 0;
      line[length] = 0;
      take_words(line);
    }
  }
}
