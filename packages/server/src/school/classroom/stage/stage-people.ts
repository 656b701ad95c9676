/** Stores who may publish beside the stream of a class, for the policy that media workers go by. */

import type { NewRoomEntry } from "@lectern/room";
import type { Transaction } from "kysely";
import type { Tables } from "../../foundation/store/tables.ts";
import type { RoomView } from "../domain.ts";
import { publishersOf, stageState, takeOff } from "./stage-state.ts";

export async function storeStage(trx: Transaction<Tables>, lessonId: string, people: readonly string[]): Promise<void> {
  const others = trx.deleteFrom("stage_people").where("lesson_id", "=", lessonId);
  await (people.length === 0 ? others : others.where("participant_id", "not in", [...people])).execute();
  if (people.length === 0) return;
  // Staff who act through the API without having joined have no stream to publish.
  const joined = trx.selectFrom("participants").select(["lesson_id", "id"]).where("lesson_id", "=", lessonId);
  await trx
    .insertInto("stage_people")
    .columns(["lesson_id", "participant_id"])
    .expression(joined.where("id", "in", [...people]))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The entries that take a person off the stage who is removed from the lesson. */
export async function removeFromStage({ retained, trx, lessonId }: RoomView, personId: string): Promise<readonly NewRoomEntry[]> {
  const state = stageState(retained);
  const entries = takeOff(state, [personId]);
  if (entries.length > 0) await storeStage(trx, lessonId, publishersOf(state));
  return entries;
}
