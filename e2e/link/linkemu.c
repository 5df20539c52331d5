/*
 * linkemu: one emulated link between two network namespaces, in user space, for kernels without netem.
 *
 * usage: linkemu NS_A NS_B DEVICE DELAY_MS LOSS_PCT RATE_MBIT QUEUE_PKTS SEED BURST_LEN
 *
 * In each namespace there must be a TUN device named DEVICE. What the kernel of one host sends into it goes
 * through, in this order and for each direction on its own:
 *
 *   loss    independent, or with BURST_LEN > 1 in bursts of that mean length (Gilbert-Elliott, all lost in "bad")
 *   queue   drop-tail, QUEUE_PKTS packets at most, counting the one that is being sent (0: without bound)
 *   rate    one packet after the other at RATE_MBIT (0: without bound)
 *   delay   DELAY_MS, the same for all
 *
 * That is netem's order too: a packet lost at random does not use up the rate. Each direction draws its losses
 * from a generator of its own, so traffic one way does not change which packets are lost the other way.
 *
 * Prints "ready" once both devices are attached. Each line "mark" on standard input is answered by one line of
 * JSON: the counters since the mark before. Ends when standard input does.
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
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
  PACKET_MAX = 1600,   /* bytes; the devices have an MTU of 1 500 */
  RING = 1 << 15,      /* packets on their way in one direction: 1 s at 400 Mbit/s */
  READ_BATCH = 64,     /* packets read from one device before the other has its turn */
  BUCKETS = 8192,      /* of BUCKET_NS each: 4 s; what waits longer counts as that */
  REALTIME = 1,        /* the lowest real-time priority: a link does not wait for the browsers */
  NICENESS = -19,      /* where that is not to be had */
};
static const int64_t BUCKET_NS = 500000;
static const int64_t IDLE_NS = 50000000;

typedef struct {
  int64_t leaves_at;  /* its last bit is on the wire */
  int64_t arrives_at; /* it is handed to the other host */
  int length;
  unsigned char bytes[PACKET_MAX];
} Packet;

/* How often something took so long. */
typedef struct {
  uint32_t buckets[BUCKETS];
  uint64_t count;
  int64_t max_ns;
} Histogram;

/* Since the last mark. */
typedef struct {
  uint64_t packets, bytes; /* offered by the host */
  uint64_t lost;           /* at random */
  uint64_t queue_full;     /* dropped because the queue was full */
  uint64_t delivered, delivered_bytes;
  uint32_t queue_high; /* most packets in the queue */
  Histogram queueing;  /* wait of each queued packet before its first bit is sent */
  Histogram lateness;  /* of the hand-over, against the time it was due: how true the emulation is */
} Counters;

typedef struct {
  int from, to; /* TUN devices */
  uint64_t random;
  int in_bad_state;
  int64_t free_at; /* the wire has sent everything queued so far */
  /* Ring indices that only grow: [delivered, sent) are on the wire, [sent, tail) in the queue. */
  uint32_t delivered, sent, tail;
  Packet *ring;
  Counters counters;
} Direction;

typedef struct {
  int64_t delay_ns;
  double loss, burst;
  double ns_per_byte; /* 0: without bound */
  uint32_t queue;     /* 0: without bound */
} Link;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

/* ---- randomness: splitmix64 ---- */

static uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
  return z ^ (z >> 31);
}

/* True with the given probability. */
static int chance(Direction *d, double probability) {
  return (double)(next_random(&d->random) >> 11) * (1.0 / 9007199254740992.0) < probability;
}

/* ---- counting ---- */

static void note(Histogram *h, int64_t ns) {
  int64_t bucket = ns / BUCKET_NS;
  h->buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
  h->count++;
  if (ns > h->max_ns) h->max_ns = ns;
}

/* Upper edge of the bucket that holds this share of all, in ms; 0 of none. */
static double quantile_ms(const Histogram *h, double share) {
  uint64_t wanted = (uint64_t)(share * (double)h->count), seen = 0;
  if (h->count == 0) return 0;
  for (int i = 0; i < BUCKETS; i++) {
    seen += h->buckets[i];
    if (seen > wanted || seen == h->count) return (double)(i + 1) * (double)BUCKET_NS / 1e6;
  }
  return 0;
}

static void print_counters(const char *name, const Counters *c) {
  printf("\"%s\":{\"packets\":%lu,\"bytes\":%lu,\"lost\":%lu,\"queueFull\":%lu,\"delivered\":%lu,"
         "\"deliveredBytes\":%lu,\"queueHighPackets\":%u,\"queueDelayP50Ms\":%.1f,\"queueDelayP95Ms\":%.1f,"
         "\"queueDelayMaxMs\":%.2f,\"lateP99Ms\":%.1f,\"lateMaxMs\":%.2f}",
         name, c->packets, c->bytes, c->lost, c->queue_full, c->delivered, c->delivered_bytes, c->queue_high,
         quantile_ms(&c->queueing, 0.5), quantile_ms(&c->queueing, 0.95), (double)c->queueing.max_ns / 1e6,
         quantile_ms(&c->lateness, 0.99), (double)c->lateness.max_ns / 1e6);
}

static void mark(Direction d[2]) {
  printf("{");
  print_counters("aToB", &d[0].counters);
  printf(",");
  print_counters("bToA", &d[1].counters);
  printf("}\n");
  fflush(stdout);
  for (int i = 0; i < 2; i++) memset(&d[i].counters, 0, sizeof d[i].counters);
}

/* ---- the link ---- */

static int is_lost(const Link *link, Direction *d) {
  if (link->burst <= 1) return chance(d, link->loss);
  double leave = 1 / link->burst, enter = link->loss * leave / (1 - link->loss);
  if (chance(d, d->in_bad_state ? leave : enter)) d->in_bad_state = !d->in_bad_state;
  return d->in_bad_state;
}

/* The packet in the slot at the tail, from the host to the queue, or to nowhere. */
static void admit(const Link *link, Direction *d, int64_t now) {
  Packet *packet = &d->ring[d->tail % RING];
  d->counters.packets++;
  d->counters.bytes += (uint64_t)packet->length;
  if (is_lost(link, d)) {
    d->counters.lost++;
    return;
  }
  while (d->sent != d->tail && d->ring[d->sent % RING].leaves_at <= now) d->sent++;
  uint32_t queued = d->tail - d->sent;
  if ((link->queue > 0 && queued >= link->queue) || d->tail - d->delivered >= RING - 1) {
    d->counters.queue_full++;
    return;
  }
  int64_t starts_at = d->free_at > now ? d->free_at : now;
  note(&d->counters.queueing, starts_at - now);
  packet->leaves_at = d->free_at = starts_at + (int64_t)(link->ns_per_byte * packet->length);
  packet->arrives_at = packet->leaves_at + link->delay_ns;
  d->tail++;
  if (queued + 1 > d->counters.queue_high) d->counters.queue_high = queued + 1;
}

static void read_from_host(const Link *link, Direction *d) {
  for (int i = 0; i < READ_BATCH; i++) {
    Packet *packet = &d->ring[d->tail % RING];
    packet->length = (int)read(d->from, packet->bytes, PACKET_MAX);
    if (packet->length <= 0) return;
    admit(link, d, now_ns());
  }
}

/* Hands over what is due; the time when the next one is, or `latest`. */
static int64_t deliver(Direction *d, int64_t now, int64_t latest) {
  while (d->delivered != d->tail) {
    Packet *packet = &d->ring[d->delivered % RING];
    if (packet->arrives_at > now) return packet->arrives_at < latest ? packet->arrives_at : latest;
    note(&d->counters.lateness, now - packet->arrives_at);
    if (write(d->to, packet->bytes, (size_t)packet->length) == packet->length) {
      d->counters.delivered++;
      d->counters.delivered_bytes += (uint64_t)packet->length;
    }
    d->delivered++;
    /* Never past `sent`: without a bound on the rate nothing stays in the queue. */
    if ((int32_t)(d->sent - d->delivered) < 0) d->sent = d->delivered;
  }
  return latest;
}

static int attach(const char *namespace, const char *device) {
  char path[128];
  struct ifreq request;
  snprintf(path, sizeof path, "/run/netns/%s", namespace);
  int ns = open(path, O_RDONLY | O_CLOEXEC);
  if (ns < 0 || setns(ns, CLONE_NEWNET) < 0) fail(path);
  close(ns);
  int tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (tun < 0) fail("/dev/net/tun");
  memset(&request, 0, sizeof request);
  snprintf(request.ifr_name, sizeof request.ifr_name, "%s", device);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (ioctl(tun, TUNSETIFF, &request) < 0) fail(device);
  return tun;
}

/* Answers each whole line "mark"; 0 when standard input has ended. */
static int handle_commands(Direction d[2]) {
  static char line[64];
  static size_t held;
  ssize_t got = read(STDIN_FILENO, line + held, sizeof line - 1 - held);
  if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return 0;
  held += got > 0 ? (size_t)got : 0;
  line[held] = 0;
  for (char *end; (end = strchr(line, '\n')); ) {
    *end = 0;
    if (strcmp(line, "mark") == 0) mark(d);
    held -= (size_t)(end + 1 - line);
    memmove(line, end + 1, held + 1);
  }
  if (held == sizeof line - 1) held = 0;
  return 1;
}

static void run(const Link *link, Direction d[2]) {
  struct pollfd watched[3] = {{d[0].from, POLLIN, 0}, {d[1].from, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    int64_t now = now_ns(), next = now + IDLE_NS;
    for (int i = 0; i < 2; i++) next = deliver(&d[i], now, next);
    int64_t wait = next - now_ns();
    if (wait < 0) wait = 0;
    struct timespec timeout = {wait / 1000000000, wait % 1000000000};
    if (ppoll(watched, 3, &timeout, NULL) <= 0) continue;
    for (int i = 0; i < 2; i++)
      if (watched[i].revents & POLLIN) read_from_host(link, &d[i]);
    if ((watched[2].revents & (POLLIN | POLLHUP)) && !handle_commands(d)) return;
  }
}

int main(int argc, char **argv) {
  if (argc != 10) {
    fprintf(stderr, "usage: linkemu NS_A NS_B DEVICE DELAY_MS LOSS_PCT RATE_MBIT QUEUE_PKTS SEED BURST_LEN\n");
    return 2;
  }
  double rate = atof(argv[6]);
  Link link = {
      .delay_ns = (int64_t)(atof(argv[4]) * 1e6),
      .loss = atof(argv[5]) / 100,
      .ns_per_byte = rate > 0 ? 8e3 / rate : 0,
      .queue = (uint32_t)atoi(argv[7]),
      .burst = atof(argv[9]),
  };
  int a = attach(argv[1], argv[3]), b = attach(argv[2], argv[3]);
  static Direction directions[2];
  for (int i = 0; i < 2; i++) {
    Direction *d = &directions[i];
    d->from = i == 0 ? a : b;
    d->to = i == 0 ? b : a;
    d->random = strtoull(argv[8], NULL, 10) * 2 + (uint64_t)i;
    d->ring = malloc(sizeof(Packet) * RING);
    if (!d->ring) fail("memory");
  }
  prctl(PR_SET_TIMERSLACK, 1UL);
  struct sched_param priority = {.sched_priority = REALTIME};
  if (sched_setscheduler(0, SCHED_FIFO, &priority) < 0 && setpriority(PRIO_PROCESS, 0, NICENESS) < 0)
    perror("linkemu: at normal priority");
  puts("ready");
  fflush(stdout);
  run(&link, directions);
  return 0;
}
