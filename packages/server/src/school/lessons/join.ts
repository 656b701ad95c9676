/** Joins a lesson: decides who may enter, and as which participant. Those who come at the same time are decided about in one transaction. */
import type { Actor } from "../../access/actor.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { hashSecret, newSecret } from "../../platform/secrets.ts";
import { schoolText } from "../foundation/messages/school-texts.ts";
import { actsFor } from "../foundation/schools/scope.ts";
import type { Change } from "../foundation/store/change.ts";
import { type QueuedEvent, queueEvents, WEBHOOK_DELIVERIES } from "../foundation/store/events.ts";
import type { Db, Lesson, Participant } from "../foundation/store/tables.ts";
import { assertCapacity, type JoinRight } from "./capacity.ts";
import { Entrance } from "./entrance.ts";
import { deviceHashes, type GuestDevice, isDeviceRemoved } from "./guest-device.ts";
import { checkNameBeside } from "./guest-name.ts";
import { hasLessonRight, visibleLessons } from "./lesson-rights.ts";

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
};

export type Joined = {
  readonly participant: Participant;
  readonly token: string | null;
  /** Whether a teacher who was removed is back, so that the stream's policy has changed. */
  readonly isBack: boolean;
};

/** Guests who may wait at once: more are a flood. */
const MAX_WAITING = 500;
/** A guest who has not asked for this long waits no longer. */
const STILL_WAITING_MS = 60_000;

/** Somebody who wants to join. */
export type Joiner = { readonly actor: Actor; readonly request: JoinRequest };

/** @throws RefusalError guests-not-allowed, removed-from-lesson, lesson-locked, lesson-full, lesson-ended, bad-request */
export async function joinLesson(change: Change, actor: Actor, { id }: Lesson, request: JoinRequest): Promise<Joined> {
  const [outcome] = await joinTogether(change, id, [{ actor, request }]);
  if (outcome?.status === "fulfilled") return outcome.value;
  throw outcome?.reason;
}

/** Each is let in or refused, one after the other. @returns in the order of the joiners; a reason is a RefusalError */
export async function joinTogether(
  change: Change,
  lessonId: string,
  joiners: readonly Joiner[],
): Promise<PromiseSettledResult<Joined>[]> {
  const entrance = new Entrance(change.trx, lessonId);
  const lesson = await entrance.lesson();
  const outcomes: PromiseSettledResult<Joined>[] = [];
  for (const joiner of joiners)
    try {
      outcomes.push({ status: "fulfilled", value: await joinThrough(entrance, lesson, joiner) });
    } catch (reason) {
      // Whoever is refused has written nothing.
      if (!(reason instanceof RefusalError)) throw reason;
      outcomes.push({ status: "rejected", reason });
    }
  if (await queueEvents(change.trx, lesson.school_id, entrance.events)) change.wake(WEBHOOK_DELIVERIES);
  return outcomes;
}

async function joinThrough(entrance: Entrance, lesson: Lesson, { actor, request }: Joiner): Promise<Joined> {
  const { trx } = entrance;
  if (lesson.ended_by === "hand") throw new RefusalError("lesson-ended");
  const right = await rightOf(trx, actor, lesson);
  const userId = actor.kind === "user" && (right !== "guest" || actor.schoolId === lesson.school_id) ? actor.id : null;
  const known = await findParticipant(trx, lesson, userId, request.token);
  // The teacher always gets in.
  if (known?.removed_at && right !== "staff") throw new RefusalError("removed-from-lesson");
  if (right === "guest") await checkGuest(entrance, lesson, request, known);
  const consented = right === "guest" && !known ? { consented_at: await checkConsent(entrance, request) } : {};
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
  if (!known || (known.waiting_since && !row.waiting_since)) await assertCapacity(trx, lesson, right);
  if (known) return await rejoin(entrance, known, row);
  const name = userId === null ? (request.name?.trim() ?? "") : actor.name;
  if (name === "") throw new RefusalError("bad-request", schoolText("guest-name"));
  // An API key vouches for the names that it sends: the people of another site.
  const isVouchedFor = userId !== null || (actor.kind === "key" && actsFor(actor, lesson.school_id));
  if (!isVouchedFor) checkNameBeside(await entrance.staffNames(), name);
  return await enter(entrance, lesson, { ...row, ...consented, name });
}

/** When the guest agreed to the school's terms; null where it has none. @throws RefusalError consent-needed */
async function checkConsent(entrance: Entrance, { consents }: JoinRequest): Promise<Date | null> {
  const terms = await entrance.terms();
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
async function checkGuest(entrance: Entrance, lesson: Lesson, request: JoinRequest, known: Participant | undefined): Promise<void> {
  if (!lesson.guests) throw new RefusalError("guests-not-allowed");
  // Who came as a member of the course, and is none any more, has never had the code.
  if (known?.by_code) return;
  if (!request.hasCode) throw new RefusalError("guests-not-allowed");
  const { trx } = entrance;
  if ((await entrance.hasRemovedDevices()) && (await isDeviceRemoved(trx, lesson.id, request.device)))
    throw new RefusalError("removed-from-lesson");
  if (lesson.locked) throw new RefusalError("lesson-locked");
  if (!lesson.waiting_room) return;
  const { waiting } = await trx
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
  { trx, events }: Entrance,
  known: Participant,
  { user_id: _, ...columns }: ParticipantColumns,
): Promise<Joined> {
  const participant = await trx
    .updateTable("participants")
    .set(columns)
    .where("id", "=", known.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  if (known.waiting_since && !participant.waiting_since) events.push(joinedEvent(participant));
  return { participant, token: null, isBack: known.removed_at !== null };
}

async function enter({ trx, events }: Entrance, lesson: Lesson, columns: NewParticipant): Promise<Joined> {
  const { user_id, seen_at } = columns;
  const token = user_id === null ? newSecret() : null;
  const row = { ...columns, id: newId(), lesson_id: lesson.id, token_hash: token && hashSecret(token), joined_at: seen_at };
  const participant = await trx
    .insertInto("participants")
    .values(row)
    // Two simultaneous requests of one person make one participant.
    .onConflict((conflict) => conflict.constraint("participants_person").doUpdateSet({ seen_at }))
    .returningAll()
    .executeTakeFirstOrThrow();
  if (participant.id === row.id && participant.waiting_since === null) events.push(joinedEvent(participant));
  return { participant, token, isBack: false };
}

/** What webhooks are told when somebody is in the lesson. */
export function joinedEvent({ id, lesson_id: lessonId, user_id, name, role }: Participant): QueuedEvent {
  return { event: "participant.joined", data: { participantId: id, lessonId, userId: user_id, name, role } };
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
