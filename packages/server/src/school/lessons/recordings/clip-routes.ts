/** Serves the API routes that work on a recording's files: prefetch its beginning, and cut clips. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { requires, TEACHERS } from "../../foundation/requests/permissions.ts";
import { auditRecording, findTaughtRecording, type RecordingContext, updateRecording } from "./change-recording.ts";
import { applyRecordingUpdate } from "./recording-update.ts";
import { newClip, recordingResponse, recordingShape } from "./shapes.ts";
import { findRecording } from "./visibility.ts";

const TAG = "Recordings";

export function prefetchRecordingRoute({ db, recordings }: RecordingContext): ApiRoute {
  return route({
    id: "prefetchRecording",
    method: "POST",
    path: "/recordings/:recordingId/prefetch",
    tag: TAG,
    summary: "Prefetch the beginning of a recording, before many people watch it at the same time",
    access: requires("recordings:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("recordingId"),
    status: 200,
    body: z.strictObject({
      nodes: z
        .union([z.literal("all"), z.array(z.string().max(64)).max(1000)])
        .default([])
        .describe("Other nodes that prefetch it too; for operators."),
    }),
    answer: z
      .object({
        seconds: z.number().describe("How many seconds are cached now."),
        nodes: z.array(z.string()).describe("Nodes that have it cached."),
      })
      .meta({ id: "Prefetched" }),
    refusals: ["no-such-recording", "refused-by-rule", "storage-away", "database-away"],
    handle: async ({ actor, params, body: { nodes } }) => {
      if (nodes.length > 0 && actor.role !== "operator")
        throw new RefusalError("refused-by-rule", schoolText("operators-choose-nodes"));
      const { id, seconds } = await findRecording(db, actor, params.recordingId);
      const cached = await recordings.prefetch(id, nodes);
      if (cached.seconds === 0 && seconds > 0) throw new RefusalError("storage-away");
      return { body: { seconds: cached.seconds, nodes: [...cached.nodes] } };
    },
  });
}

export function clipRecordingRoute({ db, changes, recordings, space }: RecordingContext): ApiRoute {
  return route({
    id: "clipRecording",
    method: "POST",
    path: "/recordings/:recordingId/clip",
    tag: TAG,
    summary: "Cut a clip into a new recording: from the key frame before `from` to the end of the segment that contains `to`",
    access: requires("recordings:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("recordingId"),
    body: newClip,
    status: 201,
    answer: recordingShape,
    refusals: ["no-such-recording", "refused-by-rule", "conflict", "bad-request", "database-away"],
    handle: async ({ actor, params, body }) => {
      const source = await findTaughtRecording(db, actor, params.recordingId);
      if (!source.whole) throw new RefusalError("conflict", schoolText("still-recording"));
      if (body.from >= source.seconds) throw new RefusalError("bad-request", schoolText("clip-after-end"));
      const update = await recordings.clip(source.files, body.from, body.to);
      if (!update) throw new RefusalError("no-such-recording");
      await applyRecordingUpdate(changes, update);
      space.check(source.school_id);
      return await changes.transact({ actor }, async (change) => {
        const before = await change.trx.selectFrom("recordings").selectAll().where("id", "=", update.id).executeTakeFirstOrThrow();
        const after = await updateRecording(change, before, { title: body.title ?? source.title, published: false });
        await auditRecording(change, "recording.clip", before, after);
        return { body: recordingResponse(after) };
      });
    },
  });
}
