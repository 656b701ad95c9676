/**
 * Runs a drill: eight faults are made for real while two people watch, one after the other and mixed with runs without a fault; the verdict on what
 * the first viewer saw must name the right place. Needs root and TUN devices.
 */
import { writeFileSync } from "node:fs";
import { until } from "../../e2e/lectern.ts";
import { FAULTS, type Fault, NO_FAULT } from "./diagnosis-faults.ts";
import { DiagnosisLab } from "./diagnosis-lab.ts";
import type { DrillOptions, DrillResult } from "./drill.ts";

/** Runs of each fault, and without one. */
const ROUNDS = { whole: 5, quick: 1 } as const;
const BASELINE = { whole: 10, quick: 2 } as const;
/** Of 40 runs. */
const LEAST_RIGHT = 38;
const SETTLE_MS = 6000;
const FAULT_MS = 20_000;
/** Until queues are empty and players have caught up. */
const RECOVER_MS = 3000;
/** Until the values are over that were measured during the fault: each is of ten seconds. */
const FORGET_MS = 9000;
const STORED_WITHIN_MS = 90_000;

type Why = {
  readonly verdict: { readonly place: string; readonly certainty: string; readonly reasons: readonly { readonly text: string }[] };
};
type Outcome = { readonly fault: Fault; readonly why: Why };

export async function why(options: DrillOptions): Promise<DrillResult> {
  const size = options.quick ? "quick" : "whole";
  const lab = new DiagnosisLab();
  try {
    await lab.start();
    // The first pages load what later ones find.
    await lab.watch();
    await pause(SETTLE_MS);
    await lab.leave();
    const outcomes: Outcome[] = [];
    let asked = Promise.resolve();
    for (const fault of orderOf(size)) {
      const views = await run(lab, fault);
      // Sessions are stored while the next run begins.
      await asked;
      asked = ask(lab, views).then((why) => tell(outcomes, { fault, why }));
      // It is awaited after the next run: until then a failure is not lost.
      asked.catch(() => {});
    }
    await asked;
    return resultOf(outcomes);
  } finally {
    await lab.close();
  }
}

/** No fault follows itself, so that what was before a fault is not the same fault. */
function orderOf(size: keyof typeof ROUNDS): readonly Fault[] {
  const rounds = Array.from({ length: ROUNDS[size] }, () => FAULTS);
  const baseline = BASELINE[size] / ROUNDS[size];
  return rounds.flatMap((faults) => [
    ...faults.slice(0, 4),
    ...Array(Math.ceil(baseline / 2)).fill(NO_FAULT),
    ...faults.slice(4),
    ...Array(Math.floor(baseline / 2)).fill(NO_FAULT),
  ]);
}

function tell(outcomes: Outcome[], outcome: Outcome): void {
  outcomes.push(outcome);
  const { fault, why } = outcome;
  const { place, certainty, reasons } = why.verdict;
  process.stderr.write(
    `${place === fault.place ? "right" : "WRONG"}: ${fault.name}: ${place} (${certainty}): ${reasons.map(({ text }) => text).join(" ")}\n`,
  );
  const report = process.env["WHY_REPORT"];
  if (report) writeFileSync(report, `${JSON.stringify(outcomes)}\n`);
}

/** @returns ids of the players' sessions */
async function run(lab: DiagnosisLab, fault: Fault): Promise<readonly string[]> {
  // A page of a busy machine may not play in time: what it would see is no measurement.
  const views = await lab.watch().catch(async () => {
    await lab.leave();
    return await lab.watch();
  });
  await pause(SETTLE_MS);
  const end = await fault.make(lab);
  try {
    await pause(FAULT_MS);
  } finally {
    await end();
  }
  await pause(RECOVER_MS);
  await lab.leave();
  await pause(FORGET_MS);
  return views;
}

/** What the first viewer saw, as soon as the ends of the sessions are stored: before, only a part of what they told may be. */
async function ask(lab: DiagnosisLab, views: readonly string[]): Promise<Why> {
  const hasEnded = async (view: string): Promise<boolean> => {
    const { endedAt } = JSON.parse(await lab.origin.api(`/api/v1/views/${view}`)) as { readonly endedAt?: string | null };
    return typeof endedAt === "string";
  };
  await until(async () => (await Promise.all(views.map(hasEnded))).every(Boolean), "the sessions", STORED_WITHIN_MS);
  return JSON.parse(await lab.origin.api(`/api/v1/views/${views[0] ?? ""}/why`)) as Why;
}

function resultOf(outcomes: readonly Outcome[]): DrillResult {
  const isRight = ({ fault, why: { verdict } }: Outcome) => verdict.place === fault.place;
  const faulty = outcomes.filter(({ fault }) => fault !== NO_FAULT);
  const baseline = outcomes.filter(({ fault }) => fault === NO_FAULT);
  const right = faulty.filter(isRight).length;
  const least = Math.ceil((faulty.length * LEAST_RIGHT) / 40);
  const groups = [...Map.groupBy(outcomes, ({ fault }) => fault)];
  return {
    drill: "why",
    broke: `eight faults at each place that the picture passes through, ${faulty.length} runs, and ${baseline.length} without a fault`,
    promise: `the verdict names the right place in at least ${least} of ${faulty.length} runs, and none in all runs without a fault`,
    held: right >= least && baseline.every(isRight),
    seen: [],
    table: {
      columns: ["fault", "place", "runs", "right", "verdicts"],
      rows: groups.map(([fault, of]) => [
        ...[fault.name, fault.place, of.length, of.filter(isRight).length],
        of.map(({ why: { verdict } }) => `${verdict.place}/${verdict.certainty}`).join(" "),
      ]),
    },
    notes: [`${right} of ${faulty.length} right; ${baseline.filter(isRight).length} of ${baseline.length} without a fault`],
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
