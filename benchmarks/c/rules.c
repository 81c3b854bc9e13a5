/* The two most costly acts, choosing (6) and serving citizens (8), as plain C on the records of dgsim.world.state.
   The structures and constants come from records.h, which the benchmark writes from those records before it compiles.
   Same arithmetic in the same order, so that results are equal; compare dgsim/world/{choice,utility,citizens,...}.py. */

#include <math.h>
#include <stdint.h>
#include <time.h>
#include "records.h"

typedef struct {
    nation *nation;
    const policy *policy;
    const assumptions *k;
    const services *services;
    const items *items;
    scratch *open;
} world;

typedef struct { double benefit, reward, mandate; } attraction;
typedef struct { double cost, effort, risk, patience; } burden;
typedef struct { int64_t first, behind; } options;

static const double BVND = 1000.0, QUARTERS = 4.0, MILLION = 1e6;

static inline double larger(double a, double b) { return a > b ? a : b; }
static inline double smaller(double a, double b) { return a < b ? a : b; }

/* luck */

typedef struct { uint64_t a, b, c, d; } words;

static inline words philox(uint64_t c0, uint64_t c1, uint64_t c2, uint64_t c3, uint64_t seed) {
    uint64_t key0 = seed & 0xFFFFFFFFu, key1 = seed >> 32;
    for (int round = 0; round < 10; round++) {
        uint64_t a = 0xD2511F53u * c0, b = 0xCD9E8D57u * c2;
        c0 = (b >> 32) ^ c1 ^ key0;
        c1 = b & 0xFFFFFFFFu;
        c2 = (a >> 32) ^ c3 ^ key1;
        c3 = a & 0xFFFFFFFFu;
        key0 = (key0 + 0x9E3779B9u) & 0xFFFFFFFFu;
        key1 = (key1 + 0xBB67AE85u) & 0xFFFFFFFFu;
    }
    return (words){c0, c1, c2, c3};
}

static inline words draw_words(const world *w, uint32_t who, int64_t purpose, int64_t option) {
    const nation *n = w->nation;
    return philox((uint32_t)n->replication, (uint32_t)n->quarter, who, (uint64_t)(purpose * 65536 + option), n->seed);
}

static inline double uniform(const world *w, uint32_t who, int64_t purpose, int64_t option) {
    words luck = draw_words(w, who, purpose, option);
    return ((double)(luck.a >> 6) * 67108864.0 + (double)(luck.b >> 6) + 0.5) / 4503599627370496.0;
}

static inline double coarse(uint64_t word) { return ((double)word + 0.5) / 4294967296.0; }

static void draw_fours(const world *w, uint32_t who, int64_t purpose, double numbers[4][N_PROJECTS]) {
    uint64_t replication = (uint32_t)w->nation->replication, quarter = (uint32_t)w->nation->quarter;
    uint64_t seed = w->nation->seed;
    for (int64_t option = 0; option < N_PROJECTS; option++) {
        words luck = philox(replication, quarter, who, (uint64_t)(purpose * 65536 + option), seed);
        numbers[0][option] = coarse(luck.a);
        numbers[1][option] = coarse(luck.b);
        numbers[2][option] = coarse(luck.c);
        numbers[3][option] = coarse(luck.d);
    }
}

static inline double gumbel(double luck) { return -log(-log(luck)); }

/* time */

static inline int64_t quarters_to_year_end(const world *w) { return 3 - w->nation->quarter % 4; }
static inline int closes_year(const world *w) { return quarters_to_year_end(w) == 0; }

/* money */

static inline int64_t whole(const world *w, double amount) {
    double unit = w->k->money_unit, wanted = larger(0.0, amount);
    return unit == 1.0 ? (int64_t)floor(wanted) : (int64_t)floor(wanted / unit) * (int64_t)unit;
}

static inline int64_t receive(province *p, const world *w, int line, double amount) {
    int64_t received = whole(w, amount);
    p->cash_mvnd += received;
    p->books[line] += received;
    return received;
}

static inline int64_t pay(province *p, const world *w, int line, double amount) {
    int64_t paid = whole(w, amount);
    if (paid > p->cash_mvnd) paid = p->cash_mvnd;
    p->cash_mvnd -= paid;
    p->books[line] += paid;
    return paid;
}

static inline void spend_own(province *p, const world *w, int line, double amount) {
    int64_t paid = pay(p, w, line, amount);
    p->spent_mvnd += paid;
    p->year_used += (double)paid;
}

static inline double matching_rate(const province *p, const world *w) {
    double tilt = 1.0 + w->policy->matching_tilt * (1.0 - 2.0 * p->fiscal_rank);
    return smaller(1.0, w->policy->matching_rate * tilt);
}

static inline double build_cost(const province *p, const world *w, int64_t s) {
    double cost = w->services->build_fixed_bvnd[s] + w->services->build_per_million_bvnd[s] * p->population;
    return cost * BVND * w->k->build_cost_factor;
}

static inline double running_cost(const province *p, const world *w, int64_t s) {
    double share = p->platform[s] == OWN ? w->k->running_share : w->k->running_share * w->k->shared_cost;
    double size = p->redesigned[s] == 1 ? 1.0 : w->k->as_is_cost;
    double premium = 1.0 + w->k->dependence_premium * p->dependence;
    return build_cost(p, w, s) * size * share * premium / QUARTERS;
}

static inline int64_t quarters_of_money(const world *w) {
    if (w->policy->budget_rule == 0.0) return quarters_to_year_end(w);
    int64_t length = 4 * (int64_t)w->k->plan_years, longest = (int64_t)w->k->longest_view;
    int64_t left = ((3 - w->nation->quarter) % length + length) % length;
    return longest < left ? longest : left;
}

static inline double owed(const province *p) {
    double sum = 0.0;
    for (int i = 0; i < N_PROJECTS; i++) sum += p->project_owed[i];
    return sum;
}

static inline void look_at_purse(province *p, const world *w) {
    double idle = larger(0.0, p->cash_mvnd - owed(p)) / larger(1.0, p->yearly_money);
    double lapsing = (1.0 - w->k->carry_over) * smaller(1.0, idle);
    p->shadow_price = 1.0 - lapsing / (1.0 + quarters_of_money(w));
}

/* services */

static inline double foundation_benefit(
    const world *w, int64_t f, double readiness, double connection, double accounts) {
    if (f == CONNECTIVITY) return connection;
    if (f == DIGITAL_ID) return readiness * connection * accounts;
    if (f == DATA_EXCHANGE)
        return readiness * connection * (1.0 - w->k->sharing_weight * (1.0 - w->nation->shared_data));
    return readiness * connection;
}

static inline void foundation_limits(const world *w, const double *levels, double *own, double *shared) {
    const double(*needs)[N_ALL_SERVICES] = w->services->needs;
    for (int s = 0; s < N_SERVICES; s++)
        own[s] = shared[s] = 1.0 - needs[CONNECTIVITY][s] * (1.0 - levels[CONNECTIVITY]);
    for (int f = 1; f < N_FOUNDATIONS; f++) {
        double missing = 1.0 - levels[f], replaced = 1.0 - larger(levels[f], w->k->own_floor);
        for (int s = 0; s < N_SERVICES; s++) {
            own[s] *= 1.0 - needs[f][s] * replaced;
            shared[s] *= 1.0 - needs[f][s] * missing;
        }
    }
}

static void look_at_foundations(province *p, const world *w) {
    for (int f = 0; f < N_FOUNDATIONS; f++) {
        double now = foundation_benefit(w, f, w->nation->readiness[f], p->connection[f], w->nation->accounts);
        double promised = foundation_benefit(w, f, 1.0, p->connection[f], 1.0);
        p->available[f] = now;
        p->expected[f] = now + p->credence * w->nation->closeness[f] * larger(0.0, promised - now);
    }
    foundation_limits(w, p->available, p->ready_own, p->ready_shared);
    foundation_limits(w, p->expected, p->outlook_own, p->outlook_shared);
}

static inline double ready(const province *p, int64_t s, int platform) {
    return platform == OWN ? p->ready_own[s] : p->ready_shared[s];
}

static inline double redesign_factor(const world *w, double depth) {
    return w->k->as_is_quality + (1.0 - w->k->as_is_quality) * depth;
}

static inline double depth_of_redesign(const province *p, const world *w) {
    return w->k->least_depth + (1.0 - w->k->least_depth) * p->reform;
}

static inline double quality(const province *p, const world *w, int64_t s) {
    return ready(p, s, p->platform[s]) * redesign_factor(w, p->depth[s]) * p->upkeep[s] * p->completeness[s];
}

static inline double appeal(const world *w, double good) {
    return w->k->first_step + (1.0 - w->k->first_step) * good;
}

static inline double transactions(const world *w, int s) {
    double routine = w->services->dossiers[s] == 0.0 ? w->k->routine_factor : 1.0;
    return w->services->transactions_per_head[s] * routine;
}

static void look_at_ministries(province *p, const world *w) {
    const double(*needs)[N_ALL_SERVICES] = w->services->needs;
    for (int s = N_SERVICES; s < N_ALL_SERVICES; s++)
        p->quality[s] = 1.0 - needs[CONNECTIVITY][s] * (1.0 - p->connection[CONNECTIVITY]);
    for (int f = 1; f < N_FOUNDATIONS; f++) {
        double level = foundation_benefit(w, f, w->nation->readiness[f], 1.0, w->nation->accounts);
        double missing = 1.0 - larger(level, w->k->ministry_floor);
        for (int s = N_SERVICES; s < N_ALL_SERVICES; s++) p->quality[s] *= 1.0 - needs[f][s] * missing;
    }
    double redesign = redesign_factor(w, w->nation->readiness[NATIONAL_SERVICES]);
    for (int s = N_SERVICES; s < N_ALL_SERVICES; s++) p->quality[s] *= redesign;
}

static inline int platform_usable(const province *p, const world *w) {
    return w->nation->platform_stands == 1 && p->connection[SHARED_PLATFORM] >= w->k->standing;
}

/* staff */

static inline double skill(const province *p, const world *w) {
    double base = w->k->base_skill;
    return p->specialists <= 0.0 ? base : base + (1.0 - base) * p->trained / p->specialists;
}

static double capacity(const province *p, const world *w) {
    double staff = p->specialists + (w->k->trained_productivity - 1.0) * p->trained + p->pooled;
    double keeping = 0.0, busy = 0.0;
    for (int s = 0; s < N_SERVICES; s++) {
        keeping += w->k->keeping_own * (p->platform[s] == OWN) + w->k->keeping_shared * (p->platform[s] == SHARED);
    }
    for (int i = 0; i < N_PROJECTS; i++) busy += p->project_effort[i];
    return larger(0.0, w->k->project_share * staff - keeping - busy);
}

/* projects */

static inline int redesigns(int64_t option) {
    return option == REDESIGN || option == REDESIGN_ON_SHARED || option == OWN_REDESIGNED || option == SHARED_REDESIGNED;
}

static inline int puts_online(int64_t option) { return option <= SHARED_REDESIGNED; }

static inline int platform_after(const province *p, int64_t option, int64_t s) {
    if (option == OWN_AS_IS || option == OWN_REDESIGNED) return OWN;
    return option == REDESIGN ? p->platform[s] : SHARED;
}

static inline double project_cost(const province *p, const world *w, int64_t option, int64_t slot) {
    if (option == CONNECT) {
        int64_t f = slot - N_SERVICES;
        double cost = w->items->connect_fixed_bvnd[f] + w->items->connect_per_million_bvnd[f] * p->population;
        return cost * BVND * w->k->connection_cost_factor;
    }
    double full = build_cost(p, w, slot);
    if (option == MIGRATE)
        return full * w->k->migration_cost * (1.0 - w->k->standards_saving * w->nation->readiness[STANDARDS]);
    double cost = full * (redesigns(option) ? 1.0 : w->k->as_is_cost);
    return platform_after(p, option, slot) == SHARED ? cost * w->k->shared_cost : cost;
}

static inline int project_quarters(const world *w, int64_t option, int64_t slot) {
    if (redesigns(option))
        return (int)ceil(w->k->redesign_quarters * (w->k->redesign_base + w->services->complexity[slot]));
    return option == MIGRATE || option == CONNECT ? (int)w->k->connection_quarters : 1;
}

static inline double project_effort(const province *p, const world *w, int64_t option, int64_t slot) {
    if (redesigns(option)) {
        double effort = w->k->redesign_effort * (w->k->redesign_base + w->services->complexity[slot]);
        return effort * p->effort_by_size;
    }
    return option == MIGRATE || option == CONNECT ? w->k->connection_effort : w->k->as_is_effort;
}

static inline double ease(const province *p, const world *w, int64_t option, int64_t slot, double own_share) {
    double difficulty, based_on;
    if (option == CONNECT) {
        difficulty = w->k->connection_difficulty;
        based_on = w->nation->readiness[slot - N_SERVICES];
    } else {
        difficulty = w->services->complexity[slot];
        if (redesigns(option)) difficulty = smaller(1.0, difficulty * p->difficulty_by_size);
        else difficulty *= w->k->as_is_difficulty;
        based_on = ready(p, slot, platform_after(p, option, slot));
    }
    double weights = w->k->ease_by_skill + w->k->ease_by_foundations + w->k->ease_by_reform;
    double people = w->k->ease_by_skill * skill(p, w) * own_share;
    double strength = people + w->k->ease_by_foundations * based_on + w->k->ease_by_reform * p->reform;
    return 1.0 - difficulty * (1.0 - strength / weights);
}

static inline double chance_failed(const world *w, double easy) {
    return w->k->failed_hard + (w->k->failed_easy - w->k->failed_hard) * easy;
}

static inline int counts_for_matching(const world *w, int64_t option) {
    return w->policy->matching_scope == 0.0 || redesigns(option);
}

static inline int rushed(const province *p, const world *w) {
    return w->policy->budget_rule == 0.0 && closes_year(w) && p->shadow_price < 1.0;
}

static void start_project(
    province *p, const world *w, int64_t option, int64_t slot, double own, double contracted, double cost) {
    p->project[slot] = (int8_t)(option + 1);
    p->project_left[slot] = project_quarters(w, option, slot);
    p->project_owed[slot] = cost;
    p->project_effort[slot] = own;
    p->project_contracted[slot] = contracted;
    p->project_slips[slot] = 0;
    p->project_multi_year[slot] = 0;
    p->project_rushed[slot] = rushed(p, w);
}

/* choice */

static inline double believed_value(
    const province *p, const world *w, int64_t s, int platform, double depth, double completeness) {
    if (platform == OFFLINE) return 0.0;
    double outlook = platform == OWN ? p->outlook_own[s] : p->outlook_shared[s];
    double good = outlook * redesign_factor(w, depth) * completeness;
    return good * appeal(w, good);
}

static void look_at_services(province *p, const world *w) {
    for (int s = 0; s < N_SERVICES; s++)
        p->promise[s] = p->platform[s] != OFFLINE
            ? believed_value(p, w, s, p->platform[s], p->depth[s], p->completeness[s])
            : w->k->foresight * believed_value(p, w, s, OWN, 0.0, 1.0);
}

static inline double believed_gain(const province *p, const world *w, int64_t option, int64_t s) {
    double now = p->platform[s] != OFFLINE ? p->promise[s] : 0.0;
    double depth = redesigns(option) ? larger(p->depth[s], depth_of_redesign(p, w)) : p->depth[s];
    double completeness = option == MIGRATE ? p->completeness[s] : 1.0;
    return believed_value(p, w, s, platform_after(p, option, s), depth, completeness) - now;
}

static double connection_gain(const province *p, const world *w, int64_t f, const double *weight) {
    double level = foundation_benefit(w, f, w->nation->readiness[f], 1.0, w->nation->accounts) - p->available[f];
    double gain = 0.0;
    for (int s = 0; s < N_SERVICES; s++) {
        if (f == SHARED_PLATFORM) {
            gain += w->k->platform_appeal * weight[s] * p->belief[s];
            continue;
        }
        gain += weight[s] * p->belief[s] * p->promise[s] * w->services->needs[f][s] * level;
    }
    return gain;
}

static double metric_gain(const province *p, const world *w, int64_t metric, int64_t option, int64_t slot, double gain) {
    if (option == CONNECT) {
        int64_t f = slot - N_SERVICES;
        double added = (1.0 - p->connection[f]) / N_FOUNDATIONS;
        if (metric == METRIC_SUPPLY) return 0.0;
        double use = connection_gain(p, w, f, w->services->dossiers) / w->nation->dossiers;
        return metric == METRIC_INDEX ? w->k->index_foundations * added + w->k->index_use * use : use;
    }
    double supply = puts_online(option) ? 1.0 / N_SERVICES : 0.0;
    double use = w->services->dossiers[slot] / w->nation->dossiers * p->belief[slot] * gain;
    if (metric == METRIC_SUPPLY) return supply;
    if (metric == METRIC_USE) return use;
    double reform = redesigns(option) ? w->k->reform_learning * (1.0 - p->reform) : 0.0;
    return w->k->index_supply * supply + w->k->index_use * use + w->k->index_reform * reform;
}

static inline double award_stake(const province *p, const world *w) {
    double winners = larger(1.0, w->policy->award_winners * w->nation->provinces);
    return smaller(1.0, w->policy->awards * BVND / winners / larger(1.0, p->yearly_money));
}

static inline double reward(const province *p, const world *w, int64_t option, int64_t slot, double gain) {
    double total = 0.0;
    if (w->nation->pull > 0.0) {
        double points = metric_gain(p, w, (int64_t)w->policy->league_metric, option, slot, gain);
        total += w->k->rank_pull * w->nation->pull * smaller(1.0, p->rank_slope * points);
    }
    if (w->policy->awards > 0.0) {
        double points = metric_gain(p, w, (int64_t)w->policy->awards_metric, option, slot, gain);
        total += w->k->award_pull * award_stake(p, w) * smaller(1.0, p->award_slope * points);
    }
    return total;
}

static inline double price(const province *p, const world *w, int64_t option, double cost) {
    double borne = 1.0;
    if (counts_for_matching(w, option)) borne -= matching_rate(p, w) * w->nation->matching_factor;
    return p->shadow_price * cost * borne / larger(1.0, p->yearly_money);
}

static inline double platform_patience(const province *p, const world *w, int64_t option, int64_t slot) {
    if (w->nation->platform_stands == 1 || option == CONNECT || platform_after(p, option, slot) != OWN) return 0.0;
    return w->k->patience * p->credence * w->nation->closeness[SHARED_PLATFORM];
}

static inline double running_gain(const province *p, const world *w, int64_t option, int64_t slot) {
    if (option != MIGRATE) return 0.0;
    double saved = running_cost(p, w, slot) * (1.0 - w->k->shared_cost) * QUARTERS * w->k->plan_years;
    return saved / larger(1.0, p->yearly_money);
}

static inline double cost_with_contractors(
    const province *p, const world *w, int64_t option, int64_t slot, double contracted, double effort) {
    return project_cost(p, w, option, slot) * (1.0 + w->k->contractor_markup * contracted / effort);
}

static inline double terms_of_project(
    const province *p, const world *w, int64_t option, int64_t slot, double free, double *own_share) {
    double effort = project_effort(p, w, option, slot);
    double contracted = larger(0.0, effort - free);
    *own_share = 1.0 - contracted / effort;
    return cost_with_contractors(p, w, option, slot, contracted, effort);
}

static inline double pressed(const province *p, const world *w) {
    return w->nation->mandate_pressure * sqrt(p->missing);
}

static inline attraction attractions(const province *p, const world *w, int64_t option, int64_t slot) {
    if (option == CONNECT) {
        double benefit = w->k->care * connection_gain(p, w, slot - N_SERVICES, w->services->worth);
        return (attraction){benefit, reward(p, w, option, slot, 0.0), 0.0};
    }
    double gain = believed_gain(p, w, option, slot);
    double benefit = w->k->care * w->services->worth[slot] * p->belief[slot] * gain;
    double mandate = puts_online(option) ? w->k->mandate_pull * pressed(p, w) : 0.0;
    return (attraction){benefit, reward(p, w, option, slot, gain), mandate};
}

static inline double reluctance(const province *p, const world *w, int64_t option, int64_t slot) {
    if (!redesigns(option)) return 0.0;
    return -w->k->redesign_aversion * w->services->complexity[slot] * (1.0 - p->reform);
}

static inline burden burdens(const province *p, const world *w, int64_t option, int64_t slot, double free) {
    double own_share, cost = terms_of_project(p, w, option, slot, free, &own_share);
    return (burden){
        w->k->thrift * (running_gain(p, w, option, slot) - price(p, w, option, cost)),
        reluctance(p, w, option, slot),
        -w->k->risk_aversion * chance_failed(w, ease(p, w, option, slot, own_share)),
        -platform_patience(p, w, option, slot),
    };
}

static inline double inertia(const province *p, const world *w) {
    return w->k->inertia - w->k->drive * p->capability - w->k->leader_drive * p->leadership;
}

static inline int connectable(const province *p, const world *w, int64_t f) {
    return f > 0 && p->connection[f] < w->k->connected && w->nation->readiness[f] >= w->k->connectable;
}

static inline options open_options(const province *p, const world *w, int64_t slot) {
    static const options nothing = {WAIT, WAIT};
    if (p->project[slot] != 0) return nothing;
    if (slot >= N_SERVICES) return connectable(p, w, slot - N_SERVICES) ? (options){CONNECT, WAIT} : nothing;
    if (p->platform[slot] == OFFLINE) return (options){OWN_AS_IS, platform_usable(p, w) ? REDESIGN : SHARED_AS_IS};
    int unfinished = p->redesigned[slot] == 0 || p->completeness[slot] < w->k->good_enough;
    if (p->platform[slot] == OWN && platform_usable(p, w)) return (options){unfinished ? REDESIGN : MIGRATE, CONNECT};
    return unfinished ? (options){REDESIGN, REDESIGN_ON_SHARED} : nothing;
}

static inline double spare_money(const province *p, const world *w) {
    double steady = larger(0.0, p->yearly_money / QUARTERS - p->running_cost);
    return p->cash_mvnd + p->undrawn + steady * quarters_of_money(w) - owed(p);
}

static inline int in_reach(const world *w, double known, double luck, double waiting) {
    double t = (waiting - known) / w->k->noise;
    return (1.0 - luck) * (1.0 + t * (1.0 + t * (0.5 + t * 0.16666))) <= 1.0;
}

static inline double hoped_for(const province *p, const world *w, int64_t option, int64_t slot, double free) {
    (void)free;
    attraction a = attractions(p, w, option, slot);
    double saved = w->k->thrift * running_gain(p, w, option, slot);
    return a.benefit + a.reward + a.mandate + saved + reluctance(p, w, option, slot);
}

static inline double known_utility(const province *p, const world *w, int64_t option, int64_t slot, double free) {
    attraction a = attractions(p, w, option, slot);
    burden b = burdens(p, w, option, slot, free);
    return a.benefit + a.reward + a.mandate + b.cost + b.effort + b.risk + b.patience;
}

/* what is asked of each open option of a slot, at the option's number modulo four; the compiler sees every option by
   its name, and works out once what several share */
#define OF_SLOT(asked)                                                                                            \
    static inline void asked##_of_slot(                                                                           \
        const province *p, const world *w, int64_t slot, options open, double free, double found[4]) {            \
        for (int i = 0; i < 4; i++) found[i] = -INFINITY;                                                         \
        if (open.first == CONNECT) {                                                                              \
            found[CONNECT % 4] = asked(p, w, CONNECT, slot, free);                                                \
        } else if (open.first == OWN_AS_IS) {                                                                     \
            found[OWN_AS_IS] = asked(p, w, OWN_AS_IS, slot, free);                                                \
            found[OWN_REDESIGNED] = asked(p, w, OWN_REDESIGNED, slot, free);                                      \
            if (open.behind == SHARED_AS_IS) return;                                                              \
            found[SHARED_AS_IS] = asked(p, w, SHARED_AS_IS, slot, free);                                          \
            found[SHARED_REDESIGNED] = asked(p, w, SHARED_REDESIGNED, slot, free);                                \
        } else {                                                                                                  \
            if (open.behind != REDESIGN_ON_SHARED) found[MIGRATE % 4] = asked(p, w, MIGRATE, slot, free);         \
            if (open.first == MIGRATE) return;                                                                    \
            found[REDESIGN % 4] = asked(p, w, REDESIGN, slot, free);                                              \
            if (open.behind == REDESIGN_ON_SHARED) return;                                                        \
            found[REDESIGN_ON_SHARED % 4] = asked(p, w, REDESIGN_ON_SHARED, slot, free);                          \
        }                                                                                                         \
    }

OF_SLOT(hoped_for)
OF_SLOT(known_utility)

static inline int any_in_reach(const world *w, const double *known, int64_t slot, double waiting) {
    int any = 0;
    for (int i = 0; i < 4; i++) any |= in_reach(w, known[i], w->open->luck[i][slot], waiting);
    return any;
}

static int try_to_start(province *p, const world *w, int64_t option, int64_t slot) {
    double effort = project_effort(p, w, option, slot);
    double contracted = larger(0.0, effort - capacity(p, w));
    if (contracted > w->policy->contractors_allowed * effort) return 0;
    double cost = cost_with_contractors(p, w, option, slot, contracted, effort);
    if (cost > spare_money(p, w)) return 0;
    start_project(p, w, option, slot, effort - contracted, contracted, cost);
    return 1;
}

static void choose(province *p, const world *w) {
    int64_t *better = w->open->option, *slots = w->open->slot;
    double *utilities = w->open->utility;
    look_at_foundations(p, w);
    look_at_services(p, w);
    look_at_purse(p, w);
    double free = capacity(p, w);
    double waiting = inertia(p, w) + w->k->noise * gumbel(uniform(w, p->luck_id, CHOOSING, N_PROJECTS));
    double(*open_luck)[N_PROJECTS] = w->open->luck, found[4];
    draw_fours(w, p->luck_id, CHOOSING, open_luck);
    int n = 0;
    for (int64_t slot = 0; slot < N_PROJECTS; slot++) {
        options open = open_options(p, w, slot);
        if (open.first == open.behind) continue;
        hoped_for_of_slot(p, w, slot, open, free, found);
        if (!any_in_reach(w, found, slot, waiting)) continue;
        known_utility_of_slot(p, w, slot, open, free, found);
        for (int64_t option = open.first; option < open.behind; option++) {
            double known = found[option % 4], own_luck = open_luck[option % 4][slot];
            if (!in_reach(w, known, own_luck, waiting)) continue;
            double utility = known + w->k->noise * gumbel(own_luck);
            if (utility > waiting) {
                better[n] = option;
                slots[n] = slot;
                utilities[n++] = utility;
            }
        }
    }
    for (int started = 0; started < w->k->most_starts;) {
        int best = -1;
        for (int i = 0; i < n; i++)
            if (utilities[i] > -INFINITY && (best < 0 || utilities[i] > utilities[best])) best = i;
        if (best < 0) return;
        utilities[best] = -INFINITY;
        int64_t option = better[best], slot = slots[best];
        if (!try_to_start(p, w, option, slot)) continue;
        started++;
        for (int i = 0; i < n; i++)
            if (slots[i] == slot) utilities[i] = -INFINITY;
    }
}

/* reporting: what of it citizens' dossiers hang on */

static inline double weight_of_use(const world *w, int64_t metric) {
    if (metric == METRIC_USE) return 1.0;
    return metric == METRIC_INDEX ? w->k->index_use : 0.0;
}

static inline double use_stakes(const province *p, const world *w) {
    const policy *levers = w->policy;
    double ranked = w->k->rank_stake * w->nation->pull * weight_of_use(w, (int64_t)levers->league_metric);
    double awarded = w->k->award_stake * award_stake(p, w) * weight_of_use(w, (int64_t)levers->awards_metric);
    return smaller(1.0, levers->filing_campaign + ranked + awarded);
}

static inline double fear(const province *p, const world *w) {
    return w->k->audit_fear * (w->policy->audit_share + p->caution);
}

/* citizens */

static inline void gain_access(province *p, const world *w) {
    double private = w->k->private_connectivity * (w->k->rural_connectivity + p->urban);
    double public = w->k->public_connectivity * w->nation->readiness[CONNECTIVITY];
    p->connection[CONNECTIVITY] += (private + public) * (1.0 - p->connection[CONNECTIVITY]);
}

static inline double ceiling(const province *p, const world *w, double good, double fee_cut) {
    double alone = p->connection[CONNECTIVITY];
    double access = alone + w->k->groups_reach * w->nation->groups_coverage * (1.0 - alone);
    return smaller(1.0, appeal(w, good) * access * p->trust * (1.0 + w->k->fee_effect * fee_cut));
}

static inline double bass(const world *w, double share, double top) {
    return (w->k->innovation + w->k->imitation * share / top) * (top - share);
}

static inline double change(const world *w, double share, double top) {
    if (share > top) return w->k->falling_back * (top - share);
    return top > 0.0 ? bass(w, share, top) : 0.0;
}

static inline void take_up(province *p, const world *w, int s) {
    double fee_cut = s < N_SERVICES ? w->policy->fee_cut : 0.0;
    p->filed[s] += change(w, p->filed[s], ceiling(p, w, p->quality[s], fee_cut));
}

static inline double people_served(const province *p, const world *w) {
    return p->population * w->nation->more_people / QUARTERS;
}

static inline double helped_share(const province *p, const world *w) {
    double wanted = w->k->assisting * use_stakes(p, w) * (1.0 - w->policy->audit_share) * exp(-fear(p, w));
    double dossiers = w->nation->dossiers * people_served(p, w) * MILLION;
    return smaller(wanted, w->k->assisting_capacity * p->communes / dossiers);
}

static inline void assist(province *p, const world *w, int s, double helped) {
    if (w->services->dossiers[s] <= 0.0) return;
    double open_to_it = 1.0 - p->filed[s];
    p->assisted[s] += w->k->padding_speed * (helped * open_to_it - p->assisted[s]);
    p->assisted[s] = smaller(p->assisted[s], open_to_it);
}

static inline void repair(province *p, const world *w, int s) {
    double pace = w->k->feedback_mending * w->nation->feedback_coverage;
    p->completeness[s] += pace * (1.0 - p->completeness[s]);
    p->upkeep[s] += pace * (1.0 - p->upkeep[s]);
}

static inline void signal_to_peers(province *p, const world *w, int s) {
    p->spread[s] += change(w, p->spread[s], appeal(w, p->quality[s]));
    double expected = pow(p->quality[s], w->k->attribution) * p->spread[s];
    double shown = expected > 0.0 ? smaller(1.0, p->filed[s] * p->quality[s] / expected) : 0.0;
    p->lesson[s] += w->k->lesson_speed * (shown - p->lesson[s]);
    p->lesson_weight[s] += w->k->lesson_speed * (1.0 - p->lesson_weight[s]);
}

static inline double brought_to_an_end(const province *p, const world *w, int s) {
    return larger(p->quality[s], w->k->assisted_ends);
}

static inline void count_dossiers(province *p, const world *w) {
    const double *dossiers = w->services->dossiers;
    double use = 0.0, any_step = 0.0, full_process = 0.0, assisted = 0.0;
    for (int s = 0; s < N_SERVICES; s++) {
        double weight = dossiers[s] / w->nation->dossiers, whole_way = p->filed[s] * p->quality[s];
        use += weight * whole_way;
        any_step += weight * (p->filed[s] + p->assisted[s]);
        full_process += weight * (whole_way + p->assisted[s] * brought_to_an_end(p, w, s));
        assisted += weight * p->assisted[s];
    }
    p->use = use, p->any_step = any_step, p->full_process = full_process, p->assisted_share = assisted;
    use = any_step = full_process = 0.0;
    for (int s = N_SERVICES; s < N_ALL_SERVICES; s++) {
        double weight = dossiers[s] / w->nation->central_dossiers, whole_way = p->filed[s] * p->quality[s];
        use += weight * whole_way;
        any_step += weight * (p->filed[s] + p->assisted[s]);
        full_process += weight * (whole_way + p->assisted[s] * brought_to_an_end(p, w, s));
    }
    p->central_use = use, p->central_any_step = any_step, p->central_full_process = full_process;
}

static inline void forgo_fees(province *p, const world *w) {
    double a_head = 0.0;
    for (int s = 0; s < N_SERVICES; s++)
        a_head += transactions(w, s) * (p->filed[s] + p->assisted[s]);
    double online = a_head * people_served(p, w) * MILLION;
    int64_t forgone = receive(p, w, GENERAL_BUDGET, w->k->fee * w->policy->fee_cut * online);
    pay(p, w, FEE_REVENUE_FORGONE, (double)forgone);
}

static inline void share_and_reform(province *p, const world *w) {
    double pace = w->k->sharing_speed * (1.0 + w->nation->readiness[STANDARDS]);
    p->shared_data += pace * (w->policy->data_sharing - p->shared_data);
    p->reform += w->k->reform_spread * larger(0.0, w->nation->readiness[PROCESS_REFORM] - p->reform);
}

static inline double security_level(const province *p, const world *w) {
    double own = 0.0, online = 0.0;
    for (int s = 0; s < N_SERVICES; s++) {
        online += p->platform[s] != OFFLINE ? 1.0 : 0.0;
        own += p->platform[s] == OWN ? 1.0 : 0.0;
    }
    double weaker = 1.0 - w->k->own_lock_loss * (online > 0.0 ? own / online : 0.0);
    return (1.0 - (1.0 - p->protection) * (1.0 - p->available[SECURITY])) * weaker;
}

static inline double satisfaction(const province *p, const world *w) {
    double begun = 0.0, ended = 0.0;
    for (int s = 0; s < N_ALL_SERVICES; s++) {
        double filed = transactions(w, s) * p->filed[s];
        begun += filed;
        ended += filed * p->quality[s];
    }
    return begun > 0.0 ? ended / begun : 0.0;
}

static void keep_trust(province *p, const world *w) {
    double held = p->any_step * (1.0 + w->k->sharing_exposure * p->shared_data);
    double danger = w->k->incident_rate / QUARTERS * held * (1.0 - security_level(p, w));
    if (uniform(w, p->luck_id, INCIDENT, 0) < 1.0 - exp(-danger)) {
        p->incidents += 1;
        p->trust -= w->k->incident_trust * p->trust;
        spend_own(p, w, INCIDENT_LOSSES, w->k->incident_cost * BVND * (w->k->incident_base + p->population));
    }
    double target = smaller(1.0, w->k->trust_base + w->k->trust_experience * satisfaction(p, w));
    p->trust += w->k->trust_speed * (target - p->trust);
}

static void serve_citizens(province *p, const world *w) {
    gain_access(p, w);
    double helped = helped_share(p, w);
    for (int s = 0; s < N_SERVICES; s++) {
        p->quality[s] = 0.0;
        if (p->platform[s] == OFFLINE) continue;
        p->quality[s] = quality(p, w, s);
        repair(p, w, s);
        take_up(p, w, s);
        assist(p, w, s, helped);
        signal_to_peers(p, w, s);
    }
    look_at_ministries(p, w);
    for (int s = N_SERVICES; s < N_ALL_SERVICES; s++) {
        take_up(p, w, s);
        assist(p, w, s, w->k->assisting * w->k->ministry_stakes * w->policy->filing_campaign);
    }
    count_dossiers(p, w);
    forgo_fees(p, w);
    share_and_reform(p, w);
    keep_trust(p, w);
}

/* what the benchmark calls: an act of all provinces in each of so many worlds, whose records lie one after the other */

#define FOR_ALL(act)                                                                                              \
    void act##_in_all(province *provinces, nation *nations, const policy *policies, const assumptions *k,         \
                      const services *services, const items *items, scratch *open, int64_t worlds, int64_t n) {  \
        for (int64_t q = 0; q < worlds; q++) {                                                                    \
            world w = {nations + q, policies + q, k, services, items, open};                                      \
            for (int64_t i = 0; i < n; i++) act(provinces + q * n + i, &w);                                       \
        }                                                                                                         \
    }

FOR_ALL(choose)
FOR_ALL(serve_citizens)

int64_t size_of_province(void) { return sizeof(province); }
int64_t size_of_nation(void) { return sizeof(nation); }

/* seconds on the clock, for compiled code that times its own parts */

double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
