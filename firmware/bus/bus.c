#include "bus/bus.h"

#include "bus/driver.h"

bool bus_send(struct bus *bus, const uint8_t *bytes, size_t length, struct error *error)
{
    return bus->driver->send(bus, bytes, length, error);
}

void bus_close(struct bus *bus)
{
    if (bus != NULL)
        bus->driver->close(bus);
}
