/*
 * Overlays that take lines or selects which lights could use (raspberrypi/firmware,
 * boot/overlays/README, and the sources in raspberrypi/linux, arch/arm/boot/dts/overlays).
 */
#include "machine/machine.h"

#include <string.h>

#define LINE(n) (1U << (n))
#define DPI_ALL 0x0FFFFFFFU /* 24 bits of colour and four of timing: GPIO 0 to 27 */
#define DPI_18 0x03FFFFFFU  /* 18 bits and four, in two halves: up to GPIO 25 */
#define SOUND (LINE(18) | LINE(19) | LINE(20) | LINE(21))
#define CE0 1U
#define CE1 2U
#define BOTH 3U

/* The first that fits counts. Touch screens have both selects: the panel's and the touch's. */
static const struct overlay_nature natures[] = {
    {"vc4-kms-dpi-hyperpixel*", "a parallel display", DPI_ALL, NULL, 0},
    {"hyperpixel*", "a parallel display", DPI_ALL, NULL, 0},
    {"vc4-kms-dpi-*", "a parallel display", DPI_ALL, NULL, 0},
    {"vc4-kms-kippah*", "a parallel display", DPI_ALL, NULL, 0},
    {"vc4-kms-vga666", "a VGA adapter", DPI_18, NULL, 0},
    {"vga666", "a VGA adapter", DPI_18, NULL, 0},
    {"dpi18*", "a parallel display", DPI_18, NULL, 0},
    {"dpi24", "a parallel display", DPI_ALL, NULL, 0},

    {"hifiberry-*", "sound", SOUND, NULL, 0},
    {"iqaudio-*", "sound", SOUND, NULL, 0},
    {"allo-*", "sound", SOUND, NULL, 0},
    {"justboom-*", "sound", SOUND, NULL, 0},
    {"audioinjector-*", "sound", SOUND, NULL, 0},
    {"rpi-dac", "sound", SOUND, NULL, 0},
    {"rpi-codeczero", "sound", SOUND, NULL, 0},
    {"rpi-proto", "sound", SOUND, NULL, 0},
    {"i2s-*", "sound", SOUND, NULL, 0},
    {"googlevoicehat-soundcard", "sound", SOUND, NULL, 0},
    {"seeed-*-voicecard", "sound", SOUND, NULL, 0},
    {"wm8960-soundcard", "sound", SOUND, NULL, 0},
    {"adau*", "sound", SOUND, NULL, 0},
    {"max98357a", "sound", SOUND | LINE(4), NULL, 0},
    {"merus-amp", "sound", SOUND, NULL, 0},

    {"spi1-1cs", "SPI 1", LINE(18) | LINE(19) | LINE(20) | LINE(21), NULL, 0},
    {"spi1-2cs", "SPI 1", SOUND | LINE(17), NULL, 0},
    {"spi1-3cs", "SPI 1", SOUND | LINE(17) | LINE(16), NULL, 0},
    {"pwm", "PWM", LINE(18), "pin", 0},
    {"pwm-2chan", "PWM", LINE(18) | LINE(19), NULL, 0},
    {"ws2812-pio", "WS2812 lights", LINE(4), "gpio", 0},
    {"w1-gpio", "a 1-wire sensor", LINE(4), "gpiopin", 0},
    {"w1-gpio-pullup", "a 1-wire sensor", LINE(4), "gpiopin", 0},
    {"dht11", "a sensor", LINE(4), "gpiopin", 0},
    {"gpio-fan", "a fan", LINE(12), "gpiopin", 0},
    {"gpio-ir", "an infrared receiver", LINE(18), "gpio_pin", 0},
    {"gpio-ir-tx", "an infrared sender", LINE(18), "gpio_pin", 0},
    {"gpio-shutdown", "a button", LINE(3), "gpio_pin", 0},
    {"gpio-poweroff", "switching off", LINE(26), "gpiopin", 0},
    {"pps-gpio", "a clock's pulse", LINE(18), "gpiopin", 0},

    {"waveshare*", "a display", 0, NULL, BOTH},
    {"pitft*", "a display", 0, NULL, BOTH},
    {"piscreen*", "a display", 0, NULL, BOTH},
    {"tft*", "a display", 0, NULL, BOTH},
    {"mhs*", "a display", 0, NULL, BOTH},
    {"mis35*", "a display", 0, NULL, BOTH},
    {"LCD35*", "a display", 0, NULL, BOTH},
    {"rpi-display", "a display", 0, NULL, BOTH},
    {"hy28a", "a display", 0, NULL, BOTH},
    {"joy-IT-Display*", "a display", 0, NULL, BOTH},
    {"mz61581", "a display", 0, NULL, BOTH},
    {"tinylcd35", "a display", 0, NULL, BOTH},
    {"adafruit18", "a display", 0, NULL, CE0},
    {"adafruit-st7735r", "a display", 0, NULL, CE0},
    {"sainsmart18", "a display", 0, NULL, CE0},
    {"fbtft", "a display", 0, NULL, CE0},
    {"mipi-dbi-spi", "a display", 0, NULL, CE0},
    {"ssd1306-spi", "a display", 0, NULL, CE0},
    {"ssd1327-spi", "a display", 0, NULL, CE0},
    {"ssd1331-spi", "a display", 0, NULL, CE0},
    {"ssd1351-spi", "a display", 0, NULL, CE0},
    {"sh1106-spi", "a display", 0, NULL, CE0},
    {"ili9881*", NULL, 0, NULL, 0},
    {"ads7846", "a touch screen", 0, NULL, CE1},
    {"enc28j60", "a network adapter", 0, NULL, CE0},
    {"w5500", "a network adapter", 0, NULL, CE0},
    {"qca7000", "a network adapter", 0, NULL, CE0},
    {"mcp2515-can0", "a CAN adapter", 0, NULL, CE0},
    {"mcp2515-can1", "a CAN adapter", 0, NULL, CE1},
    {"mcp251xfd", "a CAN adapter", 0, NULL, CE0},
    {"sc16is752-spi0", "serial lines", 0, NULL, CE0},
    {"jedec-spi-nor", "a flash memory", 0, NULL, CE0},
    {"tpm-slb9670", "a TPM", 0, NULL, CE1},
    {"at86rf233", "a radio", 0, NULL, CE0},
    {"spi-rtc", "a clock", 0, NULL, CE0},
};

const struct overlay_nature *overlay_nature(const char *name)
{
    for (size_t i = 0; i < sizeof natures / sizeof natures[0]; i++) {
        size_t length = strcspn(natures[i].name, "*");
        const char *rest = natures[i].name + length;
        /* Within a name, too: seeed-2mic-voicecard. */
        bool fits =
            strncmp(name, natures[i].name, length) == 0 &&
            (*rest == '\0' ? name[length] == '\0' : strstr(name + length, rest + 1) != NULL);
        if (fits)
            return natures[i].purpose != NULL ? &natures[i] : NULL;
    }
    return NULL;
}

bool overlay_selects(const char *name, unsigned *controller, unsigned *selects)
{
    bool good = strncmp(name, "spi", 3) == 0 && name[3] >= '0' && name[3] <= '6' &&
                name[4] == '-' && name[5] >= '0' && name[5] <= '3' &&
                strncmp(name + 6, "cs", 2) == 0;
    *controller = good ? (unsigned)(name[3] - '0') : 0;
    *selects = good ? (unsigned)(name[5] - '0') : 0;
    return good;
}
