#include "prometheus/server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define REQUEST_SIZE 65536
#define LINKS_MAX 8 /* connections at once */

struct link {
    struct server *server;
    int fd;
    pthread_t thread;
    bool started;
    atomic_bool over;
    size_t length;
    char request[REQUEST_SIZE];
};

struct server {
    const struct reply *replies;
    size_t count;
    int listener, stop, stopper;      /* `stop` is readable, or hung up, when it is to stop */
    int released[SERVER_REPLIES_MAX]; /* by reply */
    int port;
    pid_t process;
    atomic_size_t connections, requests;
    atomic_size_t given[SERVER_REPLIES_MAX];
    struct link links[LINKS_MAX];
    pthread_mutex_t mutex; /* of `last` */
    char last[REQUEST_SIZE];
};

/* Waits until `fd` can do `events`; false when the server is to stop, or after timeout_ms >= 0. */
static bool wait_for(const struct server *server, int fd, short events, int timeout_ms)
{
    struct pollfd fds[] = {{.fd = server->stop, .events = POLLIN}, {.fd = fd, .events = events}};
    return poll(fds, 2, timeout_ms) > 0 && fds[0].revents == 0;
}

static bool is_stopped(const struct server *server)
{
    struct pollfd fd = {.fd = server->stop, .events = POLLIN};
    return poll(&fd, 1, 0) > 0;
}

/* Bytes of body that the head promises; SIZE_MAX while the head is not whole. */
static size_t request_length(const char *request)
{
    const char *end = strstr(request, "\r\n\r\n");
    const char *length = strcasestr(request, "\r\nContent-Length:");
    if (end == NULL)
        return SIZE_MAX;
    size_t head = (size_t)(end - request) + 4;
    return head + (length != NULL && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

static bool read_request(struct link *link)
{
    link->length = 0;
    link->request[0] = '\0';
    while (link->length < request_length(link->request)) {
        if (!wait_for(link->server, link->fd, POLLIN, -1))
            return false;
        ssize_t got =
            read(link->fd, link->request + link->length, sizeof link->request - 1 - link->length);
        if (got <= 0)
            return false;
        link->length += (size_t)got;
        link->request[link->length] = '\0';
    }
    return true;
}

static bool write_all(const struct server *server, int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        if (!wait_for(server, fd, POLLOUT, -1))
            return false;
        ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent <= 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* Sends what is repeated, many at once where there is no pause between them. */
static bool write_again(const struct server *server, int fd, const struct reply *reply)
{
    char chunk[32768];
    size_t most = sizeof chunk / (reply->again_length > 0 ? reply->again_length : 1);
    size_t at_once = reply->pause_ms > 0 ? 1 : most;
    for (size_t i = 0; i < at_once; i++)
        memcpy(chunk + i * reply->again_length, reply->again, reply->again_length);
    for (size_t left = reply->times; left > 0;) {
        size_t now = left < at_once ? left : at_once;
        if (reply->pause_ms > 0 && poll(NULL, 0, reply->pause_ms) != 0)
            return false;
        if (is_stopped(server) || !write_all(server, fd, chunk, now * reply->again_length))
            return false;
        left -= now;
    }
    return true;
}

static const struct reply *choose(struct server *server, const char *request)
{
    size_t number = atomic_fetch_add(&server->requests, 1);
    size_t wanted = 0, chosen = server->count;
    for (; wanted < server->count && server->replies[wanted].wanted != NULL; wanted++)
        if (chosen == server->count && strstr(request, server->replies[wanted].wanted) != NULL)
            chosen = wanted;
    if (chosen == server->count)
        chosen = number + wanted < server->count ? number + wanted : server->count - 1;
    atomic_fetch_add(&server->given[chosen], 1);
    return &server->replies[chosen];
}

static bool wait_for_release(const struct server *server, size_t reply)
{
    eventfd_t one;
    while (wait_for(server, server->released[reply], POLLIN, -1))
        if (eventfd_read(server->released[reply], &one) == 0)
            return true;
    return false;
}

static bool write_reply(const struct link *link, const struct reply *reply)
{
    struct text composed = {0};
    if (reply->bytes != NULL)
        return write_all(link->server, link->fd, reply->bytes, reply->length);
    if (reply->compose == NULL)
        return true;
    reply->compose(reply, link->request, &composed);
    bool good =
        !composed.failed && write_all(link->server, link->fd, composed.data, composed.length);
    text_free(&composed);
    return good;
}

/* True when the connection may serve another request. */
static bool answer(struct link *link)
{
    struct server *server = link->server;
    int fd = link->fd;
    if (!read_request(link))
        return false;
    pthread_mutex_lock(&server->mutex);
    memcpy(server->last, link->request, link->length + 1);
    pthread_mutex_unlock(&server->mutex);
    const struct reply *reply = choose(server, link->request);
    if (reply->held && !wait_for_release(server, (size_t)(reply - server->replies)))
        return false;
    if (!write_reply(link, reply))
        return false;
    if (reply->times > 0 && !write_again(server, fd, reply))
        return false;
    if (reply->end == SERVER_STALLS)
        wait_for(server, fd, POLLIN, -1); /* readable: the client is gone */
    if (reply->end == SERVER_RESETS) {
        const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
        poll(NULL, 0, 20); /* so that what was sent is read before the reset overtakes it */
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return reply->end == SERVER_KEEPS;
}

static void *serve_link(void *argument)
{
    struct link *link = argument;
    while (answer(link))
        ;
    close(link->fd);
    atomic_store(&link->over, true);
    return NULL;
}

static void join(struct link *link)
{
    if (link->started)
        pthread_join(link->thread, NULL);
    link->started = false;
}

static void take_in(struct server *server, int fd)
{
    struct link *link = server->links;
    while (link < server->links + LINKS_MAX && link->started && !atomic_load(&link->over))
        link++;
    if (link == server->links + LINKS_MAX) {
        close(fd);
        return;
    }
    join(link);
    link->server = server;
    link->fd = fd;
    atomic_store(&link->over, false);
    link->started = pthread_create(&link->thread, NULL, serve_link, link) == 0;
    if (!link->started)
        close(fd);
}

static void serve(struct server *server)
{
    while (wait_for(server, server->listener, POLLIN, -1)) {
        int fd = accept(server->listener, NULL, NULL);
        if (fd < 0)
            continue;
        atomic_fetch_add(&server->connections, 1);
        take_in(server, fd);
    }
    for (size_t i = 0; i < LINKS_MAX; i++)
        join(&server->links[i]);
}

static int listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 8) == 0 &&
        getsockname(fd, (struct sockaddr *)&address, &size) == 0) {
        *port = ntohs(address.sin_port);
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool open_released(struct server *server)
{
    bool good = server->count <= SERVER_REPLIES_MAX;
    for (size_t i = 0; i < SERVER_REPLIES_MAX; i++) {
        bool held = i < server->count && server->replies[i].held;
        server->released[i] = held ? eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE | EFD_NONBLOCK) : -1;
        good = good && (!held || server->released[i] >= 0);
    }
    return good;
}

static void close_all(struct server *server)
{
    for (size_t i = 0; i < SERVER_REPLIES_MAX; i++)
        if (server->released[i] >= 0)
            close(server->released[i]);
    close(server->stop);
    close(server->stopper);
    close(server->listener);
    pthread_mutex_destroy(&server->mutex);
    munmap(server, sizeof *server);
}

static bool open_stop(struct server *server)
{
    int ends[2] = {-1, -1};
    bool good = pipe2(ends, O_CLOEXEC) == 0;
    server->stop = ends[0];
    server->stopper = ends[1];
    return good;
}

static void open_mutex(struct server *server)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&server->mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

/* A process of its own, whose threads are none of those that the client counts. */
static bool start(struct server *server)
{
    server->process = fork();
    if (server->process == 0) {
        close(server->stopper); /* so that it ends with who started it */
        serve(server);
        _exit(0);
    }
    return server->process > 0;
}

struct server *server_start(const struct reply replies[], size_t count)
{
    struct server *server =
        mmap(NULL, sizeof *server, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (server == MAP_FAILED)
        return NULL;
    server->replies = replies;
    server->count = count;
    open_mutex(server);
    bool stoppable = open_stop(server);
    server->listener = listen_somewhere(&server->port);
    if (open_released(server) && stoppable && server->listener >= 0 && start(server))
        return server;
    close_all(server);
    return NULL;
}

void server_stop(struct server *server)
{
    if (write(server->stopper, "", 1) == 1)
        waitpid(server->process, NULL, 0);
    close_all(server);
}

void server_release(struct server *server, size_t reply)
{
    eventfd_write(server->released[reply], 1);
}

size_t server_given(const struct server *server, size_t reply)
{
    return atomic_load(&server->given[reply]);
}

int server_port(const struct server *server)
{
    return server->port;
}

size_t server_connections(const struct server *server)
{
    return atomic_load(&server->connections);
}

size_t server_requests(const struct server *server)
{
    return atomic_load(&server->requests);
}

const char *server_last_request(const struct server *server)
{
    return server->last;
}
