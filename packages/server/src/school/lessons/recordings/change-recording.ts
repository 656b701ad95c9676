/** Finds and updates recordings on behalf of API requests. */

import type { Updateable } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { RecordingTable } from "../../foundation/store/lesson-tables.ts";
import type { Db, Recording } from "../../foundation/store/tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import type { SignInService } from "../../people/accounts/sign-in.ts";
import { hasLessonRight } from "../lesson-rights.ts";
import type { StreamControl } from "../stream-control.ts";
import type { RecordingLibrary } from "./recording-library.ts";
import type { RecordingPrefetch } from "./recording-prefetch.ts";
import type { RecordingRetention } from "./recording-retention.ts";
import { findRecording } from "./visibility.ts";

export type RecordingContext = RouteContext & {
  readonly signIn: Pick<SignInService, "attempts">;
  readonly streams: StreamControl;
  readonly recordings: RecordingLibrary;
  readonly space: RecordingRetention;
  readonly prefetch: RecordingPrefetch;
};

/**
 * A recording that the actor may change: as an administrator, or as a teacher of its lesson.
 * @throws RefusalError no-such-recording, refused-by-rule
 */
export async function findTaughtRecording(db: Db, actor: Actor, recordingId: string, inBin = false): Promise<Recording> {
  const recording = await findRecording(db, actor, recordingId, inBin);
  if (!(await isTaught(db, actor, recording))) throw new RefusalError("refused-by-rule", schoolText("teachers-only"));
  return recording;
}

/** Whether the actor may change a recording that the actor sees. */
export async function isTaught(db: Db, actor: Actor, { lesson_id: lessonId }: Pick<Recording, "lesson_id">): Promise<boolean> {
  if (actor.role === "operator" || actor.role === "administrator") return true;
  if (lessonId === null) return false;
  const lesson = await db.selectFrom("lessons").selectAll().where("id", "=", lessonId).executeTakeFirst();
  return lesson !== undefined && (await hasLessonRight(db, actor, lesson, "teach"));
}

export function updateRecording(
  change: Change,
  recording: Recording,
  columns: Partial<Pick<Updateable<RecordingTable>, "title" | "published" | "outside_approved" | "chapters" | "deleted_at">>,
): Promise<Recording> {
  return updateRow(change, "recordings", recording, columns);
}

export function auditRecording(change: Change, action: string, before: Recording, after: Recording): Promise<void> {
  return change.audit({ action, schoolId: before.school_id, targetKind: "recording", targetId: before.id, before, after });
}
