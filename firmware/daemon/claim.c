#include "daemon/claim.h"

#include "base/intake.h"
#include "chips/e131.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#define PREFIX "amberbar/lights/"
#define PROGRAM "amberbar"
#define NUMBER_SIZE 12 /* "#4194304" */
#define SOCKETS "/proc/self/net/unix"
#define SOCKETS_MAX ((size_t)1024 * 1024) /* some 10,000 sockets */

_Static_assert(1 + CLAIM_NAME_SIZE + NUMBER_SIZE <= sizeof((struct sockaddr_un *)0)->sun_path,
               "a name fits");

static void add(struct claims *claims, const char *kind, const char *which, const char *place)
{
    struct claim *claim = &claims->claims[claims->count++];
    *claim = (struct claim){.hold = -1, .note = -1};
    snprintf(claim->name, sizeof claim->name, PREFIX "%s/%s", kind, which);
    text_copy(claim->place, sizeof claim->place, place);
}

/* By its number, for a device may have several names. `within`: where a bus has several lights. */
static void add_device(struct claims *claims, const char *path, int64_t within, const char *place)
{
    char which[64];
    struct stat status;
    if (stat(path, &status) != 0)
        return;
    const bool is_device = S_ISCHR(status.st_mode);
    const dev_t device = is_device ? status.st_rdev : status.st_dev;
    snprintf(which, sizeof which, "%u:%u/%llu/%d", major(device), minor(device),
             is_device ? 0ULL : (unsigned long long)status.st_ino, (int)within);
    add(claims, is_device ? "char" : "file", which, place);
}

static void add_i2c(struct claims *claims, const struct i2c_settings *i2c)
{
    char place[CLAIM_PLACE_SIZE];
    snprintf(place, sizeof place, "0x%02x on %s", (unsigned)i2c->address, i2c->path);
    add_device(claims, i2c->path, i2c->address, place);
}

/* Of E1.31 a controller's universes are lights of their own. */
static void add_udp(struct claims *claims, const struct output_settings *output)
{
    const struct udp_settings *udp = &output->bus.udp;
    const struct e131_settings *e131 = output->chip == &chip_e131 ? output->chip_settings : NULL;
    char which[INET6_ADDRSTRLEN + BUS_PATH_SIZE], address[INET6_ADDRSTRLEN];
    struct in6_addr v6;
    text_copy(address, sizeof address, udp->address);
    if (inet_pton(AF_INET6, udp->address, &v6) == 1) /* ::1 and 0::1 */
        inet_ntop(AF_INET6, &v6, address, sizeof address);
    snprintf(which, sizeof which, "%d/%d/%s", (int)udp->port,
             e131 != NULL ? (int)e131->universe : 0, address);
    add(claims, "udp", which, udp->address);
}

static void add_hidraw(struct claims *claims, const struct hidraw_settings *hidraw)
{
    char path[BUS_PATH_SIZE];
    struct error absent;
    if (hidraw_find(hidraw, path, &absent))
        add_device(claims, path, 0, path);
}

static void add_leds(struct claims *claims, const struct leds_settings *leds)
{
    for (size_t i = 0; i < leds->count; i++)
        add(claims, "led", leds->lights[i].name, leds->lights[i].name);
}

static void find_lights(const struct output_settings *output, struct claims *out)
{
    const struct bus_settings *bus = &output->bus;
    switch (bus->kind) {
    case BUS_GPIO:
    case BUS_FILE:
        return;
    case BUS_SPI:
        add_device(out, bus->spi.path, 0, bus->spi.path);
        return;
    case BUS_I2C:
        add_i2c(out, &bus->i2c);
        return;
    case BUS_LEDS:
        add_leds(out, &bus->leds);
        return;
    case BUS_DEVICE:
        add_device(out, bus->device.path, 0, bus->device.path);
        return;
    case BUS_FRAMEBUFFER:
        add(out, "framebuffer", bus->framebuffer.name, bus->framebuffer.name);
        return;
    case BUS_UDP:
        add_udp(out, output);
        return;
    case BUS_HIDRAW:
        add_hidraw(out, &bus->hidraw);
        return;
    }
}

/* It is never listened at. -1 with errno. */
static int bind_name(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const size_t length = strlen(name);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    memcpy(address.sun_path + 1, name, length);
    if (bind(fd, (struct sockaddr *)&address,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)) == 0)
        return fd;
    const int number = errno;
    close(fd);
    errno = number;
    return -1;
}

/* The number that stands behind the name; 0: not known. */
static int64_t find_owner(const char *name)
{
    char wanted[CLAIM_NAME_SIZE + 8], digits[NUMBER_SIZE];
    struct text sockets = {0};
    int64_t owner = 0;
    snprintf(wanted, sizeof wanted, " @%s#", name);
    intake_file(SOCKETS, INTAKE_FILE, SOCKETS_MAX, &sockets);
    const char *found = sockets.data != NULL ? strstr(sockets.data, wanted) : NULL;
    if (found != NULL) {
        snprintf(digits, sizeof digits, "%.*s", (int)strcspn(found + strlen(wanted), "\n"),
                 found + strlen(wanted));
        (void)text_integer(digits, 1, INT32_MAX, &owner);
    }
    text_free(&sockets);
    return owner;
}

/* A number of another container's would name somebody else here. */
static bool is_ours(int64_t process)
{
    char path[64];
    struct text name = {0};
    snprintf(path, sizeof path, "/proc/%d/comm", (int)process);
    const bool ours = intake_file(path, INTAKE_FILE, 64, &name) && name.data != NULL &&
                      strncmp(name.data, PROGRAM "\n", sizeof PROGRAM) == 0;
    text_free(&name);
    return ours;
}

static bool name_owner(const struct claim *claim, struct error *error)
{
    char who[64] = "another amberbar";
    const int64_t owner = find_owner(claim->name);
    if (owner != 0 && is_ours(owner))
        snprintf(who, sizeof who, "another amberbar (process %d)", (int)owner);
    return error_set(error,
                     "%s lights %s now, and both would draw; stop it first: the service by `sudo "
                     "systemctl stop amberbar`, any other with Ctrl-C where it runs",
                     who, claim->place);
}

static bool take(struct claim *claim, struct error *error)
{
    char noted[CLAIM_NAME_SIZE + NUMBER_SIZE];
    claim->hold = bind_name(claim->name);
    if (claim->hold < 0)
        return errno != EADDRINUSE || name_owner(claim, error);
    snprintf(noted, sizeof noted, "%s#%d", claim->name, (int)getpid());
    claim->note = bind_name(noted);
    return true;
}

static bool holds(const struct claims *claims, const struct claims *wanted)
{
    if (claims->count != wanted->count)
        return false;
    for (size_t i = 0; i < claims->count; i++)
        if (claims->claims[i].hold < 0 ||
            strcmp(claims->claims[i].name, wanted->claims[i].name) != 0)
            return false;
    return true;
}

bool claims_take(struct claims *claims, const struct output_settings *output, struct error *error)
{
    struct claims wanted = {0};
    find_lights(output, &wanted);
    if (holds(claims, &wanted))
        return true;
    claims_drop(claims);
    *claims = wanted;
    for (size_t i = 0; i < claims->count; i++) {
        if (!take(&claims->claims[i], error)) {
            claims_drop(claims);
            return false;
        }
    }
    return true;
}

void claims_drop(struct claims *claims)
{
    for (size_t i = 0; i < claims->count; i++) {
        if (claims->claims[i].note >= 0)
            close(claims->claims[i].note);
        if (claims->claims[i].hold >= 0)
            close(claims->claims[i].hold);
    }
    claims->count = 0;
}
