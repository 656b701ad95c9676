/** Decides about moderation: deleted and pinned lines, muted and removed people, held texts. Everything is in the audit log. */

import type { RoomPerson } from "@lectern/room";
import { type Clock, systemClock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { moderationText } from "../../foundation/messages/moderation-texts.ts";
import type { AuditEntry } from "../../foundation/store/audit-log.ts";
import { removeParticipant } from "../../lessons/remove-participant.ts";
import type { StreamControl } from "../../lessons/stream-control.ts";
import type { Domain, Outcome, RequestedAction, RoomView } from "../domain.ts";
import { entryOf } from "../entry-store.ts";
import { removeFromStage } from "../stage/stage-people.ts";
import { staffOnly } from "../talk/may-talk.ts";
import type { ExternalChecks } from "./external-checks.ts";
import { type GroupView, groupView } from "./group-view.ts";
import { checkingKey, heldKey, heldLineOf } from "./held-line.ts";
import { decideHeld } from "./held-texts.ts";
import { deleteLine, pinLine, restoreLine, unpinLine } from "./line-actions.ts";
import { type ModerationAction, type ModerationActionOf, moderationAction } from "./moderation-action.ts";
import { MuteTimers } from "./mute-timers.ts";
import { expireMute, mute, unmute } from "./mutes.ts";
import type { TextChecks } from "./text-checks.ts";
import { noteThumbnail } from "./thumbnail-notices.ts";

export type ModerationContext = {
  readonly checks: Pick<TextChecks, "opened" | "closedRoom">;
  readonly external: Pick<ExternalChecks, "opened" | "closed" | "ask">;
  readonly ruleChanged: StreamControl["ruleChanged"];
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "utc" | "after">;
  /** As after each change through the API (`lessons/permission-review.ts`). */
  readonly permissionsChanged: (entries: readonly AuditEntry[]) => void;
};

export function moderationDomain(context: ModerationContext): Domain<ModerationAction> {
  const timers = new MuteTimers(context.clock ?? systemClock);
  return {
    kind: "moderation",
    body: moderationAction,
    decide: async (room, actions, handle) => {
      const view = groupView(room);
      const outcomes: Outcome[] = [];
      for (const action of actions) {
        const outcome = staffOnly(action.person) ?? (await decide(context, view, action));
        outcomes.push(outcome);
        if (outcome instanceof Refusal) continue;
        view.take(outcome.entries);
        for (const entry of outcome.entries)
          if (entry.body["action"] === "mute" && !entry.gone) room.afterCommit(() => timers.begin(handle, entry));
      }
      return outcomes;
    },
    prepare: ({ id, schoolId }) => context.checks.opened(schoolId, id),
    opened: async (room, handle) => {
      context.external.opened(handle);
      await askAgain(context, room);
      const mutes = room.retained.ofKind("mute");
      room.afterCommit(() => {
        for (const entry of mutes) timers.begin(handle, entry);
      });
    },
    closed: (lessonId) => {
      context.checks.closedRoom(lessonId);
      context.external.closed(lessonId);
      timers.closed(lessonId);
    },
  };
}

async function decide(context: ModerationContext, room: GroupView, action: RequestedAction<ModerationAction>): Promise<Outcome> {
  const { body, person } = action;
  if (body.action === "checked" || body.action === "expire" || body.action === "picture")
    return isServer(person) ? await decideByServer(room, person, body) : new Refusal("refused-by-rule");
  if (body.action === "remove") return await remove(context, room, action, body);
  const outcome = await decideByStaff(room, body);
  if (!(outcome instanceof Refusal) && outcome.entries.length > 0) await room.audit(`room.${body.action}`, person, { ...body });
  return outcome;
}

type ServerAction = "checked" | "expire" | "picture";

async function decideByServer(room: GroupView, person: RoomPerson, body: ModerationActionOf<ServerAction>): Promise<Outcome> {
  switch (body.action) {
    case "checked":
      return await applyChecked(room, person, body);
    case "expire":
      return expireMute(room, body.person);
    case "picture":
      return await noteThumbnail(room, person, body.checked);
  }
}

async function decideByStaff(
  room: GroupView,
  body: Exclude<ModerationAction, { readonly action: ServerAction | "remove" }>,
): Promise<Outcome> {
  switch (body.action) {
    case "delete":
      return await deleteLine(room, body.key);
    case "restore":
      return await restoreLine(room, body.key);
    case "pin":
      return await pinLine(room, body.key);
    case "unpin":
      return unpinLine(room, body.key);
    case "mute":
      return await mute(room, body.person, body.seconds);
    case "unmute":
      return unmute(room, body.person);
    case "approve":
    case "refuse":
      return await review(room, body.ref, body.action);
  }
}

async function review(room: GroupView, ref: string, action: "approve" | "refuse"): Promise<Outcome> {
  const key = heldKey(ref);
  const line = heldLineOf(await room.newest(key));
  if (!line) return new Refusal("not-found", moderationText("not-held"));
  return await decideHeld(room, key, line, { action });
}

/** What the school's own check has answered about a text. */
async function applyChecked(room: GroupView, person: RoomPerson, body: ModerationActionOf<"checked">): Promise<Outcome> {
  const key = checkingKey(body.ref);
  const line = heldLineOf(await room.newest(key));
  if (!line) return { entries: [] };
  const { action, text, reason } = body.checked;
  if (action === "refuse") await room.audit("room.check-refused", person, { ref: line.ref, person: line.person.id });
  if (action === "hold") return await decideHeld(room, key, reason ? { ...line, reason } : line, { action });
  if (action === "refuse") return await decideHeld(room, key, line, { action });
  return await decideHeld(room, key, line, { action: "approve", text: action === "mask" ? text : undefined });
}

async function remove(
  { ruleChanged, permissionsChanged }: ModerationContext,
  room: RoomView,
  { person }: RequestedAction<ModerationAction>,
  body: ModerationActionOf<"remove">,
): Promise<Outcome> {
  const lesson = await room.trx.selectFrom("lessons").selectAll().where("id", "=", room.lessonId).executeTakeFirstOrThrow();
  const own = await room.trx.selectFrom("participants").select("user_id").where("id", "=", person.id).executeTakeFirst();
  const isOwn = (participant: { readonly id: string; readonly user_id: string | null }) =>
    participant.id === person.id || (participant.user_id !== null && participant.user_id === (own?.user_id ?? person.id));
  const result = await removeParticipant(room.trx, lesson, body.person, { isOwn, device: body.device });
  if (result instanceof Refusal) return result;
  const { id: targetId, name } = result.removed;
  await room.audit("participant.remove", person, { name }, { kind: "participant", id: targetId });
  if (result.isNews) await room.emit("participant.removed", { participantId: targetId, name });
  room.afterCommit(() => {
    ruleChanged(lesson.stream_app, lesson.stream_name);
    permissionsChanged([{ action: "participant.remove", schoolId: lesson.school_id, targetKind: "participant", targetId }]);
  });
  const removed = { action: "remove", person: targetId, personName: name };
  const offStage = await removeFromStage(room, targetId);
  return { entries: [{ kind: "moderation", to: "staff", key: null, body: removed }, ...offStage] };
}

function isServer({ id }: RoomPerson): boolean {
  return id === "";
}

/** Texts that were being checked when the room's owner before this one ended. */
async function askAgain({ external }: ModerationContext, { trx, lessonId, schoolId, afterCommit }: RoomView): Promise<void> {
  const rows = await trx
    .selectFrom("room_entries")
    .distinctOn("key")
    .selectAll()
    .where("lesson_id", "=", lessonId)
    .where("key", "like", `${checkingKey("")}%`)
    .orderBy("key")
    .orderBy("at", "desc")
    .orderBy("seq", "desc")
    .execute();
  const lines = rows.flatMap((row) => heldLineOf(entryOf(row)) ?? []);
  afterCommit(() => {
    for (const line of lines) void external.ask(schoolId, lessonId, line);
  });
}
