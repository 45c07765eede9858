/*
 * The calls of the program under torture, in libc's place: of our own code and of its libraries
 * alike. Each fails when faults.c says so, and else does what it always does.
 */
#undef _FILE_OFFSET_BITS /* open() and open64() are two functions here */

#include "torture/devices.h"
#include "torture/faults.h"

#include <curl/curl.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define FROM __builtin_return_address(0)

static void *find(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL)
        abort();
    return found;
}

/* `real` is what comes after us in the search order: the sanitizer's own, then libc's. */
#define REAL(name)                        \
    static __typeof__(&name) real = NULL; \
    if (real == NULL)                     \
    *(void **)&real = find(#name)

#define FALLIBLE(result, name, parameters, arguments, failure, number) \
    result name parameters                                             \
    {                                                                  \
        REAL(name);                                                    \
        if (faults_strike(#name, FROM)) {                              \
            errno = number;                                            \
            return failure;                                            \
        }                                                              \
        return real arguments;                                         \
    }

/* What the sanitizer has for these: dlsym() itself calls them. */
void *__interceptor_malloc(size_t size);
void *__interceptor_calloc(size_t count, size_t size);
void *__interceptor_realloc(void *block, size_t size);
void *__interceptor_reallocarray(void *block, size_t count, size_t size);
void __interceptor_free(void *block);
char *__interceptor_strdup(const char *text);
char *__interceptor_strndup(const char *text, size_t size);

/* One that gives memory, in place of `before`. */
#define ALLOCATING(result, name, parameters, arguments, before) \
    result name parameters                                      \
    {                                                           \
        if (faults_strike(#name, FROM)) {                       \
            errno = ENOMEM;                                     \
            return NULL;                                        \
        }                                                       \
        faults_freed(before);                                   \
        result fresh = __interceptor_##name arguments;          \
        faults_allocated(fresh, FROM);                          \
        return fresh;                                           \
    }

ALLOCATING(void *, malloc, (size_t size), (size), NULL)
ALLOCATING(void *, calloc, (size_t count, size_t size), (count, size), NULL)
ALLOCATING(char *, strdup, (const char *text), (text), NULL)
ALLOCATING(char *, strndup, (const char *text, size_t size), (text, size), NULL)
ALLOCATING(void *, realloc, (void *block, size_t size), (block, size), block)
ALLOCATING(void *, reallocarray, (void *block, size_t count, size_t size), (block, count, size),
           block)

void free(void *block)
{
    faults_freed(block);
    __interceptor_free(block);
}

#define OPEN(name)                                           \
    int name(const char *path, int flags, ...)               \
    {                                                        \
        char place[DEVICES_PATH_SIZE];                       \
        REAL(name);                                          \
        va_list arguments;                                   \
        va_start(arguments, flags);                          \
        mode_t mode = va_arg(arguments, mode_t);             \
        va_end(arguments);                                   \
        if (faults_strike(#name, FROM)) {                    \
            errno = EMFILE;                                  \
            return -1;                                       \
        }                                                    \
        return real(devices_path(path, place), flags, mode); \
    }
OPEN(open)
OPEN(open64)

FALLIBLE(FILE *, fopen, (const char *path, const char *mode), (path, mode), NULL, EMFILE)
FALLIBLE(FILE *, fopen64, (const char *path, const char *mode), (path, mode), NULL, EMFILE)
FALLIBLE(int, fflush, (FILE * file), (file), EOF, ENOSPC)
FALLIBLE(DIR *, opendir, (const char *path), (path), NULL, EMFILE)
FALLIBLE(int, scandir64,
         (const char *path, struct dirent64 ***names, int (*filter)(const struct dirent64 *),
          int (*compare)(const struct dirent64 **, const struct dirent64 **)),
         (path, names, filter, compare), -1, ENOMEM)
FALLIBLE(ssize_t, read, (int fd, void *bytes, size_t size), (fd, bytes, size), -1, EIO)
FALLIBLE(ssize_t, write, (int fd, const void *bytes, size_t size), (fd, bytes, size), -1, EIO)
FALLIBLE(ssize_t, pwrite64, (int fd, const void *bytes, size_t size, off64_t at),
         (fd, bytes, size, at), -1, EIO)
FALLIBLE(int, rename, (const char *from, const char *to), (from, to), -1, EIO)
FALLIBLE(int, unlink, (const char *path), (path), -1, EIO)
FALLIBLE(int, mkdir, (const char *path, mode_t mode), (path, mode), -1, ENOSPC)
FALLIBLE(int, fstat64, (int fd, struct stat64 *out), (fd, out), -1, EIO)

int stat64(const char *path, struct stat64 *out)
{
    char place[DEVICES_PATH_SIZE];
    REAL(stat64);
    errno = EIO;
    return faults_strike("stat64", FROM) ? -1 : real(devices_path(path, place), out);
}

int access(const char *path, int mode)
{
    char place[DEVICES_PATH_SIZE];
    REAL(access);
    errno = EIO;
    return faults_strike("access", FROM) ? -1 : real(devices_path(path, place), mode);
}

int ioctl(int fd, unsigned long request, ...)
{
    int result;
    REAL(ioctl);
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (faults_strike("ioctl", FROM)) {
        errno = EIO;
        return -1;
    }
    return devices_ioctl(fd, request, argument, &result) ? result : real(fd, request, argument);
}

FALLIBLE(int, socket, (int domain, int type, int protocol), (domain, type, protocol), -1, EMFILE)
FALLIBLE(int, socketpair, (int domain, int type, int protocol, int fds[2]),
         (domain, type, protocol, fds), -1, EMFILE)
FALLIBLE(int, connect, (int fd, __CONST_SOCKADDR_ARG to, socklen_t size), (fd, to, size), -1,
         ENETUNREACH)
FALLIBLE(ssize_t, send, (int fd, const void *bytes, size_t size, int flags),
         (fd, bytes, size, flags), -1, ECONNRESET)
FALLIBLE(ssize_t, recv, (int fd, void *bytes, size_t size, int flags), (fd, bytes, size, flags), -1,
         ECONNRESET)
FALLIBLE(ssize_t, sendto,
         (int fd, const void *bytes, size_t size, int flags, __CONST_SOCKADDR_ARG to,
          socklen_t to_size),
         (fd, bytes, size, flags, to, to_size), -1, ENOBUFS)
FALLIBLE(int, setsockopt, (int fd, int level, int name, const void *value, socklen_t size),
         (fd, level, name, value, size), -1, ENOMEM)
FALLIBLE(int, getsockopt, (int fd, int level, int name, void *value, socklen_t *size),
         (fd, level, name, value, size), -1, ENOBUFS)
FALLIBLE(int, getpeername, (int fd, __SOCKADDR_ARG out, socklen_t *size), (fd, out, size), -1,
         ENOBUFS)
FALLIBLE(int, getsockname, (int fd, __SOCKADDR_ARG out, socklen_t *size), (fd, out, size), -1,
         ENOBUFS)
FALLIBLE(int, getaddrinfo,
         (const char *name, const char *service, const struct addrinfo *hints,
          struct addrinfo **out),
         (name, service, hints, out), EAI_MEMORY, ENOMEM)
FALLIBLE(int, eventfd, (unsigned value, int flags), (value, flags), -1, EMFILE)
FALLIBLE(int, pipe2, (int fds[2], int flags), (fds, flags), -1, EMFILE)
FALLIBLE(int, signalfd, (int fd, const sigset_t *set, int flags), (fd, set, flags), -1, EMFILE)
FALLIBLE(int, sigprocmask, (int how, const sigset_t *set, sigset_t *old), (how, set, old), -1,
         EINVAL)

FALLIBLE(CURLcode, curl_global_init, (long flags), (flags), CURLE_FAILED_INIT, 0)
FALLIBLE(CURL *, curl_easy_init, (void), (), NULL, 0)
FALLIBLE(CURLM *, curl_multi_init, (void), (), NULL, 0)
FALLIBLE(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL *easy), (multi, easy),
         CURLM_OUT_OF_MEMORY, 0)
FALLIBLE(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), (multi, running),
         CURLM_OUT_OF_MEMORY, 0)
FALLIBLE(CURLMcode, curl_multi_poll,
         (CURLM * multi, struct curl_waitfd *fds, unsigned count, int timeout_ms, int *ready),
         (multi, fds, count, timeout_ms, ready), CURLM_OUT_OF_MEMORY, 0)
FALLIBLE(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *line),
         (list, line), NULL, 0)

/* Every option that the firmware sets is a long or a pointer. */
#undef curl_easy_setopt
CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
    REAL(curl_easy_setopt);
    va_list arguments;
    va_start(arguments, option);
    void *value = va_arg(arguments, void *);
    va_end(arguments);
    return faults_strike("curl_easy_setopt", FROM) ? CURLE_OUT_OF_MEMORY
                                                   : real(easy, option, value);
}

int poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    REAL(poll);
    if (faults_strike("poll", FROM)) {
        errno = ENOMEM;
        return -1;
    }
    bool hastens = faults_hasten() && timeout_ms > 0;
    return real(fds, count, hastens ? (timeout_ms + FAULTS_HASTE - 1) / FAULTS_HASTE : timeout_ms);
}

int clock_gettime(clockid_t id, struct timespec *out)
{
    static const long long second = 1000000000;
    static long long begun[CLOCK_MONOTONIC + 1];
    REAL(clock_gettime);
    int result = real(id, out);
    if (result != 0 || id > CLOCK_MONOTONIC || !faults_hasten())
        return result;
    long long now = out->tv_sec * second + out->tv_nsec;
    if (begun[id] == 0)
        begun[id] = now;
    now = begun[id] + (now - begun[id]) * FAULTS_HASTE;
    *out = (struct timespec){.tv_sec = now / second, .tv_nsec = now % second};
    return result;
}

int nanosleep(const struct timespec *time, struct timespec *left)
{
    REAL(nanosleep);
    struct timespec shorter = *time;
    if (faults_hasten()) {
        shorter.tv_nsec =
            (shorter.tv_nsec + shorter.tv_sec % FAULTS_HASTE * 1000000000) / FAULTS_HASTE;
        shorter.tv_sec /= FAULTS_HASTE;
    }
    return real(&shorter, left);
}
