/** Makes people of a plan: who comes when, to which lesson, by which protocol, and when each leaves. The same seed gives the same people. */
import { lengthOf, type PeopleGroup, type Plan, PROTOCOLS, type WatchProtocol } from "./plan.ts";
import { randomOf } from "./random.ts";

export type PlannedPerson = {
  /** Unlike that of all others. */
  readonly name: string;
  readonly group: PeopleGroup;
  /** Of several lessons of one name. */
  readonly lessonIndex: number;
  /** Milliseconds from the beginning of the test. */
  readonly arrivesAt: number;
  readonly leavesAt: number;
  /** When the person goes, and comes back; null: stays. */
  readonly away: { readonly from: number; readonly to: number } | null;
  /** Null: only listens in the room, or sits an examination. */
  readonly protocol: WatchProtocol | null;
};

/** A surge: three of four come in the first quarter. */
const SURGE_POWER = 4.8;

/** In the order of their arrival. */
export function scheduleOf(plan: Plan): PlannedPerson[] {
  return plan.people.flatMap((group) => ofGroup(plan, group)).sort((a, b) => a.arrivesAt - b.arrivesAt);
}

function ofGroup(plan: Plan, group: PeopleGroup): PlannedPerson[] {
  const lessons = plan.lessons.find(({ name }) => name === (group.lesson ?? group.replay));
  const end = endOf(plan, group);
  const arrivals = arrivalsOf(plan.seed, group);
  return arrivals.map((arrivesAt, i) => {
    const name = `${group.name} ${i + 1}`;
    const random = randomOf(plan.seed, name);
    const protocol = group.exam === undefined ? protocolOf(group.watch, random()) : null;
    const leavesAt = Math.max(arrivesAt, Math.min(end, group.stay === null ? end : arrivesAt + group.stay));
    const from = arrivesAt + (group.away?.after ?? 0) * (0.5 + random());
    const isAway = group.away !== null && random() < group.away.share && from + group.away.back < leavesAt;
    return {
      name,
      group,
      lessonIndex: i % (lessons?.count ?? 1),
      arrivesAt,
      leavesAt,
      away: isAway && group.away ? { from, to: from + group.away.back } : null,
      protocol,
    };
  });
}

/** Nobody stays in a lesson that is over; a recording is watched until the test ends. */
function endOf(plan: Plan, group: PeopleGroup): number {
  const [whole, kept] = [lengthOf(plan), [...plan.lessons, ...plan.exams]];
  const named = kept.find(({ name }) => name === (group.lesson ?? group.exam));
  return named ? Math.min(whole, named.at + named.lasts) : whole;
}

function arrivalsOf(seed: number, { name, count, arrive }: PeopleGroup): number[] {
  const { how, at, within } = arrive;
  const random = randomOf(seed, `${name}: arrivals`);
  const placeOf: Readonly<Record<typeof how, (i: number) => number>> = {
    once: () => 0,
    ramp: (i) => i / count,
    surge: () => random() ** SURGE_POWER,
    // Of a number that is given, the times of a Poisson process are independent and even.
    poisson: random,
  };
  const places = Array.from({ length: count }, (_, i) => placeOf[how](i));
  return places.sort((a, b) => a - b).map((place) => Math.round(at + place * within));
}

function protocolOf(shares: PeopleGroup["watch"], random: number): WatchProtocol | null {
  const all = PROTOCOLS.map((protocol) => [protocol, shares[protocol] ?? 0] as const);
  const sum = all.reduce((total, [, share]) => total + share, 0);
  let at = random * sum;
  for (const [protocol, share] of all) {
    if (share > 0 && at < share) return protocol;
    at -= share;
  }
  return null;
}
