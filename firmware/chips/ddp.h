/*
 * Controllers in the network that take DDP, the Distributed Display Protocol of 3waylabs
 * (http://www.3waylabs.com/ddp/, version 1): WLED, Falcon and others, whatever strip they drive.
 *
 * A picture is bytes of red, green and blue a pixel. A datagram carries up to 480 pixels behind ten
 * bytes of header:
 *
 *     0     0x40, version 1; with 0x01, push, in the last one: now it is shown
 *     1     its number, 1 to 15, so that one that comes late is known; set when it is sent
 *     2     0x0b: red, green and blue, 8 bits each
 *     3     1: the controller's own output
 *     4-7   the place of its first byte in the picture, the highest byte first
 *     8-9   how many bytes follow
 *
 * Levels are light, as for a strip on a wire: WLED leaves them as they are unless its gamma
 * correction of realtime data is on. What the supply gives is the controller's to know.
 *
 * WLED goes back to what it showed before when nothing came for 2.5 s (its setting "Timeout"), so a
 * picture is sent each second, and one or two may be lost. When WLED itself is switched off, that
 * is dark.
 */
#ifndef AMBERBAR_CHIPS_DDP_H
#define AMBERBAR_CHIPS_DDP_H

#include "chips/ledstrip.h"

#define DDP_PORT 4048
#define DDP_HEADER_SIZE 10
#define DDP_PIXELS_MAX 480 /* of a datagram */
#define DDP_REPEAT_MS 1000

struct ddp_settings {
    int64_t pixels;
    int order; /* of ledstrip_rgb_orders */
};

#endif
