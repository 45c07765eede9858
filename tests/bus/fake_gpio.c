#include "bus/fake_gpio.h"

#include "bus/pace.h"

struct gpio {
    size_t number; /* from 1 */
};

struct fake_gpio fake;

static struct gpio opened[FAKE_OPENS_MAX];

static void drive(uint32_t levels)
{
    uint32_t before = fake.driven;
    fake.driven = levels;
    if (fake.changed != NULL && before != levels)
        fake.changed(before, levels);
}

struct gpio *gpio_open(const struct gpio_request *request, struct error *error)
{
    if (fake.opens + 1 == fake.refuse || fake.opens == FAKE_OPENS_MAX) {
        (void)error_set(error, "refused");
        return NULL;
    }
    if (fake.opens == fake.closes)
        drive(request->levels);
    struct gpio *gpio = &opened[fake.opens];
    fake.requests[fake.opens++] = *request;
    gpio->number = fake.opens;
    return gpio;
}

static bool fails(struct error *error)
{
    fake.calls++;
    bool now = fake.calls == fake.fail_at;
    bool later = fake.fail_at != 0 && !fake.short_lived && fake.calls > fake.fail_at;
    return (now || later) && !error_set(error, "the chip is gone");
}

bool gpio_set(struct gpio *gpio, uint32_t mask, uint32_t levels, struct error *error)
{
    (void)gpio;
    fake.sets++;
    if (fails(error))
        return false;
    drive((fake.driven & ~mask) | (levels & mask));
    return true;
}

bool gpio_get(struct gpio *gpio, uint32_t *levels, struct error *error)
{
    (void)gpio;
    *levels = 0;
    if (fails(error))
        return false;
    *levels = fake.wires == NULL ? fake.driven : fake.wires(fake.driven);
    return true;
}

void gpio_close(struct gpio *gpio)
{
    if (gpio != NULL && fake.closes < FAKE_OPENS_MAX)
        fake.closed[fake.closes++] = fake.requests[gpio->number - 1].lines[0];
}

void pace_us(int64_t us)
{
    fake.now_us += us > 0 ? us : 0;
}
