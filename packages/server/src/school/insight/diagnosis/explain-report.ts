/**
 * Explains the trouble of a viewer who has reported it, and whose player told nothing: what others saw and what was measured at that time, judged as
 * of a viewer who had no picture at all.
 */
import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import type { FoundComplaint } from "../playback-sessions/complaints.ts";
import { type DiagnosisContext, type ExplainedView, explainView } from "./explain-view.ts";

/** People try for a moment before they report. */
const BEFORE_MS = 60_000;
/** Viewers at that time, of whom most watch at the node that the reporter would have been sent to. */
const AFTER_MS = 30_000;

export type ExplainedReport = { readonly explained: ExplainedView; readonly cid: string; readonly edge: string };

/** @param now milliseconds since 1970 */
export async function explainReport(
  context: DiagnosisContext,
  { lessonId, at }: FoundComplaint,
  now: number,
): Promise<ExplainedReport> {
  const { db } = context;
  const { stream_app, stream_name } = await db
    .selectFrom("lessons")
    .select(["stream_app", "stream_name"])
    .where("id", "=", lessonId)
    .executeTakeFirstOrThrow();
  const cid = `${stream_app}/${stream_name}`;
  const [from, to] = [new Date(at.getTime() - BEFORE_MS), new Date(at.getTime() + AFTER_MS)];
  const usual = await db
    .selectFrom("view_sessions")
    .select(["node"])
    .where("cid", "=", cid)
    .where("started_at", "<", to)
    .where("last_at", ">", from)
    .groupBy("node")
    .orderBy(({ fn }) => fn.countAll(), "desc")
    .limit(1)
    .executeTakeFirst();
  const edge = usual?.node ?? "";
  const spanMs = to.getTime() - from.getTime();
  const dark: ViewMoment = {
    at: to.getTime(),
    intervalMs: spanMs,
    watchedMs: 0,
    stallMs: spanMs,
    decodingMs: 0,
    bufferMs: 0,
    throughputKbps: null,
    bitrateKbps: null,
    latencyMs: null,
    frames: 0,
    droppedFrames: 0,
    longTaskMs: 0,
    reconnects: 0,
    sta: "starting",
    errors: [],
  };
  const nobody = { id: "", cid, node: edge, participant_id: null, moments: [dark], started_at: from, last_at: to };
  const explained = await explainView(context, nobody, null, now);
  const { verdict } = explained;
  // Nothing is known of the viewer's own line and device but that others had a picture.
  const certainty = verdict.certainty === "high" && verdict.place.startsWith("viewer") ? "low" : verdict.certainty;
  const reasons = [
    { code: "no-session" as const, of: null, figures: {} },
    ...verdict.reasons.filter(({ code }) => code !== "stalled"),
  ];
  return { explained: { ...explained, verdict: { ...verdict, certainty, reasons } }, cid, edge };
}
