/** Gathers the evidence of one viewer's trouble, and judges it. */
import { sql } from "kysely";
import type { ViewMoment } from "../../../contracts/playback-sessions/view-batch.ts";
import type { Database } from "../../foundation/store/tables.ts";
import type { ViewSessionRow } from "../../foundation/store/view-tables.ts";
import type { Series } from "../metrics-history/metrics-history.ts";
import type { Evidence, OtherViewers, ViewerFigures } from "./evidence.ts";
import { judge } from "./judge.ts";
import { MeasuredMetrics, type Track } from "./measured-metrics.ts";
import { figuresOf, momentsWithin, type Span, troubleSpan, usualFps, worseHalf } from "./strip.ts";
import { symptomsOf } from "./symptoms.ts";
import type { Verdict } from "./verdict.ts";

export type DiagnosisContext = { readonly db: Database; readonly series: Series };

export type ExplainedView = {
  readonly span: Span;
  readonly verdict: Verdict;
  readonly evidence: Evidence;
  /** The node that takes the stream in. */
  readonly origin: string;
  readonly tracks: readonly Track[];
};

type Session = Pick<ViewSessionRow, "id" | "cid" | "node" | "participant_id" | "moments" | "started_at" | "last_at">;
type Other = { readonly node: string; readonly moments: readonly ViewMoment[] };

/** Of each stream: more tell nothing new. */
const MAX_OTHERS = 60;
const RECORDINGS = "vod/";
/** Around the trouble, so that it can be compared with before and after. */
const SHOWN_BESIDE_MS = 120_000;

/** @param near about when it was, milliseconds since 1970; null: where it was worst @param now milliseconds since 1970 */
export async function explainView(
  context: DiagnosisContext,
  session: Session,
  near: number | null,
  now: number,
): Promise<ExplainedView> {
  const own = usualFps(session.moments);
  const span = troubleSpan(session.moments, own, near) ?? { from: session.started_at.getTime(), to: session.last_at.getTime() };
  const measures = new MeasuredMetrics(context, span, now);
  const isLive = !session.cid.startsWith(RECORDINGS);
  const way = isLive ? await measures.way(session.cid, session.node) : { origin: session.node, hops: [] };
  const [edge, origin, hops, uplink, others] = await Promise.all([
    measures.node(session.node),
    way.origin === session.node ? null : measures.node(way.origin),
    Promise.all(way.hops.map((hop) => measures.hop(hop))),
    isLive ? measures.uplink(session.cid) : null,
    otherSessions(context.db, session, span),
  ]);
  // A shared screen sends a frame when something moves: none is missing.
  const usual = uplink ? uplink.encoderFps : own;
  const viewer = figuresOf(momentsWithin(session.moments, span), usual);
  const told = { span, usual, lostShare: lostShare(viewer), stallShare: symptomsOf(viewer).stallShare };
  const evidence: Evidence = {
    viewer,
    sameEdge: tally(
      others.filter(({ node }) => node === session.node),
      told,
    ),
    elsewhere: tally(
      others.filter(({ node }) => node !== session.node),
      told,
    ),
    edge,
    origin,
    hops,
    uplink,
  };
  const nodes = [...new Set([session.node, ...way.hops.flatMap(({ from, to }) => [from, to])])];
  const tracks = await measures.tracks([
    ...nodes.map((node) => ["node", node] as const),
    ...way.hops.flatMap(({ subjects }) => subjects.map((subject) => ["hop", subject] as const)),
    ...(isLive ? [["stream", session.cid] as const] : []),
  ]);
  const seen = tracks.map((track) => shown(track, session, span));
  return { span, verdict: judge(evidence), evidence, origin: way.origin, tracks: seen };
}

/** Sessions of the same stream that told of the span, with their moments in it; the viewer's own other sessions are left out. */
async function otherSessions(db: Database, session: Session, { from, to }: Span): Promise<readonly Other[]> {
  const within = sql<readonly ViewMoment[]>`jsonb_path_query_array(view_sessions.moments,
    '$[*] ? (@.at > $from && @.at < $to)', ${JSON.stringify({ from, to: to + SHOWN_BESIDE_MS })}::jsonb)`;
  let rows = db
    .selectFrom("view_sessions")
    .select(["node", within.as("moments")])
    .where("cid", "=", session.cid)
    .where("id", "!=", session.id)
    .where("started_at", "<", new Date(to))
    .where("last_at", ">", new Date(from));
  if (session.participant_id !== null)
    rows = rows.where((eb) => eb.or([eb("participant_id", "is", null), eb("participant_id", "!=", session.participant_id)]));
  return await rows.orderBy(sql`node = ${session.node}`, "desc").orderBy("last_at", "desc").limit(MAX_OTHERS).execute();
}

/** What the viewer has lost of the time, 0 to 1; and for which share of it the picture stood still. */
type SpanFigures = { readonly span: Span; readonly usual: number | null; readonly lostShare: number; readonly stallShare: number };

function tally(others: readonly Other[], { span, usual, lostShare: lost, stallShare }: SpanFigures): OtherViewers {
  const seen = others.map(({ moments }) => momentsWithin(moments, span)).filter((moments) => moments.length > 0);
  const figures = seen.map((moments) => figuresOf(moments, usual));
  const affected = figures.filter((each) => symptomsOf(each).reasons.length > 0);
  const alike = worseHalf(figures.map((each) => (lost === 0 ? 0 : Math.min(1, lostShare(each) / lost))));
  const stalls = figures.map((each) => (stallShare === 0 ? 0 : Math.min(1, symptomsOf(each).stallShare / stallShare)));
  return { viewers: seen.length, affected: affected.length, alike, alikeStalls: worseHalf(stalls) };
}

function lostShare(figures: ViewerFigures): number {
  const time = figures.watchedMs + figures.stallMs;
  return time === 0 ? 0 : symptomsOf(figures).lostMs / time;
}

/** What is shown begins and ends with the session, and not much before and after the trouble. */
function shown(track: Track, session: Session, { from, to }: Span): Track {
  const first = Math.max(session.started_at.getTime(), from - SHOWN_BESIDE_MS) - SHOWN_BESIDE_MS / 4;
  return { ...track, points: track.points.filter(({ at }) => at >= first && at <= to + SHOWN_BESIDE_MS) };
}
