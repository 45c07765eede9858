/* What somebody sees on the real lights, and what follows for their board. */
#include "commands/setup/setup.h"
#include "config/board/needs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Lights of every colour, whose order on the wire may be another. */
static bool has_colours(const struct setup *setup)
{
    return !setup->strip->chip->own_colours && !setup->strip->chip->lamps &&
           output_pixels(setup->strip) > 0;
}

/* The order of now and the words for it; false: the chip has none. */
static bool read_order(struct setup *setup)
{
    const struct field *field = chip_field(setup->strip->chip, "order");
    int word = 0;
    if (field == NULL)
        return false;
    memcpy(&word, (const char *)setup->strip->chip_settings + field->offset, sizeof word);
    setup->search = (struct order_search){.words = field->words, .now = field->words[word]};
    return true;
}

static void say_unlit(struct setup *setup, const struct error *error)
{
    setup->unlit = true;
    setup_say(setup, "   The lights cannot be lit now: %s. `amberbar identify` tries them later.",
              error->text);
}

/* Where nobody looks they are not lit, which might be in the way of a service that runs; what that
   would need is looked for. */
static void look_unseen(struct setup *setup)
{
    struct error error = {0};
    for (size_t i = 0; i < setup->board.output_count && !setup->unlit; i++) {
        const char *device = output_device(&setup->board.outputs[i]);
        if (device != NULL && access(device, W_OK) != 0)
            error_set(&error, "%s: %s", device, strerror(errno));
        else if (setup->board.outputs[i].bus.kind == BUS_GPIO &&
                 !glow_open(&setup->glow, &setup->board, &setup->board.outputs[i], SCENE_DARK,
                            &error))
            glow_close(&setup->glow);
        if (error.text[0] != '\0')
            say_unlit(setup, &error);
    }
    glow_close(&setup->glow);
}

/* Lights them; what stands in the way is said, and the questions to the eye are left out. */
static bool due_see(struct setup *setup)
{
    struct error error = {0};
    setup->doubted = setup->unlit = false;
    if (setup->strip == NULL || board_writes_to_stdout(&setup->board))
        return false;
    if (!setup->asks) {
        look_unseen(setup);
        return false;
    }
    const enum scene scene = has_colours(setup) ? SCENE_ENDS : SCENE_WALK;
    if (glow_open(&setup->glow, &setup->board, setup->strip, scene, &error))
        return true;
    say_unlit(setup, &error);
    return false;
}

static void word_see(struct setup *setup, struct text *out)
{
    const size_t count = output_pixels(setup->strip);
    if (!has_colours(setup))
        text_add(out, "Each light or digit is lit in turn. Do you see that?");
    else if (count == 1)
        text_add(out, "The light is red. Do you see red?");
    else if (count == 2)
        text_add(out, "The first light is red, the other one green. Do you see just that?");
    else
        text_addf(out,
                  "Of %zu lights the first is red, the last green, those between blue. Do you see "
                  "just that?",
                  count);
}

/* A controller does not answer: that anything is lit there is known by who looks, alone. */
static void propose_yes(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    if (setup->strip->bus.kind != BUS_UDP)
        text_copy(proposed, ANSWER_SIZE, "y");
}

static enum tried refuse_unclear(struct error *error)
{
    error_set(error, "answer y or n");
    return TRIED_REFUSED;
}

static enum tried try_see(struct setup *setup, const char *answer, struct error *error)
{
    const enum consent consent = consent_of(answer);
    if (consent == CONSENT_UNCLEAR)
        return refuse_unclear(error);
    setup->doubted = consent == CONSENT_NO;
    if (setup->doubted && !has_colours(setup))
        setup_say(setup, "   `amberbar identify` goes through them one by one later, and names the "
                         "key to change.");
    return TRIED_FINE;
}

/* The strip with another value, lit anew. */
static bool set(struct setup *setup, const char *key, const char *value, enum scene scene,
                struct error *error)
{
    struct complaints complaints = {0};
    glow_close(&setup->glow);
    const bool good = output_override(setup->strip, key, value, key, &complaints);
    if (!good && complaints.text.data != NULL)
        error_set(error, "%.*s", (int)strcspn(complaints.text.data, "\n"), complaints.text.data);
    complaints_free(&complaints);
    struct error fault = {0};
    return glow_open(&setup->glow, &setup->board, setup->strip, scene, good ? error : &fault) &&
           good;
}

static bool due_red(struct setup *setup)
{
    const bool due =
        setup->doubted && has_colours(setup) && setup->glow.outputs != NULL && read_order(setup);
    if (due)
        glow_show(&setup->glow, SCENE_RED);
    return due;
}

static bool due_green(struct setup *setup)
{
    const bool due = due_red(setup) && setup->search.words != NULL;
    if (due)
        glow_show(&setup->glow, SCENE_GREEN);
    return due;
}

/* y: it is right so; n: the next order there is, and the same question. */
static enum tried try_colour(struct setup *setup, const char *answer, char colour,
                             struct error *error)
{
    const enum consent consent = consent_of(answer);
    if (consent == CONSENT_UNCLEAR)
        return refuse_unclear(error);
    if (consent == CONSENT_YES)
        return TRIED_FINE;
    const char *order = order_next(&setup->search, colour);
    if (order == NULL) {
        setup_say(setup, "   No order of the colours is right: look at the wires, and at `amberbar "
                         "identify` later.");
        setup->order[0] = '\0';
        setup->doubted = false;
        return TRIED_FINE;
    }
    if (!set(setup, "order", order, colour == 'r' ? SCENE_RED : SCENE_GREEN, error))
        return TRIED_REFUSED;
    text_copy(setup->order, sizeof setup->order, order);
    return TRIED_AGAIN;
}

static enum tried try_red(struct setup *setup, const char *answer, struct error *error)
{
    return try_colour(setup, answer, 'r', error);
}

static enum tried try_green(struct setup *setup, const char *answer, struct error *error)
{
    return try_colour(setup, answer, 'g', error);
}

static void word_red(struct setup *setup, struct text *out)
{
    if (setup->order[0] == '\0')
        text_add(out, "All are lit alike. Do you see red?");
    else
        text_addf(out, "That is another order of the colours, %s. Do you see red now?",
                  setup->order);
}

static void word_green(struct setup *setup, struct text *out)
{
    text_addf(out, "The order is %s. Do you see green?", setup->search.now);
}

static bool due_count(struct setup *setup)
{
    const bool due = setup->doubted && setup->glow.outputs != NULL && has_colours(setup) &&
                     setup->strip->map == NULL && chip_field(setup->strip->chip, "pixels") != NULL;
    if (due)
        glow_show(&setup->glow, SCENE_ENDS);
    return due;
}

static void propose_count(struct setup *setup, char proposed[static ANSWER_SIZE])
{
    snprintf(proposed, ANSWER_SIZE, "%zu", output_pixels(setup->strip));
}

static void word_count(struct setup *setup, struct text *out)
{
    text_addf(out,
              "The first of %zu is red, the last green. If that is not at the ends: how many "
              "lights are there?",
              output_pixels(setup->strip));
}

/* The number that is shown already is a yes. */
static enum tried try_count(struct setup *setup, const char *answer, struct error *error)
{
    int64_t number;
    if (!text_integer(answer, 1, FRAME_PIXELS_MAX, &number)) {
        error_set(error, "answer a number from 1 to %d", FRAME_PIXELS_MAX);
        return TRIED_REFUSED;
    }
    if ((size_t)number == output_pixels(setup->strip))
        return TRIED_FINE;
    if (!set(setup, "pixels", answer, SCENE_ENDS, error))
        return TRIED_REFUSED;
    text_copy(setup->count, sizeof setup->count, answer);
    return TRIED_AGAIN;
}

const struct question question_see = {SETUP_NONE,  "what is seen", word_see, due_see,
                                      propose_yes, try_see,        false};
const struct question question_red = {SETUP_NONE,  "what is seen", word_red, due_red,
                                      propose_yes, try_red,        false};
const struct question question_green = {SETUP_NONE,  "what is seen", word_green, due_green,
                                        propose_yes, try_green,      false};
const struct question question_count = {
    SETUP_NONE, "the number of lights", word_count, due_count, propose_count, try_count, false};
