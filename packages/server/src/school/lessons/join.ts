/** Joins a lesson: decides who may enter, and as which participant. */
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { Refusal } from "../../platform/refusal.ts";
import { hashSecret, newSecret } from "../../platform/secrets.ts";
import { protectionText } from "../foundation/messages/protection-texts.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { actsFor } from "../foundation/schools/scope.ts";
import type { Change } from "../foundation/store/change.ts";
import type { Db, Lesson, Participant } from "../foundation/store/tables.ts";
import { assertCapacity, type JoinRight } from "./capacity.ts";
import { deviceHashes, type GuestDevice, isDeviceRemoved } from "./guest-device.ts";
import { checkGuestName } from "./guest-name.ts";
import { hasLessonRight, visibleLessons } from "./lesson-rights.ts";
import { capacityOf } from "./small-lesson.ts";

export type JoinRequest = {
  /** A guest's name. */
  readonly name: string | null;
  /** A guest's token from an earlier join. */
  readonly token: string | null;
  /** Whether the request named the lesson's code, which guests need. */
  readonly hasCode: boolean;
  /** Whether a guest agrees to the school's terms. */
  readonly consents?: boolean;
  readonly device?: GuestDevice;
  /** The server does without new people: only staff, and who has been here before, get in. */
  readonly isShed?: boolean;
};

export type Joined = {
  readonly participant: Participant;
  readonly token: string | null;
  /** Whether a teacher who was removed is back, so that the stream's policy has changed. */
  readonly isBack: boolean;
};

/** Who is turned away while the server does without new people comes again then. */
const SHED_AGAIN_SECONDS = 30;
/** Guests who may wait at once: more are a flood. */
const MAX_WAITING = 500;
/** A guest who has not asked for this long waits no longer. */
const STILL_WAITING_MS = 60_000;

/** @throws RefusalError guests-not-allowed, removed-from-lesson, lesson-locked, lesson-full, lesson-ended, full, bad-request */
export async function joinLesson(change: Change, actor: Actor, { id }: Lesson, request: JoinRequest): Promise<Joined> {
  // The lock makes simultaneous joins count one after the other, where the number counts.
  const read = change.trx.selectFrom("lessons").selectAll().where("id", "=", id);
  const found = await read.executeTakeFirstOrThrow();
  const lesson = capacityOf(found) === null ? found : await read.forUpdate().executeTakeFirstOrThrow();
  if (lesson.ended_by === "hand") throw new RefusalError("lesson-ended");
  const right = await rightOf(change.trx, actor, lesson);
  const userId = actor.kind === "user" && (right !== "guest" || actor.schoolId === lesson.school_id) ? actor.id : null;
  const known = await findParticipant(change.trx, lesson, userId, request.token);
  // The teacher always gets in.
  if (known?.removed_at && right !== "staff") throw new RefusalError("removed-from-lesson");
  if (request.isShed && !known && right !== "staff")
    throw new RefusalError(new Refusal("full", protectionText("busy")).after(SHED_AGAIN_SECONDS));
  if (right === "guest") await checkGuest(change.trx, lesson, request, known);
  const consented = right === "guest" && !known ? { consented_at: await checkConsent(change.trx, lesson, request) } : {};
  const row = {
    user_id: userId,
    role: right !== "guest" && actor.role ? actor.role : ("guest" as const),
    by_code: right === "guest",
    seen_at: new Date(),
    removed_at: null,
    waiting_since: right === "guest" && lesson.waiting_room ? (known ? known.waiting_since : new Date()) : null,
    // A request without a device leaves what is known of it.
    ...(request.device === undefined ? {} : deviceHashes(lesson.id, request.device)),
  };
  if (!known || (known.waiting_since && !row.waiting_since)) await assertCapacity(change.trx, lesson, right);
  if (known) return await rejoin(change, lesson, known, row);
  const name = userId === null ? (request.name?.trim() ?? "") : actor.name;
  if (name === "") throw new RefusalError("bad-request", schoolText("guest-name"));
  // An API key vouches for the names that it sends: the people of another site.
  const isVouchedFor = userId !== null || (actor.kind === "key" && actsFor(actor, lesson.school_id));
  if (!isVouchedFor) await checkGuestName(change.trx, lesson, name);
  return await enter(change, lesson, { ...row, ...consented, name });
}

/** When the guest agreed to the school's terms; null where it has none. @throws RefusalError consent-needed */
async function checkConsent(db: Db, lesson: Lesson, { consents }: JoinRequest): Promise<Date | null> {
  const schools = db.selectFrom("schools").select("guest_consent").where("id", "=", lesson.school_id);
  const { guest_consent: terms } = await schools.executeTakeFirstOrThrow();
  if (terms !== "" && !consents) throw new RefusalError("consent-needed");
  return terms === "" ? null : new Date();
}

async function rightOf(db: Db, actor: Actor, lesson: Lesson): Promise<JoinRight> {
  if (actor.kind !== "user") return "guest";
  const visible = await visibleLessons(db, actor).where("lessons.id", "=", lesson.id).executeTakeFirst();
  if (!visible) return "guest";
  return (await hasLessonRight(db, actor, lesson, "assist")) ? "staff" : "member";
}

/** @throws RefusalError guests-not-allowed, removed-from-lesson, lesson-locked, lesson-full */
async function checkGuest(db: Db, lesson: Lesson, request: JoinRequest, known: Participant | undefined): Promise<void> {
  if (!lesson.guests) throw new RefusalError("guests-not-allowed");
  // Who came as a member of the course, and is none any more, has never had the code.
  if (known?.by_code) return;
  if (!request.hasCode) throw new RefusalError("guests-not-allowed");
  if (await isDeviceRemoved(db, lesson.id, request.device)) throw new RefusalError("removed-from-lesson");
  if (lesson.locked) throw new RefusalError("lesson-locked");
  if (!lesson.waiting_room) return;
  const { waiting } = await db
    .selectFrom("participants")
    .select((select) => select.fn.countAll<number>().as("waiting"))
    .where("lesson_id", "=", lesson.id)
    .where("waiting_since", "is not", null)
    .where("removed_at", "is", null)
    .where("seen_at", ">", new Date(Date.now() - STILL_WAITING_MS))
    .executeTakeFirstOrThrow();
  if (Number(waiting) >= MAX_WAITING) throw new RefusalError("lesson-full");
}

type ParticipantColumns = Pick<Participant, "user_id" | "role" | "by_code" | "seen_at" | "removed_at" | "waiting_since"> &
  Partial<Pick<Participant, "device_hash" | "browser_hash">>;

type NewParticipant = ParticipantColumns & { readonly name: string; readonly consented_at?: Date | null };

async function rejoin(
  change: Change,
  lesson: Lesson,
  known: Participant,
  { user_id: _, ...columns }: ParticipantColumns,
): Promise<Joined> {
  const participant = await change.trx
    .updateTable("participants")
    .set(columns)
    .where("id", "=", known.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (known.waiting_since && !participant.waiting_since) await announceParticipant(change, lesson, participant);
  return { participant, token: null, isBack: known.removed_at !== null };
}

async function enter(change: Change, lesson: Lesson, columns: NewParticipant): Promise<Joined> {
  const { user_id, seen_at } = columns;
  const token = user_id === null ? newSecret() : null;
  const row = { ...columns, id: newId(), lesson_id: lesson.id, token_hash: token && hashSecret(token), joined_at: seen_at };
  const participant = await change.trx
    .insertInto("participants")
    .values(row)
    // Two simultaneous requests of one person make one participant.
    .onConflict((conflict) => conflict.constraint("participants_person").doUpdateSet({ seen_at }))
    .returningAll()
    .executeTakeFirstOrThrow();
  if (participant.id === row.id && participant.waiting_since === null) await announceParticipant(change, lesson, participant);
  return { participant, token, isBack: false };
}

/** Tells webhooks that somebody is in the lesson. */
export function announceParticipant(change: Change, lesson: Lesson, { id, user_id, name, role }: Participant): Promise<void> {
  const data = { participantId: id, lessonId: lesson.id, userId: user_id, name, role };
  return change.emit("participant.joined", lesson.school_id, data);
}

export function findParticipant(
  db: Db,
  lesson: Lesson,
  userId: string | null,
  token: string | null,
): Promise<Participant | undefined> {
  if (userId === null && token === null) return Promise.resolve(undefined);
  const all = db.selectFrom("participants").selectAll().where("lesson_id", "=", lesson.id);
  const one = userId === null ? all.where("token_hash", "=", hashSecret(token ?? "")) : all.where("user_id", "=", userId);
  return one.executeTakeFirst();
}
