/** Defines what the API takes and returns about the wall, on which supervisors see candidates, and about what they do for one. */
import { z } from "zod";
import { flag, id, time } from "../../foundation/requests/fields.ts";
import { supervisionShape } from "../examinations/shapes.ts";
import { STREAM_KINDS } from "../supervised.ts";
import { talkShape } from "./talk-shapes.ts";

/** The most urgent first. Nothing is concluded from a face. */
export const ATTENTION = [
  "no-picture",
  "network-away",
  "empty-picture",
  "uplink-poor",
  "screen-missing",
  "phone-missing",
  "facts",
  "seat-changed",
  "paused",
] as const;
export type Attention = (typeof ATTENTION)[number];
export const WALL_STATES = ["waiting", "sitting", "paused", "handed-in"] as const;
export const MAX_TILES = 50;
export const NO_GROUP = "none";

export const wallQuery = z.strictObject({
  groupId: z
    .union([id, z.literal(NO_GROUP)])
    .optional()
    .describe("`none`: candidates without a group."),
  q: z.string().trim().max(100).optional().describe("Part of the name, or of the login."),
  state: z.enum(WALL_STATES).optional(),
  attention: flag.optional().describe("true: only candidates that need attention."),
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_TILES).default(MAX_TILES),
});

const fact = z.object({ fact: z.string(), detail: z.string(), at: time.describe("By the device.") });
const uplink = z
  .object({ kbps: z.number(), fps: z.number(), health: z.enum(["good", "fair", "poor", "silent"]), verdict: z.string() })
  .nullable()
  .describe("Of the last ten seconds. Null: not measured yet.");
const stream = {
  live: z.boolean(),
  since: time.nullable(),
  still: z
    .string()
    .nullable()
    .describe("The newest key frame (`.frame`), from the root of this server; opens nothing else. Null: not live."),
  uplink,
};
const candidate = {
  attemptId: id,
  name: z.string(),
  login: z.string().nullable().describe("Null: a guest."),
  groupId: id.nullable(),
  state: z.enum(WALL_STATES),
  startedAt: time.nullable(),
  endsAt: time.nullable().describe("While paused, as it was: it moves when the attempt goes on."),
  extraSeconds: z.int(),
  pausedAt: time.nullable(),
  heardAt: time.nullable().describe("When the candidate's page was heard last, to ten seconds."),
  attention: z.array(z.enum(ATTENTION)).describe("The most urgent first."),
  unseenMessages: z.int(),
};
const streamsOf = <T extends z.ZodRawShape>(shape: T) =>
  z.partialRecord(z.enum(STREAM_KINDS), z.object(shape)).describe("Of the kinds that the examination takes.");

export const wallShape = z
  .object({
    title: z.string(),
    opensAt: time,
    closesAt: time,
    now: time,
    supervision: supervisionShape,
    pollSeconds: z.int(),
    groups: z
      .array(z.object({ id, name: z.string(), candidates: z.int(), attention: z.int() }))
      .describe("Those that the person supervises."),
    counts: z
      .object({ waiting: z.int(), sitting: z.int(), paused: z.int(), handedIn: z.int(), attention: z.int() })
      .describe("Of the group, or of all that the person supervises."),
    total: z.int().describe("Of those that the filters leave."),
    items: z.array(
      z.object({
        ...candidate,
        streams: streamsOf(stream),
        notes: z.int(),
        facts: z.object({ count: z.int(), newest: z.array(fact).describe("Up to three, the newest first.") }),
      }),
    ),
  })
  .meta({ id: "ExamWall" });

const play = z
  .object({ flv: z.string(), ws: z.string(), hls: z.string(), whep: z.string(), expiresAt: time })
  .nullable()
  .describe("Live addresses, signed for the person who asks. Null: not live.");
const written = {
  id,
  text: z.string(),
  by: z.string().nullable().describe("Null: an API key, or a person who is no more."),
  at: time,
};
export const noteShape = z.object(written).meta({ id: "ExamNote" });

export const candidateShape = z
  .object({
    ...candidate,
    streams: streamsOf({ ...stream, play }),
    facts: z.object({ count: z.int(), newest: z.array(fact).describe("All, the newest first.") }),
    answered: z.int().describe("Questions with an answer."),
    answers: z
      .array(z.object({ question: z.string(), at: time.describe("By the device.") }))
      .describe("When which question was answered, and changed, without what: the newest 1000, the newest first."),
    talk: talkShape.nullable().describe("A supervisor talks with the candidate, or has asked to. Null: nobody."),
    notes: z.array(noteShape),
    messages: z.array(z.object({ ...written, seenAt: time.nullable().describe("When the candidate's page had shown it.") })),
    recordings: z.array(
      z.object({
        id,
        kind: z.enum(STREAM_KINDS),
        startedAt: time,
        seconds: z.number(),
        whole: z.boolean(),
        play: z.object({ hls: z.string(), mp4: z.string() }),
      }),
    ),
  })
  .meta({ id: "SupervisedCandidate" });

export const supervisedExamShape = z
  .object({
    id,
    title: z.string(),
    opensAt: time,
    closesAt: time,
    supervision: supervisionShape,
    groups: z
      .array(z.object({ id, name: z.string() }))
      .nullable()
      .describe("Whose candidates the person sees; null: all."),
  })
  .meta({ id: "SupervisedExamination" });

const MAX_ADDED = 86_400;
export const candidateAct = z.strictObject({
  paused: z
    .boolean()
    .optional()
    .describe("true: the clock stands and answers are refused; false: it goes on, and the end moves by the pause."),
  addSeconds: z.int().min(1).max(MAX_ADDED).optional(),
  end: z.literal(true).optional().describe("Hands in now what is stored."),
  groupId: id.nullable().optional(),
});
const MAX_RECIPIENTS = 1000;
export const newMessage = z.strictObject({
  text: z.string().trim().min(1).max(1000),
  attemptIds: z
    .array(id)
    .min(1)
    .max(MAX_RECIPIENTS)
    .optional()
    .describe("Default: all of the group, or all that the person supervises, who have not handed in."),
  groupId: id.optional(),
});
export const newNote = z.strictObject({ text: z.string().trim().min(1).max(2000) });
