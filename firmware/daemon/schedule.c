#include "daemon/schedule.h"

#define CLOCK_INTERVAL_MS 60000

void schedule_start(struct schedule *schedule, const struct config *config,
                    const struct rollout *rollouts, uint32_t seed)
{
    *schedule = (struct schedule){
        .config = config, .rollouts = rollouts, .phase = {.random = seed * 2654435761u}};
}

void schedule_learn(struct schedule *schedule, const struct plan *plan, const struct answer *answer)
{
    phase_want_none(&schedule->phase);
    schedule->moves = false;
    for (size_t i = 0; i < schedule->config->rollout_count; i++)
        if (!schedule->rollouts[i].is_query)
            schedule->moves |= rollout_watch(&schedule->rollouts[i], answer, plan->selection_of[i],
                                             &schedule->phase);
    phase_note(&schedule->phase, answer);
}

int64_t schedule_own_ms(const struct schedule *schedule, const struct plan *plan)
{
    const int64_t interval_ms = schedule->config->prometheus.poll_interval_ms;
    const bool may_speed_up = interval_ms > SCHEDULE_FAST_MS && !plan_is_dear(plan);
    for (size_t i = 0; may_speed_up && i < schedule->config->rollout_count; i++)
        if (rollout_moves(&schedule->rollouts[i]))
            return SCHEDULE_FAST_MS;
    return interval_ms;
}

int64_t schedule_round_ms(struct schedule *schedule, const struct plan *plan, int64_t started_ms)
{
    const struct phase_terms terms = {
        .moves = schedule->moves && !plan_is_dear(plan),
        .interval_ms = schedule->config->prometheus.poll_interval_ms,
        .asked_ms = started_ms,
    };
    const bool idle = plan->count == 0 && terms.interval_ms < CLOCK_INTERVAL_MS;
    if (idle) /* only own queries are asked: the round has but to ask what time it is there */
        return started_ms + CLOCK_INTERVAL_MS;
    if (plan->count == 0 || terms.interval_ms <= SCHEDULE_FAST_MS)
        return started_ms + terms.interval_ms;
    return phase_due_ms(&schedule->phase, &terms);
}
