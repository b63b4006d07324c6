/*
 * floor PORT: what fan-out costs at least. One thread, one poll, one send() of one ready frame for each subscriber; no
 * identity, no log, no limits, no recovery. GET /<channel> subscribes, over an event-stream or, with an Upgrade, over
 * WebSocket; POST /<channel> publishes its body. Channels are numbers below 10,000.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_SOCKETS 65536
#define MOST_CHANNELS 10000
#define REQUEST_BYTES 16384

struct channel {
  int *sockets, *websocket;
  int count, room;
};
struct request {
  char bytes[REQUEST_BYTES];
  int length;
};

static struct channel channels[MOST_CHANNELS];
static struct request *requests[MOST_SOCKETS];

static void subscribe(int number, int socket, int websocket) {
  struct channel *channel = &channels[number];
  if (channel->count == channel->room) {
    channel->room = channel->room ? channel->room * 2 : 8;
    channel->sockets = realloc(channel->sockets, sizeof(int) * channel->room);
    channel->websocket = realloc(channel->websocket, sizeof(int) * channel->room);
  }
  channel->sockets[channel->count] = socket;
  channel->websocket[channel->count++] = websocket;
}

static void publish(int number, const char *text, int length) {
  static char event[REQUEST_BYTES + 64], message[REQUEST_BYTES + 8];
  int event_length = sprintf(event, "%x\r\ndata: %.*s\n\n\r\n", length + 8, length, text);
  int header = length < 126 ? 2 : 4;
  message[0] = (char)0x81;
  message[1] = length < 126 ? (char)length : 126;
  message[2] = (char)(length >> 8);
  message[3] = (char)length;
  memcpy(message + header, text, length);
  for (int i = 0; i < channels[number].count; i++) {
    int websocket = channels[number].websocket[i];
    send(channels[number].sockets[i], websocket ? message : event, websocket ? header + length : event_length,
         MSG_DONTWAIT | MSG_NOSIGNAL);
  }
}

static void answer(int socket, const char *text) { send(socket, text, strlen(text), MSG_NOSIGNAL); }

/* Serves the requests that are whole; returns what is left of them. */
static void serve(int socket, struct request *request) {
  for (;;) {
    request->bytes[request->length] = 0;
    char *end = strstr(request->bytes, "\r\n\r\n");
    if (!end) return;
    char *path = strchr(request->bytes, '/');
    int number = path ? atoi(path + 1) : 0, body = 0;
    if (number < 0 || number >= MOST_CHANNELS) number = 0;
    end += 4;
    if (!strncmp(request->bytes, "POST", 4)) {
      char *field = strcasestr(request->bytes, "content-length:");
      body = field ? atoi(field + 15) : 0;
      if (request->length - (end - request->bytes) < body) return;
      publish(number, end, body);
      answer(socket, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
    } else {
      int websocket = strcasestr(request->bytes, "upgrade: websocket") != NULL;
      answer(socket, websocket ? "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
                               : "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
      subscribe(number, socket, websocket);
    }
    int used = (int)(end - request->bytes) + body;
    memmove(request->bytes, request->bytes + used, request->length - used);
    request->length -= used;
  }
}

int main(int argc, char **argv) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1, poll = epoll_create1(0);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(argc > 1 ? atoi(argv[1]) : 0),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) return perror("floor"), 1;
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, ready[256];
  epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int count = epoll_wait(poll, ready, 256, -1);
    for (int i = 0; i < count; i++) {
      int socket = ready[i].data.fd;
      if (socket == listener) {
        int client = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
        if (client < 0 || client >= MOST_SOCKETS) continue;
        setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (!requests[client]) requests[client] = malloc(sizeof(struct request));
        requests[client]->length = 0;
        event.data.fd = client;
        epoll_ctl(poll, EPOLL_CTL_ADD, client, &event);
        continue;
      }
      struct request *request = requests[socket];
      int got = recv(socket, request->bytes + request->length, REQUEST_BYTES - 1 - request->length, 0);
      if (got <= 0) {
        close(socket);
        continue;
      }
      request->length += got;
      serve(socket, request);
    }
  }
}
