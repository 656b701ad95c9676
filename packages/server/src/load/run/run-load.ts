/**
 * Runs a load test: begins it at the server, makes the lessons, has the people of the plan come, looks once a second, and has everything removed at the end, also
 * when it is interrupted.
 */
import type { Clip } from "../clients/clip-loop.ts";
import { judgeGoals } from "../measure/goals.ts";
import { Measurements } from "../measure/measurements.ts";
import { maxOpenFiles, ownLimitsOf } from "../measure/own-limits.ts";
import type { LoadResult, Second } from "../measure/result.ts";
import type { ServerMetrics } from "../measure/server-metrics.ts";
import { lengthOf, lessonsOf, type Plan, peopleOf } from "../plan/plan.ts";
import { scheduleOf } from "../plan/schedule.ts";
import { Candidate } from "./candidate.ts";
import { type Examination, makeExamination } from "./examination.ts";
import { LessonRun } from "./lesson-run.ts";
import { Observer } from "./observe.ts";
import { Person } from "./person.ts";
import { ReplayViewer } from "./replay-viewer.ts";
import type { MadeLesson, TargetApi } from "./target-api.ts";
import { Timers } from "./timers.ts";

export type LoadOptions = {
  readonly plan: Plan;
  readonly api: TargetApi;
  readonly secret: string;
  /** What publishers send; null: nobody publishes. */
  readonly clip: Clip | null;
  readonly servers: readonly ServerMetrics[];
  /** What the test has made stays; `lectern load --clean` removes it. */
  readonly keep: boolean;
  readonly onSecond: (second: Second) => void;
  /** Ends the test early. */
  readonly signal: AbortSignal;
};

type Someone = Person | ReplayViewer | Candidate;
type Made = { readonly lessons: readonly LessonRun[]; readonly exams: ReadonlyMap<string, Examination> };

const MINUTE_MS = 60_000;
const MAKE_AT_ONCE = 8;
/** From the making of examinations to the beginning of the test's time, at which they open. */
const LEAD_MS = 500;
/** A key may still be asked for after an examination has closed, as a person who comes late does. */
const EXAM_MARGIN_MS = 60_000;
const LEAST_EXAM_SECONDS = 60;
const LEAST_MINUTES = 1;

/** @throws TargetRefused where the server does not allow it, or cannot be reached */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const { plan, api, secret, keep } = options;
  const minutes = Math.max(LEAST_MINUTES, Math.ceil(lengthOf(plan) / MINUTE_MS) + 1);
  await api.begin(secret, { title: plan.title, people: peopleOf(plan), lessons: lessonsOf(plan), minutes });
  try {
    return await runBegun(options);
  } finally {
    if (!keep) await api.end(secret);
  }
}

async function runBegun(options: LoadOptions): Promise<LoadResult> {
  const { plan, api, servers, onSecond, signal } = options;
  const measurements = new Measurements();
  const drafts = await makeLessons(api, plan);
  const timers = new Timers(performance.now() + LEAD_MS);
  const startedAt = Date.now() + LEAD_MS;
  const exams = await makeExams(api, plan, startedAt);
  const context = { api, clip: options.clip, measurements, timers };
  const lessons = drafts.map(({ planned, made }) => new LessonRun(planned, made, context));
  const people = makePeople(plan, { lessons, exams }, { origin: api.origin, seed: plan.seed, measurements, timers });
  for (const one of [...lessons, ...people]) one.start();
  const observer = new Observer({ people, lessons, measurements, servers, onSecond });
  await over(timers, lengthOf(plan), signal);
  const seconds = timers.now / 1000;
  timers.close();
  for (const one of people) one.leave();
  for (const one of lessons) one.close();
  observer.stop();
  return resultOf(options, { measurements, observer, people, startedAt, seconds });
}

async function makeLessons(api: TargetApi, plan: Plan) {
  const wanted = plan.lessons.flatMap((planned) => Array.from({ length: planned.count }, (_, i) => ({ planned, i })));
  const drafts: { planned: Plan["lessons"][number]; made: MadeLesson }[] = [];
  let next = 0;
  const makeSome = async (): Promise<void> => {
    for (let at = next++; at < wanted.length; at = next++) {
      const one = wanted[at];
      if (!one) return;
      const { name, record, ladder } = one.planned;
      const body = { title: `${name} ${one.i + 1}`, guests: true, record, ladder };
      drafts[at] = { planned: one.planned, made: await api.call<MadeLesson>("POST", "/lessons", body) };
    }
  };
  await Promise.all(Array.from({ length: MAKE_AT_ONCE }, makeSome));
  return drafts;
}

async function makeExams(api: TargetApi, plan: Plan, startedAt: number): Promise<Map<string, Examination>> {
  const exams = new Map<string, Examination>();
  for (const { name, at, lasts } of plan.exams) {
    const opensAt = startedAt + at;
    const seconds = Math.max(LEAST_EXAM_SECONDS, Math.ceil(lasts / 1000));
    const times = { opensAt, closesAt: opensAt + Math.max(lasts, LEAST_EXAM_SECONDS * 1000) + EXAM_MARGIN_MS, seconds };
    exams.set(name, await makeExamination(api.call, { ...times, offlineSeconds: 0 }));
  }
  return exams;
}

function makePeople(plan: Plan, { lessons, exams }: Made, context: ConstructorParameters<typeof Person>[2]): Someone[] {
  return scheduleOf(plan).flatMap((planned): Someone[] => {
    const { lesson, replay, exam } = planned.group;
    if (exam !== undefined) {
      const [made, wanted] = [exams.get(exam), plan.exams.find(({ name }) => name === exam)];
      return made && wanted ? [new Candidate(planned, wanted, made, context)] : [];
    }
    const alike = lessons.filter((one) => one.plan.name === (lesson ?? replay));
    const one = alike[planned.lessonIndex];
    if (!one) return [];
    return [replay === undefined ? new Person(planned, one, context) : new ReplayViewer(planned, one, context)];
  });
}

/** Resolves at the end of the plan's time, or when the test is interrupted. */
function over(timers: Timers, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
    timers.at(milliseconds, resolve);
  });
}

type Ended = {
  readonly measurements: Measurements;
  readonly observer: Observer;
  readonly people: readonly Someone[];
  readonly startedAt: number;
  readonly seconds: number;
};

function resultOf({ plan, api }: LoadOptions, ended: Ended): LoadResult {
  const { measurements, observer, people, startedAt, seconds } = ended;
  const failures = measurements.failureList();
  const sum = (isRefusal: boolean) => failures.reduce((all, one) => all + (one.isRefusal === isRefusal ? one.count : 0), 0);
  const { timeline } = observer;
  const measured = {
    steps: measurements.stepFigures(),
    failures,
    refused: sum(true),
    failed: sum(false),
    watchedSeconds: Math.round(observer.watchedMs / 1000),
    stalls: measurements.counted("stalls"),
    stalledSeconds: Math.round(measurements.counted("stallMs")) / 1000,
    lostSeconds: Math.round(measurements.counted("lostMs")) / 1000,
  };
  const said = Object.fromEntries(["chat", "hand", "answer"].map((what) => [what, measurements.counted(`said.${what}`)]));
  return {
    version: 1,
    title: plan.title,
    seed: plan.seed,
    target: api.origin.origin,
    startedAt: new Date(startedAt).toISOString(),
    seconds: Math.round(seconds * 10) / 10,
    people: people.length,
    lessons: lessonsOf(plan),
    came: measurements.counted("came"),
    served: people.filter(({ isServed }) => isServed).length,
    ...measured,
    receivedBytes: measurements.counted("bytes"),
    said,
    ownLimits: ownLimitsOf(
      timeline,
      failures.map(({ code }) => code),
      maxOpenFiles(),
    ),
    goals: judgeGoals(plan.goals, measured),
    timeline,
  };
}
