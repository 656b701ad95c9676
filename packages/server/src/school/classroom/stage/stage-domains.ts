/** Provides the domains of the stage: who is on it (`stage`), microphones and cameras (`mute`), and how people are laid out (`layout`). */

import type { RoomPerson } from "@lectern/room";
import { newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import type { Lesson } from "../../foundation/store/tables.ts";
import { isSmallLesson } from "../../lessons/small-lesson.ts";
import type { StreamControl } from "../../lessons/stream-control.ts";
import type { Domain, Outcome, RequestedAction, RoomHandle, RoomView } from "../domain.ts";
import { decideLayout, decideMute, type LayoutAction, layoutAction, type MuteAction, muteAction } from "./media-rules.ts";
import { stageKeys } from "./stage-keys.ts";
import { storeStage } from "./stage-people.ts";
import { decideStage, type StageAction, type StageOutcome, type StageRoom, stageAction } from "./stage-rules.ts";
import { publishersOf, type StageState, stageState } from "./stage-state.ts";
import { StageWatch } from "./stage-watch.ts";

export type StageContext = Pick<StreamControl, "ruleChanged" | "linkSecret">;

type LessonOfStage = Pick<Lesson, "stream_app" | "stream_name" | "mode">;

export function stageDomains(context: StageContext): Domain[] {
  const watches = new Map<string, StageWatch>();
  const watch = (handle: RoomHandle): StageWatch => {
    const known = watches.get(handle.lessonId) ?? new StageWatch(() => handle.act({ id: newId(), kind: "stage", body: TIDY }));
    watches.set(handle.lessonId, known);
    return known;
  };
  const isUsed = ({ people, media }: StageState) => people.size > 0 || media.size > 0;
  const stage: Domain<StageAction> = {
    kind: "stage",
    body: stageAction,
    decide: async (room, actions, handle) => {
      const lesson = await lessonOf(room);
      const state = stageState(room.retained);
      const before = publishersOf(state);
      const view = await stageRoom(room, lesson, state, actions, watch(handle));
      const outcomes: Outcome[] = [];
      for (const action of actions) outcomes.push(await actOnStage(context, room, lesson, view, action));
      await publishersChanged(context, room, lesson, before, state);
      room.afterCommit(() => watch(handle).run(isUsed(state)));
      return outcomes;
    },
    opened: async (room, handle) => watch(handle).run(isUsed(stageState(room.retained))),
    closed: (lessonId) => {
      watches.get(lessonId)?.run(false);
      watches.delete(lessonId);
    },
  };
  const mute: Domain<MuteAction> = {
    kind: "mute",
    body: muteAction,
    decide: (room, actions) => decideMedia(room, actions, decideMute),
  };
  const layout: Domain<LayoutAction> = {
    kind: "layout",
    body: layoutAction,
    decide: (room, actions) => decideMedia(room, actions, decideLayout),
  };
  return [stage as Domain, mute as Domain, layout as Domain];
}

const TIDY = { action: "tidy" };

async function lessonOf({ trx, lessonId }: RoomView): Promise<LessonOfStage> {
  const lessons = trx.selectFrom("lessons").select(["stream_app", "stream_name", "mode"]);
  return await lessons.where("id", "=", lessonId).executeTakeFirstOrThrow();
}

async function stageRoom(
  room: RoomView,
  lesson: LessonOfStage,
  state: StageState,
  actions: readonly RequestedAction<StageAction>[],
  watch: StageWatch,
): Promise<StageRoom> {
  const invited = actions.flatMap(({ body }) => (body.action === "invite" ? [body.person] : []));
  return {
    state,
    isSmallLesson: isSmallLesson(lesson),
    now: room.now,
    present: room.people,
    names: await namesOf(room, invited),
    hands: new Set(
      room.retained.ofKind("hand").flatMap(({ body }) => (typeof body["person"] === "string" ? [body["person"]] : [])),
    ),
    left: (ids) => watch.left(room, ids),
  };
}

/** Of those who may be in the room. Observers only read. */
async function namesOf({ trx, lessonId }: RoomView, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await trx
    .selectFrom("participants")
    .leftJoin("users", "users.id", "participants.user_id")
    .leftJoin("watchers", "watchers.participant_id", "participants.id")
    .select(["participants.id", "participants.name", "users.name as account_name"])
    .where("participants.lesson_id", "=", lessonId)
    .where("participants.id", "in", [...new Set(ids)])
    .where("participants.removed_at", "is", null)
    .where("participants.waiting_since", "is", null)
    .where("watchers.id", "is", null)
    .execute();
  return new Map(rows.map(({ id, name, account_name }) => [id, account_name ?? name]));
}

async function actOnStage(
  { linkSecret }: StageContext,
  room: RoomView,
  lesson: LessonOfStage,
  view: StageRoom,
  { body, person: who }: RequestedAction<StageAction>,
): Promise<Outcome> {
  const decided = decideStage(view, who, body);
  if (decided instanceof Refusal) return decided;
  if (body.action === "invite" || body.action === "remove" || body.action === "clear") {
    if (decided.length > 0)
      await room.audit(`room.stage-${body.action}`, who, body.action === "clear" ? {} : { person: body.person });
  }
  for (const { kind, body: gone } of decided) if (kind === "hand") await room.emit("room.hand", { ...gone, state: "lowered" });
  if (body.action !== "key") return { entries: decided };
  const { state, isSmallLesson: everybody, now } = view;
  return { entries: decided, answer: stageKeys({ lesson, isSmallLesson: everybody, state, who, now, secret: linkSecret() }) };
}

/** Media workers hear at once who may publish, and end the streams of those who may not any more. */
async function publishersChanged(
  { ruleChanged }: StageContext,
  { trx, lessonId, afterCommit }: RoomView,
  { stream_app, stream_name }: LessonOfStage,
  before: readonly string[],
  state: StageState,
): Promise<void> {
  const now = publishersOf(state);
  const isSame = now.length === before.length && now.every((id) => before.includes(id));
  if (isSame) return;
  await storeStage(trx, lessonId, now);
  afterCommit(() => ruleChanged(stream_app, stream_name));
}

async function decideMedia<Body>(
  room: RoomView,
  actions: readonly RequestedAction<Body>[],
  decide: (state: StageState, who: RoomPerson, action: Body) => StageOutcome,
): Promise<Outcome[]> {
  const state = stageState(room.retained);
  return actions.map(({ body, person: who }) => {
    const decided = decide(state, who, body);
    return decided instanceof Refusal ? decided : { entries: decided };
  });
}
