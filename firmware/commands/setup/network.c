/* Lights behind a controller in the network: a board's file that came with the program has an
   example of where, and how many, which is nobody's. */
#include "commands/setup/setup.h"

#include <stdio.h>
#include <string.h>

/* A board's own file, named by its path, says where its controller is. */
static bool is_example(const struct setup *setup)
{
    return setup->strip != NULL && setup->strip->bus.kind == BUS_UDP &&
           strchr(setup->board_name, '/') == NULL;
}

static bool due_controller(struct setup *setup)
{
    return is_example(setup) || (setup->strip != NULL && setup->strip->bus.kind == BUS_UDP &&
                                 setup->options->values[SETUP_CONTROLLER] != NULL);
}

static enum tried try_controller(struct setup *setup, const char *answer, struct error *error)
{
    if (!udp_is_address(answer) || udp_is_example(answer)) {
        error_set(error,
                  "'%.*s' is no address of one controller; write it in numbers, such as 10.0.0.7: "
                  "a name is not looked up",
                  (int)text_fit(answer, 80), answer);
        return TRIED_REFUSED;
    }
    if (!text_copy(setup->controller, sizeof setup->controller, answer)) {
        error_set(error, "that address is too long");
        return TRIED_REFUSED;
    }
    text_copy(setup->strip->bus.udp.address, sizeof setup->strip->bus.udp.address, answer);
    return TRIED_FINE;
}

static void word_controller(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "Which address has the controller (WLED: Info), in numbers?");
}

static bool due_lights(struct setup *setup)
{
    return is_example(setup) && setup->options->values[SETUP_PIXELS] == NULL;
}

static enum tried try_lights(struct setup *setup, const char *answer, struct error *error)
{
    struct complaints complaints = {0};
    const bool good = output_override(setup->strip, "pixels", answer, "--count", &complaints) &&
                      text_copy(setup->count, sizeof setup->count, answer);
    if (!good)
        error_set(error, "'%.*s' is no number of lights from 1 to %d", (int)text_fit(answer, 80),
                  answer, FRAME_PIXELS_MAX);
    complaints_free(&complaints);
    return good ? TRIED_FINE : TRIED_REFUSED;
}

static void word_lights(struct setup *setup, struct text *out)
{
    (void)setup;
    text_add(out, "How many lights hang on it?");
}

const struct question question_controller = {SETUP_CONTROLLER,
                                             "the address of the controller",
                                             word_controller,
                                             due_controller,
                                             NULL,
                                             try_controller,
                                             false};
const struct question question_lights = {
    SETUP_PIXELS, "how many lights there are", word_lights, due_lights, NULL, try_lights, false};
