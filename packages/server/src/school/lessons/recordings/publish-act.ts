/** Publishes recordings, to guests of their lesson too: at once, or once a second person has approved it. */
import type { Transaction } from "kysely";
import type { z } from "zod";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import type { ApprovalAct } from "../../foundation/approvals/act.ts";
import { needsSecondPerson } from "../../foundation/approvals/switches.ts";
import { definedFields } from "../../foundation/requests/fields.ts";
import { TEACHERS } from "../../foundation/requests/permissions.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Recording, Tables } from "../../foundation/store/tables.ts";
import { auditRecording, findTaughtRecording, type RecordingContext, updateRecording } from "./change-recording.ts";
import { changedRecording } from "./shapes.ts";

type RecordingChanges = Omit<z.output<typeof changedRecording>, "reason">;
type PublishContext = Pick<RecordingContext, "recordings" | "prefetch">;

/** @param isApproved guests of the lesson may watch it, where that needs approval */
export async function changeRecordingNow(
  { recordings, prefetch }: PublishContext,
  change: Change,
  before: Recording,
  { title, published, chapters }: RecordingChanges,
  isApproved: boolean,
): Promise<Recording> {
  const sorted = chapters && [...chapters].sort((a, b) => a.seconds - b.seconds);
  const outside = isApproved ? true : published === false ? false : undefined;
  const columns = definedFields({ title, published, chapters: sorted && json(sorted), outside_approved: outside });
  const after = await updateRecording(change, before, columns);
  await auditRecording(change, "recording.change", before, after);
  change.afterCommit(() => {
    recordings.ruleChanged(after.id);
    if (after.published && !before.published) prefetch.request([after]);
  });
  return after;
}

/** Whether a change would let guests watch a recording, in a school where a second person approves that. */
export async function publishesOutside(
  trx: Transaction<Tables>,
  recording: Recording,
  { published }: RecordingChanges,
): Promise<boolean> {
  const { school_id: schoolId, lesson_id: lessonId } = recording;
  if (published !== true || recording.outside_approved || lessonId === null) return false;
  if (!(await needsSecondPerson(trx, schoolId, "publish"))) return false;
  const lesson = await trx.selectFrom("lessons").select("guests").where("id", "=", lessonId).executeTakeFirst();
  return lesson?.guests === true;
}

/** What a recording is like: the reader of a request has seen this version. */
export function recordingState({ version, deleted_at }: Recording): string {
  return deleted_at === null ? `version ${version}` : "in the bin";
}

export function publishRecordingAct(context: PublishContext): ApprovalAct {
  return {
    askers: TEACHERS,
    stateOf: async (trx, { school_id, target_id }) => {
      const recording = await trx.selectFrom("recordings").selectAll().where("id", "=", target_id).executeTakeFirst();
      return recording?.school_id === school_id ? recordingState(recording) : null;
    },
    carryOut: async (change, { params, target_id }, asker) => {
      const before = await findTaughtRecording(change.trx, asker, target_id);
      const wanted = changedRecording.safeParse(params);
      if (!wanted.success) throw new RefusalError("approval-outdated");
      await changeRecordingNow(context, change, before, wanted.data, true);
    },
  };
}
