/** Defines the plan of a load test: lessons, examinations, groups of people and goals. docs/load.md says it in words. */
import { z } from "zod";
import { LADDERS } from "../../platform/config/schema.ts";
import { duration } from "./duration.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;
const name = z.string().regex(NAME, "is not 1 to 40 letters, digits, - and _");
const share = z.number().min(0).max(1);
const count = z.int().min(1).max(1_000_000);

/** What a person watches by; the numbers are shares. */
export const PROTOCOLS = ["flv", "ws", "hls", "llhls"] as const;

const publisherSchema = z.strictObject({
  protocol: z.enum(["rtmp", "websocket"]).default("rtmp"),
  /** After the beginning of the lesson. */
  after: duration.prefault(0),
});

const quizSchema = z.strictObject({
  /** After the beginning of the lesson. */
  at: duration,
  /** Answers come within this. */
  within: duration.prefault("10s"),
  /** Of those who are in the room. */
  answers: share.default(1),
});

const lessonSchema = z.strictObject({
  name,
  /** So many alike; people who name it are spread over them. */
  count: count.default(1),
  at: duration.prefault(0),
  lasts: duration,
  record: z.boolean().default(false),
  /** null: as the server's configuration says. */
  ladder: z.enum(LADDERS).nullable().default("none"),
  publisher: publisherSchema.nullable().prefault({}),
  quizzes: z.array(quizSchema).default([]),
});

const examSchema = z.strictObject({
  name,
  /** When it opens, and everybody asks for the key. */
  at: duration,
  lasts: duration,
});

const arrivalSchema = z.strictObject({
  /** once: all at one moment. ramp: evenly. surge: most of them soon, as when a lesson begins. poisson: independently of each other. */
  how: z.enum(["once", "ramp", "surge", "poisson"]).default("ramp"),
  at: duration.prefault(0),
  within: duration.prefault("10s"),
});

const everySchema = z.strictObject({
  /** On average, for each person: the pauses are random. */
  every: duration.refine((value) => value >= 100, "is shorter than 100ms"),
});

const groupSchema = z
  .strictObject({
    name,
    count,
    /** What they come to: a lesson, its recording once it has ended, or an examination. */
    lesson: name.optional(),
    replay: name.optional(),
    exam: name.optional(),
    arrive: arrivalSchema.prefault({}),
    /** How long they stay; null: to the end. */
    stay: duration.nullable().default(null),
    /** Shares of the protocols, which need not sum up to 1. Nothing: nobody watches. */
    watch: z.partialRecord(z.enum(PROTOCOLS), z.number().min(0)).default({ flv: 1 }),
    /** Whether they are in the lesson's room. */
    room: z.boolean().default(true),
    /** Whether they load the page and its files first, as a browser without a cache does. */
    pages: z.boolean().default(false),
    chat: everySchema.nullable().default(null),
    hands: everySchema.nullable().default(null),
    /** Those who leave in between, and come back. */
    away: z.strictObject({ share, after: duration, back: duration }).nullable().default(null),
    /** An examination: how often each device saves, and how many answers then. */
    save: z.strictObject({ every: duration.prefault("5s"), answers: z.int().min(1).max(60).default(1) }).prefault({}),
  })
  .refine(({ lesson, replay, exam }) => [lesson, replay, exam].filter((one) => one !== undefined).length === 1, {
    error: "names one of lesson, replay and exam",
  });

/** `STEP.FIGURE`, such as firstFrame.p99; or a count of the whole test. */
const LATENCY_GOAL = /^[A-Za-z]+(\.[A-Za-z]+)*\.(p50|p95|p99|max)$/;
export const COUNT_GOALS = ["refused", "failed", "stalls", "stalledShare"] as const;
const goalName = z
  .string()
  .refine(
    (text) => LATENCY_GOAL.test(text) || COUNT_GOALS.some((goal) => goal === text),
    `is not STEP.p50, STEP.p95, STEP.p99 or STEP.max, nor one of ${COUNT_GOALS.join(", ")}`,
  );

export const planSchema = z
  .strictObject({
    title: z.string().min(1).max(100),
    seed: z.int().min(0).max(2_147_483_646).default(1),
    /** The test ends after so long. Default: when the last lesson or examination does. */
    lasts: duration.optional(),
    media: z
      .strictObject({
        /** An FLV file beside the plan; null: a clip is made with ffmpeg. */
        file: z.string().min(1).nullable().default(null),
        /** Of the clip that is made. */
        kbps: z.int().min(50).max(20_000).default(300),
      })
      .prefault({}),
    lessons: z.array(lessonSchema).default([]),
    exams: z.array(examSchema).default([]),
    people: z.array(groupSchema).min(1),
    /** The most that may be: milliseconds or a duration for latencies, else a number. */
    goals: z.record(goalName, z.union([z.number().min(0), duration])).default({}),
  })
  .check(({ value: plan, issues }) => {
    const names = (list: readonly { readonly name: string }[]) => list.map((one) => one.name);
    const kinds = { lesson: names(plan.lessons), replay: names(plan.lessons), exam: names(plan.exams) } as const;
    for (const [i, group] of plan.people.entries())
      for (const kind of ["lesson", "replay", "exam"] as const) {
        const wanted = group[kind];
        if (wanted !== undefined && !kinds[kind].includes(wanted))
          issues.push({ code: "custom", input: wanted, path: ["people", i, kind], message: `there is no "${wanted}" in the plan` });
      }
    for (const [i, { replay }] of plan.people.entries())
      if (replay !== undefined && plan.lessons.some((lesson) => lesson.name === replay && !lesson.record))
        issues.push({ code: "custom", input: replay, path: ["people", i, "replay"], message: `"${replay}" is not recorded` });
    for (const key of ["lessons", "exams", "people"] as const)
      for (const [i, one] of plan[key].entries())
        if (plan[key].findIndex((other) => other.name === one.name) !== i)
          issues.push({ code: "custom", input: one.name, path: [key, i, "name"], message: `"${one.name}" is there twice` });
  });

export type Plan = z.infer<typeof planSchema>;
export type PlannedLesson = Plan["lessons"][number];
export type PlannedExam = Plan["exams"][number];
export type PeopleGroup = Plan["people"][number];
export type WatchProtocol = (typeof PROTOCOLS)[number];

/** When the last lesson and examination end, milliseconds. */
export function lengthOf({ lasts, lessons, exams }: Plan): number {
  return lasts ?? Math.max(0, ...[...lessons, ...exams].map((one) => one.at + one.lasts));
}

export function peopleOf({ people }: Plan): number {
  return people.reduce((sum, group) => sum + group.count, 0);
}

export function lessonsOf({ lessons, exams }: Plan): number {
  return lessons.reduce((sum, lesson) => sum + lesson.count, 0) + exams.length;
}
