/** Erases a person or a guest, at once or once a second person has approved it. */
import type { Transaction } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { ApprovalAct } from "../../foundation/approvals/act.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { ADMINISTRATORS } from "../../foundation/requests/permissions.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Tables, User } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { checkMayManage } from "../../people/accounts/account-rights.ts";
import { findUser, userEventData } from "../../people/accounts/user.ts";
import { ERASED_PARTICIPANT, erasedColumns, eraseParticipants, eraseTraces } from "./erase.ts";

/** The row of the account after it. @param onErased called after the commit */
export async function erasePerson(change: Change, before: User, onErased: () => void): Promise<User> {
  const after = await updateRow(change, "users", before, erasedColumns(before, new Date()));
  await eraseTraces(change.trx, before);
  await change.audit({ action: "user.erase", schoolId: before.school_id, targetKind: "user", targetId: before.id });
  await change.emit("user.erased", before.school_id, userEventData(after));
  change.afterCommit(onErased);
  return after;
}

/** @throws RefusalError not-found */
export async function eraseGuest(change: Change, actor: Actor, lessonId: string, participantId: string): Promise<void> {
  const lesson = await findLesson(change.trx, actor, lessonId, "teach");
  const erased = await change.trx
    .updateTable("participants")
    .set(ERASED_PARTICIPANT)
    .where("id", "=", participantId)
    .where("lesson_id", "=", lesson.id)
    .returning("id")
    .executeTakeFirst();
  if (!erased) throw new RefusalError("not-found", schoolText("not-a-participant"));
  await eraseParticipants(change.trx, [erased.id]);
  await change.audit({ action: "participant.erase", schoolId: lesson.school_id, targetKind: "participant", targetId: erased.id });
}

/** What a person is like: the reader of a request has seen this version. */
export function personState({ version, erased_at }: User): string {
  return erased_at === null ? `version ${version}` : "erased";
}

/** What a guest is like. Null: there is none of this lesson. */
export async function guestState(trx: Transaction<Tables>, schoolId: string, participantId: string): Promise<string | null> {
  const guest = await trx
    .selectFrom("participants")
    .innerJoin("lessons", "lessons.id", "participants.lesson_id")
    .select(["participants.name", "participants.lesson_id", "participants.erased_at"])
    .where("participants.id", "=", participantId)
    .where("lessons.school_id", "=", schoolId)
    .executeTakeFirst();
  if (!guest) return null;
  return guest.erased_at === null ? `of lesson ${guest.lesson_id}` : "erased";
}

export function erasePersonAct(onErased: () => void): ApprovalAct {
  return {
    askers: ADMINISTRATORS,
    stateOf: async (trx, { school_id, target_id }) => {
      const person = await trx.selectFrom("users").selectAll().where("id", "=", target_id).executeTakeFirst();
      return person?.school_id === school_id ? personState(person) : null;
    },
    carryOut: async (change, { target_id }, asker) => {
      const before = await findUser(change.trx, asker, target_id);
      checkMayManage(asker, before.role);
      await erasePerson(change, before, onErased);
    },
  };
}

export const eraseGuestAct: ApprovalAct = {
  askers: ADMINISTRATORS,
  stateOf: (trx, { school_id, target_id }) => guestState(trx, school_id, target_id),
  carryOut: async (change, { params, target_id }, asker) => {
    await eraseGuest(change, asker, String(params["lessonId"]), target_id);
  },
};
