/** Writes a viewer's session of a lesson, and the make-up lesson that was proposed for it, for tests of what each role may do. */

import type { ViewMoment } from "../packages/server/src/contracts/playback-sessions/view-batch.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

type ViewIds = { readonly viewId: string; readonly lessonId: string };

export async function freshView(db: Database, school_id: string, { viewId, lessonId: lesson_id }: ViewIds): Promise<void> {
  const at = new Date();
  await db
    .insertInto("view_sessions")
    .values({
      id: viewId,
      cid: "live/x",
      lesson_id,
      school_id,
      participant_id: null,
      trace: "0".repeat(32),
      node: "n1",
      edge: "",
      engine: "flv",
      device: "phone",
      os: "",
      browser: "",
      line: "wifi",
      network: "",
      carrier: "",
      region: "",
      started_at: at,
      last_at: at,
      ended_at: at,
      end_reason: "left",
      first_frame_ms: 300,
      complaint: null,
      watched_ms: 1,
      heard_ms: 0,
      stalls: 0,
      stall_ms: 0,
      frames: 1,
      dropped_frames: 0,
      bytes: 1,
      switches: 0,
      reconnects: 0,
      errors: 0,
      moments: json<readonly ViewMoment[]>([]),
    })
    .execute();
  const decision = { decided_at: null, decided_by: null };
  await db
    .insertInto("make_ups")
    .values({ lesson_id, school_id, viewers: 2, affected: 1, stall_ms: 200_000, state: "proposed", proposed_at: at, ...decision })
    .execute();
}
