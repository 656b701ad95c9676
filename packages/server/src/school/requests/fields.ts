/** What the API takes and gives: the one source of its validation, its types and its document. Times are ISO 8601 with an offset. */
import { z } from "zod";
import { ROLES, SCOPES } from "../../access/actor.ts";
import { AddressSet } from "../../platform/address.ts";
import { ID } from "../../platform/id.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../accounts/password.ts";
import { EVENTS } from "../store/change.ts";
import { ALARM_CODES, LESSON_MODES, LESSON_STATES } from "../store/tables.ts";

export const id = z.string().regex(ID, "is not an id");
export const instant = z.iso.datetime({ offset: true, error: "is a time such as 2026-11-20T09:00:00+08:00" });
export const time = z.preprocess((value) => (value instanceof Date ? value.toISOString() : value), z.iso.datetime());

const text = (most: number) => z.string().trim().min(1, "is empty").max(most, `is longer than ${most} characters`);
export const personName = text(100);
export const login = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,99}$/u, "has 1 to 100 letters, digits and . _ @ + -");
export const password = z
  .string()
  .min(MIN_PASSWORD, `has at least ${MIN_PASSWORD} characters`)
  .max(MAX_PASSWORD, `has at most ${MAX_PASSWORD} characters`);
const email = z.email("is not a mail address").max(254);
export const timeZone = z.string().refine(isTimeZone, "is not a time zone such as Asia/Shanghai");
const network = z.string().refine(isNetwork, "is not an address or a network such as 10.0.0.0/8");
const version = z.int().describe("Grows by one with each change; also the ETag.");

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isNetwork(text: string): boolean {
  try {
    new AddressSet([text]);
    return true;
  } catch {
    return false;
  }
}

export const search = z.string().max(100).optional();

export const idParam = <K extends string>(name: K) => z.strictObject({ [name]: id } as Record<K, typeof id>);

export const paging = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe("Items of one page."),
  cursor: z.string().max(512).optional().describe("nextCursor of the page before."),
};
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const schoolShape = z
  .object({
    id,
    slug: z.string(),
    name: z.string(),
    timeZone: z.string(),
    guests: z.boolean().describe("Whether new lessons let people in who have no account."),
    adminNetworks: z.array(z.string()).describe("Networks that administrators may come from; empty: all."),
    keepDays: z.int().describe("Recordings go into the bin after so many days; 0: as the configuration says."),
    keepBytes: z.int().describe("The oldest recordings are deleted for good where all take more; 0: none are."),
    quotaBytes: z.int().describe("Nothing more is recorded when all take this; 0: no limit."),
    archivedAt: time.nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "School" });
const bytes = z.int().min(0);
const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, "has 1 to 40 small letters, digits and -");
export const newSchool = z.strictObject({
  slug: slug.describe("Short name: what people type where their name is known in several schools."),
  name: text(200),
  timeZone: timeZone.default("Asia/Shanghai"),
  guests: z.boolean().default(true),
  adminNetworks: z.array(network).max(1000).default([]),
});
export const changedSchool = z.strictObject({
  slug: slug.optional(),
  name: text(200).optional(),
  timeZone: timeZone.optional(),
  guests: z.boolean().optional(),
  adminNetworks: z.array(network).max(1000).optional(),
  keepDays: z.int().min(0).max(36_500).optional(),
  keepBytes: bytes.optional(),
  quotaBytes: bytes.optional().describe("For operators."),
  archived: z.boolean().optional().describe("An archived school's people cannot sign in, and its lessons are closed."),
});

export const role = z.enum(ROLES);
const schoolRole = z.enum(["administrator", "teacher", "assistant", "student", "supervisor"]);
export const userShape = z
  .object({
    id,
    schoolId: id.nullable(),
    login: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    role,
    hasPassword: z.boolean(),
    disabledAt: time.nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "User" });
export const newUser = z.strictObject({
  schoolId: id.optional().describe("For operators; others create people in their own school."),
  login,
  name: personName,
  email: email.nullable().default(null),
  role: z.enum(ROLES).default("student"),
  password: password.optional().describe("Without one, the person sets it by a reset link."),
});
export const changedUser = z.strictObject({
  login: login.optional(),
  name: personName.optional(),
  email: email.nullable().optional(),
  role: schoolRole.optional(),
  password: password.optional(),
  disabled: z.boolean().optional(),
});

export const sessionShape = z.object({ token: z.string(), expiresAt: time, user: userShape }).meta({ id: "Session" });
export const credentials = z.strictObject({
  login: z.string().min(1).max(200),
  password: z.string().min(1).max(MAX_PASSWORD),
  school: z.string().max(40).optional().describe("The school's slug, where a name is known in several."),
});

export const apiKeyShape = z
  .object({
    id,
    schoolId: id.nullable(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    expiresAt: time.nullable(),
    usedAt: time.nullable(),
    createdAt: time,
  })
  .meta({ id: "ApiKey" });
export const newApiKey = z.strictObject({
  schoolId: id.optional(),
  name: text(100),
  scopes: z.array(z.enum(SCOPES)).min(1),
  expiresAt: instant.optional(),
});

const memberRole = z.enum(["teacher", "assistant", "student", "supervisor"]);
export const courseShape = z
  .object({ id, schoolId: id, name: z.string(), description: z.string(), createdAt: time, version })
  .meta({ id: "Course" });
export const newCourse = z.strictObject({
  schoolId: id.optional(),
  name: text(200),
  description: z.string().max(10_000).default(""),
});
export const changedCourse = z.strictObject({ name: text(200).optional(), description: z.string().max(10_000).optional() });
export const memberShape = z.object({ userId: id, login: z.string(), name: z.string(), role: memberRole }).meta({ id: "Member" });
export const newMember = z.strictObject({ role: memberRole });

export const lessonShape = z
  .object({
    id,
    schoolId: id,
    courseId: id.nullable(),
    teacherId: id.nullable(),
    title: z.string(),
    mode: z.enum(LESSON_MODES),
    state: z.enum(LESSON_STATES),
    startsAt: time.nullable(),
    endsAt: time.nullable(),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    endedBy: z
      .enum(["publisher", "hand"])
      .nullable()
      .describe("Ended by its publisher, a lesson goes on when the publisher comes back."),
    record: z.boolean(),
    guests: z.boolean().describe("Whether people without an account may join with the code."),
    capacity: z.int().nullable().describe("People at once; null: no bound of its own."),
    code: z.string().nullable().describe("For those who teach, and where guests may join."),
    joinUrl: z.string().nullable(),
    stream: z
      .object({ app: z.string(), name: z.string(), publishKey: z.string(), rtmpUrl: z.string() })
      .nullable()
      .describe("For those who teach it: where to push."),
    play: z
      .object({ flv: z.string(), hls: z.string(), rtmp: z.string() })
      .describe("Unsigned; joining gives the signed ones, which alone open the stream."),
    deletedAt: time.nullable().describe("In the bin since."),
    createdAt: time,
    version,
  })
  .meta({ id: "Lesson" });
const capacity = z.int().min(1).max(1_000_000).nullable();
export const newLesson = z
  .strictObject({
    schoolId: id.optional(),
    title: text(200),
    startsAt: instant.optional(),
    endsAt: instant.optional(),
    courseId: id.optional(),
    teacherId: id.optional(),
    mode: z.enum(LESSON_MODES).default("broadcast"),
    record: z.boolean().default(false),
    guests: z.boolean().optional().describe("Default: what the school says."),
    capacity: capacity.optional().describe("Default: 2 one to one, 20 in a small interactive lesson, else no bound."),
  })
  .refine(endsLater, { path: ["endsAt"], error: "is not after startsAt" });
export const changedLesson = z.strictObject({
  title: text(200).optional(),
  startsAt: instant.nullable().optional(),
  endsAt: instant.nullable().optional(),
  courseId: id.nullable().optional(),
  teacherId: id.nullable().optional(),
  mode: z.enum(LESSON_MODES).optional(),
  record: z.boolean().optional(),
  guests: z.boolean().optional(),
  capacity: capacity.optional(),
});

export function endsLater({
  startsAt,
  endsAt,
}: {
  startsAt?: string | null | undefined;
  endsAt?: string | null | undefined;
}): boolean {
  return !startsAt || !endsAt || Date.parse(endsAt) > Date.parse(startsAt);
}

export const joinBody = z.strictObject({
  name: personName.optional().describe("A guest's own name."),
  code: z.string().max(40).optional().describe("The lesson's code; guests need it."),
  token: z.string().max(100).optional().describe("From an earlier join: the same guest again."),
});
export const joinedShape = z
  .object({
    viewer: id.describe("The person in this lesson; links are bound to it."),
    name: z.string(),
    token: z.string().nullable().describe("For a guest, at the first join: what renews the links."),
    lesson: lessonShape,
    play: z.object({ flv: z.string(), hls: z.string(), rtmp: z.string() }),
    expiresAt: time.describe("When the links stop opening connections."),
    renewAt: time.describe("When to join again, with the token, for new links."),
  })
  .meta({ id: "Joined" });
export const recordingShape = z
  .object({
    id,
    schoolId: id.nullable(),
    lessonId: id.nullable(),
    app: z.string(),
    name: z.string(),
    title: z.string(),
    startedAt: time,
    seconds: z.number(),
    bytes: z.number(),
    whole: z.boolean().describe("False while it is still made; it can be watched as far as it is."),
    published: z.boolean().describe("Whether those who learn see it."),
    chapters: z.array(z.object({ seconds: z.number(), title: z.string() })),
    deletedAt: time.nullable().describe("In the bin since."),
    createdAt: time,
    version,
  })
  .meta({ id: "Recording" });
export const changedRecording = z.strictObject({
  title: text(200).optional(),
  published: z.boolean().optional(),
  chapters: z
    .array(z.strictObject({ seconds: z.number().min(0), title: text(200) }))
    .max(500)
    .optional(),
});
export const newClip = z
  .strictObject({
    from: z.number().min(0).describe("Seconds."),
    to: z.number().positive().describe("Seconds."),
    title: text(200).optional().describe("Default: that of the whole."),
  })
  .refine(({ from, to }) => to > from, { path: ["to"], error: "is not after from" });
export const recordingLinks = z
  .object({
    play: z.object({ hls: z.string(), flv: z.string(), mp4: z.string() }),
    expiresAt: time,
    recording: recordingShape,
    place: z.number().nullable().describe("Where I stopped watching, seconds; null for guests, and before the first time."),
  })
  .meta({ id: "RecordingLinks" });
export const spaceShape = z
  .object({
    bytes: z.number().describe("Of all recordings, those in the bin too."),
    quotaBytes: z.number().describe("0: no limit."),
  })
  .meta({ id: "Space" });
export const alarmShape = z
  .object({
    id,
    schoolId: id.nullable(),
    code: z.enum(ALARM_CODES),
    subject: z.string().describe("A stream as APP/NAME, or a school's id; empty for the whole."),
    detail: z.string(),
    raisedAt: time,
    clearedAt: time.nullable().describe("Null while it is so."),
  })
  .meta({ id: "Alarm" });
export const participantShape = z
  .object({
    id,
    userId: id.nullable(),
    name: z.string(),
    role: z.enum([...ROLES, "guest"]),
    joinedAt: time,
    seenAt: time,
    removedAt: time.nullable(),
  })
  .meta({ id: "Participant" });
export const invitationShape = z
  .object({
    lessonId: id,
    title: z.string(),
    school: z.string(),
    teacher: z.string().nullable(),
    state: z.enum(LESSON_STATES),
    startsAt: time.nullable(),
    endsAt: time.nullable(),
    startedAt: time.nullable(),
    guests: z.boolean(),
  })
  .meta({ id: "Invitation" });

export const troubleReport = z.strictObject({
  viewer: id.optional(),
  state: z.string().max(40).describe("The player's."),
  engine: z.string().max(40).optional(),
  stalls: z.int().min(0).optional(),
  stallMs: z.number().min(0).optional(),
  reconnects: z.int().min(0).optional(),
  behind: z.number().min(0).optional(),
  firstFrameMs: z.number().min(0).nullable().optional(),
});

export const importShape = z
  .object({
    id,
    kind: z.enum(["people", "timetable"]),
    state: z.enum(["running", "done", "failed"]),
    rowsTotal: z.int(),
    rowsDone: z.int(),
    errors: z.array(z.object({ line: z.int(), column: z.string(), message: z.string() })),
    createdAt: time,
    finishedAt: time.nullable(),
  })
  .meta({ id: "Import" });

const webhookUrl = z.url({ protocol: /^https?$/, error: "is not an http or https address" }).max(2000);
const events = z.array(z.enum(EVENTS)).describe("Empty: all.");
export const webhookShape = z
  .object({
    id,
    schoolId: id.nullable(),
    url: z.string(),
    events,
    enabled: z.boolean(),
    secret: z.string().describe("Signs what is sent: docs/api.md, Webhooks."),
    deadLetters: z.int().describe("Deliveries that were given up."),
    createdAt: time,
    version,
  })
  .meta({ id: "Webhook" });
export const newWebhook = z.strictObject({
  schoolId: id.optional(),
  url: webhookUrl,
  events: events.default([]),
  enabled: z.boolean().default(true),
});
export const changedWebhook = z.strictObject({
  url: webhookUrl.optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
});
export const deliveryShape = z
  .object({
    id,
    event: z.string(),
    state: z.enum(["pending", "delivered", "dead"]),
    attempts: z.int(),
    nextAt: time.nullable(),
    lastStatus: z.int().nullable(),
    lastError: z.string().nullable(),
    createdAt: time,
    doneAt: time.nullable(),
    body: z.string(),
  })
  .meta({ id: "Delivery" });

export const auditShape = z
  .object({
    id,
    schoolId: id.nullable(),
    at: time,
    actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
    ip: z.string(),
    action: z.string(),
    target: z.object({ kind: z.string(), id: z.string() }),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
  })
  .meta({ id: "AuditEntry" });
