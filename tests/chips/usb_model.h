/*
 * Small lights on USB, from their makers' documents: what each shows after the reports it got.
 */
#ifndef AMBERBAR_TESTS_USB_MODEL_H
#define AMBERBAR_TESTS_USB_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define USB_LEDS_MAX 64

struct usb_light {
    uint8_t shown[USB_LEDS_MAX][3]; /* red, green, blue; a strip's in its own order */
    const char *fault;              /* the first; NULL: none */

    /* blink(1) */
    bool dark_line;    /* the line that the timer plays is dark */
    uint8_t line, led; /* that was written last; for which LED lines are written */
    int64_t timer_ms;  /* until it plays; 0: off */
    bool plays_dark;   /* what it plays then is that line alone */
};

/* The second model and later, of two LEDs. */
void blink1_receive(struct usb_light *light, const uint8_t *report, size_t length);
/* So long nothing comes. */
void blink1_wait(struct usb_light *light, int64_t ms);

void blinkstick_receive(struct usb_light *light, const uint8_t *report, size_t length,
                        uint8_t channel);
void luxafor_receive(struct usb_light *light, const uint8_t *report, size_t length);

#endif
