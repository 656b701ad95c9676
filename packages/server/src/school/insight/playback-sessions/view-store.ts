/**
 * Keeps what viewers tell: adds each batch of a media worker to the figures of minutes, and to the rows of sessions. What has come in
 * meanwhile is written in one transaction. A batch that comes again, because its answer was lost, is counted once, also after a restart and by
 * another control process.
 */
import { sql } from "kysely";
import type { ViewBatch, ViewCell, ViewSession } from "../../../contracts/playback-sessions/view-batch.ts";
import { systemClock } from "../../../platform/clock.ts";
import { RecentMap } from "../../../platform/recent-map.ts";
import { json } from "../../../platform/store/store.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { addedBuckets } from "./added-buckets.ts";
import { markSessions } from "./complaints.ts";
import { mergeCells } from "./merge-cells.ts";
import { addReplays } from "./replays.ts";
import { type ViewSubject, ViewSubjects } from "./subjects.ts";

/** PostgreSQL takes 65 535 parameters in a statement. */
const ROWS_OF_STATEMENT = 500;
const MAX_BATCHES_KNOWN = 20_000;
/** Each so many rows are followed by a pause of a second, so that viewers' figures never take the database from the lessons. */
const ROWS_PER_SECOND = 1000;
const MAX_PAUSE_MS = 4000;
/** A batch that comes again comes within seconds; a worker's last one is known for so long. */
const SENDERS_KNOWN_MS = 7 * 86_400_000;
/** Of a session; an hour in steps of ten seconds, or a day where nothing happens. */
const MAX_MOMENTS = 360;

const SUMS = [
  "watched_ms",
  "heard_ms",
  "stalls",
  "stall_ms",
  "frames",
  "dropped_frames",
  "bytes",
  "switches",
  "reconnects",
  "errors",
] as const;

/** Nobody adds to another stream's or viewer's session, where another node takes beacons with its id. */
const IS_SAME_SESSION = sql<boolean>`view_sessions.cid = excluded.cid and view_sessions.trace = excluded.trace
  and (excluded.participant_id is null or view_sessions.participant_id is not distinct from excluded.participant_id)`;

type Waiting = { readonly batch: ViewBatch; readonly resolve: () => void; readonly reject: (error: unknown) => void };

export class ViewStore {
  private readonly db: Database;
  private readonly subjects = new ViewSubjects();
  private readonly known = new RecentMap<string, Promise<void>>(MAX_BATCHES_KNOWN);
  private waiting: Waiting[] = [];
  private writing: Promise<void> | null = null;

  constructor(db: Database) {
    this.db = db;
  }

  /** Resolves when the batch is stored. Rejects where it could not be; it may be sent again then. */
  take(batch: ViewBatch): Promise<void> {
    const before = this.known.get(batch.id);
    if (before) return before;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.known.set(batch.id, promise);
    this.waiting.push({ batch, resolve, reject });
    this.writing ??= this.writeAll().finally(() => {
      this.writing = null;
    });
    return promise;
  }

  async close(): Promise<void> {
    await this.writing;
  }

  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const taken = this.waiting;
      this.waiting = [];
      const rows = await this.write(taken).catch(async () => {
        // A lesson may have been deleted since it was looked up, and one batch must not keep the others back.
        this.subjects.forget();
        const each: number[] = [];
        for (const one of taken) each.push(await this.write([one]).catch((error: unknown) => this.fail(one, error)));
        return each.reduce((sum, count) => sum + count, 0);
      });
      await new Promise((resolve) => setTimeout(resolve, Math.min(MAX_PAUSE_MS, (rows / ROWS_PER_SECOND) * 1000)));
    }
  }

  private async write(taken: readonly Waiting[]): Promise<number> {
    const batches = taken.map(({ batch }) => batch);
    const rows = await writeBatches(this.db, this.subjects, batches);
    for (const { resolve } of taken) resolve();
    return rows;
  }

  /** It is taken when it comes again. */
  private fail({ batch, reject }: Waiting, error: unknown): number {
    this.known.delete(batch.id);
    reject(error);
    return 0;
  }
}

/** Writes batches in one transaction; gives the number of rows. */
export async function writeBatches(db: Database, subjects: ViewSubjects, batches: readonly ViewBatch[]): Promise<number> {
  const cids = batches.flatMap((batch) => [...batch.cells, ...batch.sessions].map(({ cid }) => cid));
  const known = await subjects.find(db, cids, systemClock.utc());
  return await db.transaction().execute(async (trx) => {
    const uncounted = await takeNumbers(trx, batches, systemClock.utc());
    const cells = mergeCells(uncounted.flatMap((batch) => batch.cells));
    for (let i = 0; i < cells.length; i += ROWS_OF_STATEMENT) await addCells(trx, cells.slice(i, i + ROWS_OF_STATEMENT), known);
    let rows = cells.length;
    // Two workers may tell of one session: each batch has its own statement.
    for (const batch of uncounted) {
      const kept = batch.sessions.filter(({ cid }) => known.get(cid)?.keeps !== "none");
      rows += kept.length;
      const participants = await participantsOf(trx, kept);
      for (let i = 0; i < kept.length; i += ROWS_OF_STATEMENT) {
        const rows = kept.slice(i, i + ROWS_OF_STATEMENT);
        await addSessions(trx, rows, known, participants);
        await markSessions(
          trx,
          rows.map(({ sid }) => sid),
        );
      }
    }
    await addReplays(
      trx,
      uncounted.flatMap((batch) => batch.sessions),
      known,
    );
    return rows;
  });
}

/** Notes the numbers of batches, and gives those that are not counted yet. In the order of their senders, so that two processes never wait for each other. */
async function takeNumbers(trx: Db, batches: readonly ViewBatch[], now: number): Promise<ViewBatch[]> {
  const uncounted: ViewBatch[] = [];
  for (const batch of batches.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const [id = "", latest = "0"] = batch.id.split(".");
    const row = { id, latest: Number(latest), at: new Date(now) };
    const taken = await trx
      .insertInto("view_senders")
      .values(row)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet({ latest: row.latest, at: row.at }).where("view_senders.latest", "<", row.latest),
      )
      .returning("id")
      .executeTakeFirst();
    if (taken) uncounted.push(batch);
    // A worker has begun: so often is often enough.
    if (row.latest === 1)
      await trx
        .deleteFrom("view_senders")
        .where("at", "<", new Date(now - SENDERS_KNOWN_MS))
        .execute();
  }
  return uncounted;
}

/** Viewers whom links name, and who are participants still. */
async function participantsOf(trx: Db, sessions: readonly ViewSession[]): Promise<ReadonlySet<string>> {
  const ids = [...new Set(sessions.flatMap(({ viewer }) => viewer ?? []))];
  if (ids.length === 0) return new Set();
  const rows = await trx.selectFrom("participants").select("id").where("id", "in", ids).execute();
  return new Set(rows.map(({ id }) => id));
}

type Subjects = ReadonlyMap<string, ViewSubject>;

async function addCells(trx: Db, cells: readonly ViewCell[], known: Subjects): Promise<void> {
  const sums = Object.fromEntries(
    [...SUMS, "beacons", "sessions"].map((column) => [
      column,
      sql<number>`${sql.ref(`view_minutes.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
    ]),
  );
  await trx
    .insertInto("view_minutes")
    .values(
      cells.map((cell) => ({
        cid: cell.cid,
        minute: new Date(cell.minute),
        node: cell.node,
        carrier: cell.carrier,
        region: cell.region,
        engine: cell.engine,
        device: cell.device,
        lesson_id: known.get(cell.cid)?.lessonId ?? null,
        school_id: known.get(cell.cid)?.schoolId ?? null,
        beacons: cell.beacons,
        sessions: cell.sessions,
        first_frames: json(cell.firstFrames),
        stall_lengths: json(cell.stallLengths),
        ...sumColumns(cell),
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["cid", "minute", "node", "carrier", "region", "engine", "device"]).doUpdateSet({
        ...sums,
        first_frames: addedBuckets("view_minutes", "first_frames"),
        stall_lengths: addedBuckets("view_minutes", "stall_lengths"),
      }),
    )
    .execute();
}

async function addSessions(
  trx: Db,
  sessions: readonly ViewSession[],
  known: Subjects,
  participants: ReadonlySet<string>,
): Promise<void> {
  const sums = Object.fromEntries(
    SUMS.map((column) => [column, sql<number>`${sql.ref(`view_sessions.${column}`)} + ${sql.ref(`excluded.${column}`)}`]),
  );
  await trx
    .insertInto("view_sessions")
    .values(sessions.map((session) => sessionRow(session, known.get(session.cid), participants)))
    .onConflict((conflict) =>
      conflict
        .column("id")
        .doUpdateSet({
          ...sums,
          node: sql.ref("excluded.node"),
          edge: sql.ref("excluded.edge"),
          engine: sql.ref("excluded.engine"),
          last_at: sql`greatest(view_sessions.last_at, excluded.last_at)`,
          // A beacon that came later, to another worker, shows that the session goes on.
          ended_at: sql`case when excluded.last_at >= view_sessions.last_at then excluded.ended_at else view_sessions.ended_at end`,
          end_reason: sql`case when excluded.last_at >= view_sessions.last_at then excluded.end_reason else view_sessions.end_reason end`,
          first_frame_ms: sql`coalesce(view_sessions.first_frame_ms, excluded.first_frame_ms)`,
          moments: sql`case when jsonb_array_length(view_sessions.moments) > ${MAX_MOMENTS}
          then jsonb_path_query_array(view_sessions.moments, '$[60 to last]') else view_sessions.moments end || excluded.moments`,
        })
        .where(IS_SAME_SESSION),
    )
    .execute();
}

function sessionRow(session: ViewSession, subject: ViewSubject | undefined, participants: ReadonlySet<string>) {
  const { device, network, viewer, end } = session;
  const isNamed = subject?.keeps === "names" && viewer !== null && participants.has(viewer);
  return {
    id: session.sid,
    cid: session.cid,
    lesson_id: subject?.lessonId ?? null,
    school_id: subject?.schoolId ?? null,
    participant_id: isNamed ? viewer : null,
    trace: session.trace,
    node: session.node,
    edge: session.edge,
    engine: session.engine,
    device: device.class,
    os: device.os ?? "",
    browser: device.browser ?? "",
    line: network.type,
    network: subject?.keeps === "names" ? session.network24 : "",
    carrier: session.carrier,
    region: session.region,
    started_at: new Date(session.startedAt),
    last_at: new Date(session.lastAt),
    ended_at: end === null ? null : new Date(session.lastAt),
    end_reason: end,
    first_frame_ms: session.firstFrameMs,
    moments: json(session.moments),
    complaint: null,
    ...sumColumns(session.sums),
  };
}

function sumColumns(
  sums: Pick<
    ViewCell,
    "watchedMs" | "heardMs" | "stalls" | "stallMs" | "frames" | "droppedFrames" | "bytes" | "switches" | "reconnects" | "errors"
  >,
) {
  return {
    watched_ms: sums.watchedMs,
    heard_ms: sums.heardMs,
    stalls: sums.stalls,
    stall_ms: sums.stallMs,
    frames: sums.frames,
    dropped_frames: sums.droppedFrames,
    bytes: sums.bytes,
    switches: sums.switches,
    reconnects: sums.reconnects,
    errors: sums.errors,
  };
}
