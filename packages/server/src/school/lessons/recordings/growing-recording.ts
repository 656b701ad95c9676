/** Finds the recording of a live stream that another node has begun, so that the next one to record the stream goes on with it. */
import type { GrowingRecording, GrowingRecordingMessages } from "../../../contracts/recordings/recording-messages.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { hasEpoch, recordedUntil } from "./recording-parts.ts";

/** Null: there is none, or it was stopped. */
export async function growingRecording(
  db: Db,
  { app, name, epoch }: Parameters<GrowingRecordingMessages["growingRecording"]>[0],
): Promise<GrowingRecording | null> {
  const rows = await db
    .selectFrom("recordings")
    .selectAll()
    .where("app", "=", app)
    .where("name", "=", name)
    .where("whole", "=", false)
    .orderBy("started_at", "desc")
    .execute();
  const found = rows.find((row) => hasEpoch(row, epoch));
  return found ? { id: found.id, files: found.files.length, until: recordedUntil(found) } : null;
}
