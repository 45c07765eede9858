/* May the service, and whoever asks, open what it needs: lights, config, secrets? */
#include "commands/doctor/doctor.h"

#include "base/table.h"
#include "bus/gpiochip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORDED_USER 1000 /* the first user of a Raspberry Pi, whose machine was recorded */

/* Groups that the unit's SupplementaryGroups= gives to the service. */
static const char *const service_groups[] = {"gpio", "spi", "i2c", "video"};

static bool has_one(const struct doctor *doctor, const char *const folders[3], const char *file)
{
    for (size_t i = 0; i < 3; i++)
        if (look_finds(&doctor->machine, folders[i], file))
            return true;
    return false;
}

static bool has_unit(const struct doctor *doctor)
{
    static const char *const folders[3] = {"/etc/systemd/system", "/usr/lib/systemd/system",
                                           "/lib/systemd/system"};
    return has_one(doctor, folders, "amberbar.service");
}

static bool has_rules(const struct doctor *doctor)
{
    static const char *const folders[3] = {"/etc/udev/rules.d", "/usr/lib/udev/rules.d",
                                           "/lib/udev/rules.d"};
    return has_one(doctor, folders, "60-amberbar.rules");
}

/* The first GPIO chip's file; of a recorded machine, that there is any is all that is known. */
static bool find_chip(const struct doctor *doctor, const struct output_settings *output, char *path,
                      size_t size)
{
    struct gpiochip chip;
    struct error error;
    snprintf(path, size, "/dev/gpiochip0");
    if (doctor->recorded)
        return true;
    if (!gpiochip_find(output->bus.gpio.chips, &chip, &error))
        return look_finds(&doctor->machine, "/dev", "gpiochip");
    text_copy(path, size, chip.path);
    return true;
}

static bool in_service(const char *group)
{
    for (size_t i = 0; i < sizeof service_groups / sizeof service_groups[0]; i++)
        if (strcmp(service_groups[i], group) == 0)
            return true;
    return false;
}

/* A user is in a new group only from the next login on. */
static bool waits_for_login(const struct doctor *doctor, const struct account *account,
                            const struct access *access)
{
    return !doctor->recorded && account->user == geteuid() &&
           account_is_member(&doctor->machine, account, access->group);
}

static void check_one(struct doctor *doctor, const struct account *account, const char *path,
                      const char *group)
{
    struct access access;
    char fix[LOOK_PATH_SIZE];
    access_look(&doctor->machine, path, &access);
    if (!access.there)
        return;
    bool service = strcmp(account->name, DOCTOR_SERVICE_USER) == 0;
    bool by_mode = access_permits(&doctor->machine, &access, account, ACCESS_USE) ||
                   (service && in_service(access.group) && (access.mode & 0060) == 0060);
    bool really =
        doctor->recorded || account->user != geteuid() || access_is_real(&doctor->machine, path);
    if (by_mode && really) {
        doctor_report(doctor, FINDING_FACT, NULL, "user %s may use %s", account->name, path);
        return;
    }
    if (by_mode && waits_for_login(doctor, account, &access))
        snprintf(fix, sizeof fix, "log out and in again");
    else if (access.group[0] != '\0' && strcmp(access.group, "root") != 0)
        snprintf(fix, sizeof fix, "sudo usermod -aG %s %s", access.group, account->name);
    else
        /* udev reads rules anew when they have changed, and not when a group has come. */
        snprintf(fix, sizeof fix,
                 "%ssudo systemd-sysusers && sudo systemctl restart systemd-udevd && sudo udevadm "
                 "trigger && sudo usermod -aG %s %s",
                 has_rules(doctor) ? "" : "install amberbar's udev rules, then: ", group,
                 account->name);
    doctor_report(doctor, FINDING_FAULT, fix,
                  "user %s may not use %s: owner %s, group %s, mode %04o", account->name, path,
                  access.owner, access.group, (unsigned)access.mode & 07777U);
}

/* Of a recorded machine it is not known. */
static void check_lights(struct doctor *doctor, const struct account *account,
                         const struct leds_settings *leds)
{
    static const char *const files[] = {"brightness", "trigger"};
    char path[LOOK_PATH_SIZE];
    for (size_t i = 0; !doctor->recorded && i < leds->count; i++) {
        const char *light = machine_light(&doctor->machine, leds->lights[i].name);
        for (size_t j = 0; light != NULL && j < sizeof files / sizeof files[0]; j++) {
            snprintf(path, sizeof path, "/sys/class/leds/%s/%s", light, files[j]);
            check_one(doctor, account, path, "gpio");
        }
    }
}

static const char *group_of(enum bus_kind kind)
{
    switch (kind) {
        ROW(BUS_GPIO, "gpio");
        ROW(BUS_SPI, "spi");
        ROW(BUS_I2C, "i2c");
        ROW(BUS_FILE, "");
        ROW(BUS_DEVICE, "gpio");
        ROW(BUS_LEDS, "gpio");
        ROW(BUS_FRAMEBUFFER, "video");
        ROW(BUS_UDP, "");
        ROW(BUS_HIDRAW, "gpio");
    }
    NO_OTHER_ROW;
}

static void check_output(struct doctor *doctor, const struct account *account,
                         const struct output_settings *output)
{
    char path[GPIOCHIP_PATH_SIZE];
    const char *device = output_device(output);
    char found[BUS_PATH_SIZE], framebuffer_path[MACHINE_NAME_SIZE];
    struct error error;
    bool usb = output->bus.kind == BUS_HIDRAW && !doctor->recorded;
    if (usb && hidraw_find(&output->bus.hidraw, found, &error)) /* else it is reported already */
        device = found;
    bool framebuffer = output->bus.kind == BUS_FRAMEBUFFER;
    if (framebuffer &&
        machine_framebuffer(&doctor->machine, output->bus.framebuffer.name, framebuffer_path))
        device = framebuffer_path;
    bool lines = output->bus.kind == BUS_GPIO || output->bus.hold.count > 0;
    if (output->bus.kind == BUS_LEDS)
        check_lights(doctor, account, &output->bus.leds);
    if (device != NULL)
        check_one(doctor, account, device, group_of(output->bus.kind));
    if (lines && find_chip(doctor, output, path, sizeof path))
        check_one(doctor, account, path, "gpio");
}

static void check_account(struct doctor *doctor, const struct account *account)
{
    for (size_t i = 0; doctor->config != NULL && i < doctor->config->board.output_count; i++)
        check_output(doctor, account, &doctor->config->board.outputs[i]);
}

void doctor_access(struct doctor *doctor)
{
    struct account account;
    uid_t user = doctor->recorded ? RECORDED_USER : geteuid();
    if (account_find_by_id(&doctor->machine, user, &account))
        check_account(doctor, &account);
}

/* Whether the user may go through the folder; if not, it is reported. */
static bool check_folder(struct doctor *doctor, const struct account *account, const char *folder,
                         const char *path, const char *what)
{
    struct access access;
    char fix[2 * LOOK_PATH_SIZE];
    access_look(&doctor->machine, folder, &access);
    if (!access.there || access_permits(&doctor->machine, &access, account, ACCESS_ENTER))
        return true;
    if ((access.mode & 0010) != 0 && strcmp(access.group, "root") != 0)
        snprintf(fix, sizeof fix, "sudo usermod -aG %s %s && sudo systemctl restart amberbar",
                 access.group, account->name);
    else
        snprintf(fix, sizeof fix, "sudo chmod o+x '%s'", folder);
    doctor_report(doctor, FINDING_FAULT, fix,
                  "user %s may not enter %s, on the way to %s, %s: owner %s, group %s, mode %04o",
                  account->name, folder, path, what, access.owner, access.group,
                  (unsigned)access.mode & 07777U);
    return false;
}

/* Every folder above the file, from the root on; `path` is absolute. */
static bool check_folders(struct doctor *doctor, const struct account *account, const char *path,
                          const char *what)
{
    char folder[LOOK_PATH_SIZE];
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
        if (!check_folder(doctor, account, folder, path, what))
            return false;
    }
    return true;
}

/* As it is written, and where links lead. */
static bool check_way(struct doctor *doctor, const struct account *account, const char *path,
                      const char *what)
{
    char *real = realpath(path, NULL);
    bool good =
        (path[0] != '/' || check_folders(doctor, account, path, what)) &&
        (real == NULL || strcmp(real, path) == 0 || check_folders(doctor, account, real, what));
    free(real);
    return good;
}

/* What the unit forbids, an edit of it may allow again. */
static enum finding unless_edited(const struct doctor *doctor)
{
    bool edited = look_finds(&doctor->machine, "/etc/systemd/system/amberbar.service.d", "");
    return edited ? FINDING_NOTE : FINDING_FAULT;
}

/* True when it is the service's own config, and not one that is tried. */
static bool is_its_own(const struct doctor *doctor)
{
    return strcmp(doctor->config->path, CONFIG_FILE_DEFAULT) == 0;
}

/* What the unit's ProtectHome= and PrivateTmp= leave empty. */
static bool is_hidden(struct doctor *doctor, const struct account *account, const char *path,
                      const char *what)
{
    static const char *const hidden[] = {"/home/", "/root/", "/run/user/", "/tmp/", "/var/tmp/"};
    char fix[2 * LOOK_PATH_SIZE];
    snprintf(fix, sizeof fix, "sudo install -m 0640 -g %s '%s' /etc/amberbar/", account->name,
             path);
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++) {
        if (strncmp(path, hidden[i], strlen(hidden[i])) != 0)
            continue;
        doctor_report(doctor, unless_edited(doctor), fix,
                      "the service sees nothing of %.*s, where %s, %s, is: name a copy in "
                      "/etc/amberbar",
                      (int)strlen(hidden[i]) - 1, hidden[i], path, what);
        return true;
    }
    return false;
}

static void check_readable(struct doctor *doctor, const struct account *account, const char *path,
                           const char *what)
{
    struct access access;
    char fix[2 * LOOK_PATH_SIZE];
    access_look(&doctor->machine, path, &access);
    if (!access.there || is_hidden(doctor, account, path, what) ||
        !check_way(doctor, account, path, what) ||
        access_permits(&doctor->machine, &access, account, ACCESS_READ))
        return;
    snprintf(fix, sizeof fix, "sudo chgrp %s '%s' && sudo chmod g+r '%s'", account->name, path,
             path);
    doctor_report(doctor, FINDING_FAULT, fix,
                  "user %s may not read %s, %s: owner %s, group %s, mode %04o", account->name, path,
                  what, access.owner, access.group, (unsigned)access.mode & 07777U);
}

/* ProtectSystem=strict leaves the service its RuntimeDirectory=. */
static void check_metrics_file(struct doctor *doctor)
{
    const char *path = doctor->config->metrics_file;
    const char *slash = strrchr(path, '/');
    char fix[2 * LOOK_PATH_SIZE];
    if (slash == NULL || strncmp(path, "/run/amberbar/", 14) == 0)
        return;
    snprintf(fix, sizeof fix, "metrics_file: /run/amberbar%s; sudo ln -sf /run/amberbar%s '%s'",
             slash, slash, path);
    doctor_report(doctor, unless_edited(doctor), fix,
                  "the service may write into /run/amberbar alone, and metrics_file is %s", path);
}

static void check_files(struct doctor *doctor, const struct account *account)
{
    const struct prometheus_settings *prometheus = &doctor->config->prometheus;
    char key[PROMETHEUS_FILE_KEY_SIZE];
    check_readable(doctor, account, doctor->config->path, "the config");
    check_readable(doctor, account, doctor->config->board.path, "the board file");
    for (size_t i = 0; i < PROMETHEUS_FILES; i++) {
        const char *file = prometheus_file(prometheus, i);
        if (file[0] != '\0')
            check_readable(doctor, account, file, prometheus_file_key(prometheus, i, key));
    }
    check_metrics_file(doctor);
}

/* Whether the service, which is another user, will have what this user has. */
void doctor_service(struct doctor *doctor)
{
    struct account account;
    if (!has_unit(doctor))
        return;
    if (!account_find(&doctor->machine, DOCTOR_SERVICE_USER, &account)) {
        doctor_report(doctor, FINDING_FAULT, "sudo systemd-sysusers",
                      "the service is installed, and its user " DOCTOR_SERVICE_USER
                      " does not exist");
        return;
    }
    for (size_t i = 0; i < sizeof service_groups / sizeof service_groups[0]; i++)
        if (!account_group_exists(&doctor->machine, service_groups[i]))
            doctor_report(doctor, FINDING_FAULT, "sudo systemd-sysusers",
                          "the service cannot start: there is no group %s", service_groups[i]);
    check_account(doctor, &account);
    if (doctor->config == NULL || doctor->recorded)
        return;
    if (is_its_own(doctor))
        check_files(doctor, &account);
    else
        doctor_report(doctor, FINDING_NOTE, NULL,
                      "the service reads " CONFIG_FILE_DEFAULT ", and not %s: whether it may read "
                      "what this one names is not looked at",
                      doctor->config->path);
}
