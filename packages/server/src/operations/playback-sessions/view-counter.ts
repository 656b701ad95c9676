/**
 * Adds up what beacons tell, in one media worker: the figures of each minute, and the state of each session. Everything is bounded: sessions by
 * their number, and what waits to be sent by the number of cells.
 */

import { bucketOf } from "../../contracts/playback-sessions/log-buckets.ts";
import type { ViewBatch, ViewCell, ViewMoment, ViewSession, ViewSums } from "../../contracts/playback-sessions/view-batch.ts";
import type { ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";
import type { Clock } from "../../platform/clock.ts";
import { newId } from "../../platform/id.ts";
import { RecentMap } from "../../platform/recent-map.ts";

/** Who sends a session's beacons, found out once. */
export type ViewOrigin = {
  /** The participant that the signed link names; null: nobody. */
  readonly viewer: string | null;
  /** /24 of IPv4, /48 of IPv6. */
  readonly network24: string;
  readonly carrier: string;
  readonly region: string;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Sums = Mutable<ViewSums>;
type Cell = Mutable<Omit<ViewCell, "firstFrames" | "stallLengths">> & {
  readonly firstFrames: Record<number, number>;
  readonly stallLengths: Record<number, number>;
};

/** The highest number so far, and which of the 31 before it have come. */
type Numbers = { highest: number; window: number };

type Session = Numbers & {
  readonly origin: ViewOrigin;
  /** When it began; earlier than the first beacon. */
  readonly startedAt: number;
  readonly openedAt: number;
  latest: ViewBeacon;
  lastAt: number;
  firstFrameMs: number | null;
  end: ViewSession["end"];
  sums: Sums;
  moments: ViewMoment[];
  /** When it was last in a batch; null: never. */
  reportedAt: number | null;
  played: Record<number, number>;
  received: number;
  /** Milliseconds that it says to have played or stalled. */
  claimedMs: number;
};

/** What is remembered of a session that is over, so that what comes late or again is not counted. */
type Over = Numbers & { readonly cid: string; readonly trace: string };

export type CounterOptions = {
  readonly node: string;
  readonly clock: Clock;
  /** Hears of each beacon that is counted. @param startedAt of its session, milliseconds since 1970 by the server's clock */
  readonly onBeacon?: (beacon: ViewBeacon, startedAt: number) => void;
  /** Default 50 000. */
  readonly maxSessions?: number;
};

const MAX_SESSIONS = 50_000;
const MAX_OVER = 50_000;
/** A lesson that begins or ends is told in several messages instead of one of 20 MB. */
const MAX_TOLD = 1000;
/** More than all combinations of carrier, region, engine and device that a node's lessons have in a minute. */
const MAX_CELLS = 20_000;
/** A session that says nothing for so long is over: three beacons are missing. */
const SILENT_MS = 35_000;
/** A session is told when it begins, and so often while it goes on. */
const TELL_MS = 60_000;
/** The same while its picture stands still again and again: people ask why while it happens. */
const TELL_TROUBLED_MS = 20_000;
/** Of a session between two batches, when none can be sent. */
const MAX_MOMENTS = 60;
/** Minutes of a recording, of a session between two batches: an hour at any speed, and jumps. */
const MAX_PLAYED = 240;
/** Players go no faster. */
const FASTEST = 4;
/** Time watched and the position in a recording are read at different moments. */
const PLAYED_SLACK_MS = 1000;
/** A player sends one in ten seconds, and one at the end; after a failure of its network those of a minute at once. */
const BEACON_MS = 5000;
const BURST = 8;
/** So much more than the time that has passed here may be claimed: it was played while another process took the beacons. */
const CLAIM_SLACK_MS = 120_000;
const MINUTE_MS = 60_000;
const NO_NUMBERS: Numbers = { highest: -1, window: 0 };

export class ViewCounter {
  private readonly options: CounterOptions;
  private readonly sessions = new Map<string, Session>();
  private readonly over = new RecentMap<string, Over>(MAX_OVER);
  private readonly cells = new Map<string, Cell>();
  /** Batches are numbered for each counter: the database knows which it has. */
  private readonly sender = newId();
  private batches = 0;
  /** The batch that was not acknowledged yet. */
  private unsent: ViewBatch | null = null;

  constructor(options: CounterOptions) {
    this.options = options;
  }

  /** Sessions that are not over. */
  get size(): number {
    return this.sessions.size;
  }

  /** Who sends a session's beacons, and with which link; null: it is not known here. */
  find(sid: string): { readonly origin: ViewOrigin; readonly link: string | undefined } | null {
    const session = this.sessions.get(sid);
    return session ? { origin: session.origin, link: session.latest.link } : null;
  }

  /**
   * Counts a beacon. `repeated`: it came before. `full`: there are too many sessions. `too-many`: the session sends more than players do.
   * `other-stream`: the session is one of another stream. `too-much-time`: it claims more time than has passed.
   */
  take(beacon: ViewBeacon, origin: ViewOrigin): "taken" | "repeated" | "full" | "too-many" | "other-stream" | "too-much-time" {
    const now = this.options.clock.utc();
    const known = this.sessions.get(beacon.sid);
    const before = known?.latest ?? this.over.get(beacon.sid);
    if (before && (before.cid !== beacon.cid || before.trace !== beacon.trace)) return "other-stream";
    if (!known && this.sessions.size >= (this.options.maxSessions ?? MAX_SESSIONS)) return "full";
    const session = known ?? open(beacon, origin, now, this.over.get(beacon.sid));
    if (session.received > BURST + (now - session.openedAt) / BEACON_MS) return "too-many";
    const claimedMs = session.claimedMs + beacon.watchedMs + beacon.bsd;
    if (claimedMs > now - session.openedAt + CLAIM_SLACK_MS) return "too-much-time";
    if (!isNew(session, beacon.sn)) return "repeated";
    this.sessions.set(beacon.sid, session);
    session.claimedMs = claimedMs;
    session.received++;
    session.latest = beacon;
    session.lastAt = now;
    session.firstFrameMs ??= beacon.msd ?? null;
    session.end = beacon.end ?? null;
    add(session.sums, beacon);
    session.moments.push(momentOf(beacon, now));
    if (session.moments.length > MAX_MOMENTS) session.moments.shift();
    if (beacon.cid.startsWith("vod/")) notePlayed(session.played, beacon);
    this.count(beacon, session.origin, now);
    this.options.onBeacon?.(beacon, session.startedAt);
    return "taken";
  }

  /** What is to be sent now; null: nothing. Until `sent` is called, the same batch is given again. */
  batch(): ViewBatch | null {
    if (this.unsent) return this.unsent;
    const now = this.options.clock.utc();
    const sessions: ViewSession[] = [];
    for (const [sid, session] of this.sessions) {
      if (sessions.length >= MAX_TOLD) break;
      const isOver = session.end !== null || now - session.lastAt >= SILENT_MS;
      const interval = session.sums.stallMs > 0 ? TELL_TROUBLED_MS : TELL_MS;
      const isDue = isOver || session.reportedAt === null || now - session.reportedAt >= interval;
      if (!isDue) continue;
      if (session.moments.length > 0 || isOver) sessions.push(this.tell(sid, session, now));
      if (!isOver) continue;
      const { highest, window, latest } = session;
      this.over.set(sid, { highest, window, cid: latest.cid, trace: latest.trace });
      this.sessions.delete(sid);
    }
    const cells = [...this.cells.values()];
    this.cells.clear();
    if (cells.length + sessions.length === 0) return null;
    this.unsent = { id: `${this.sender}.${++this.batches}`, cells, sessions };
    return this.unsent;
  }

  sent(id: string): void {
    if (this.unsent?.id === id) this.unsent = null;
  }

  private tell(sid: string, session: Session, now: number): ViewSession {
    const { latest, origin, startedAt, lastAt, firstFrameMs, sums, moments, played } = session;
    // Silence is how a session ends whose page could not say so.
    const end = session.end ?? (now - lastAt >= SILENT_MS ? "left" : null);
    session.sums = noSums();
    session.moments = [];
    session.played = {};
    session.reportedAt = now;
    return {
      sid,
      ...origin,
      trace: latest.trace,
      cid: latest.cid,
      node: this.options.node,
      engine: latest.sf,
      edge: latest.edge,
      device: latest.device,
      network: latest.network,
      startedAt,
      lastAt,
      firstFrameMs,
      end,
      sums,
      played,
      moments,
    };
  }

  private count(beacon: ViewBeacon, { carrier, region }: ViewOrigin, now: number): void {
    const { cid, sf: engine } = beacon;
    const device = beacon.device.class;
    const minute = now - (now % MINUTE_MS);
    const key = `${cid} ${minute} ${carrier} ${region} ${engine} ${device}`;
    let cell = this.cells.get(key);
    if (!cell) {
      // Then the figures of a place are counted with those of nowhere, rather than not at all.
      if (this.cells.size >= MAX_CELLS && (carrier !== "" || region !== "")) {
        return this.count(beacon, { viewer: null, network24: "", carrier: "", region: "" }, now);
      }
      const counts = { beacons: 0, sessions: 0, firstFrames: {}, stallLengths: {} };
      cell = { cid, minute, node: this.options.node, carrier, region, engine, device, ...noSums(), ...counts };
      this.cells.set(key, cell);
    }
    add(cell, beacon);
    cell.beacons++;
    if (beacon.sn === 0) cell.sessions++;
    if (beacon.msd !== undefined) increase(cell.firstFrames, bucketOf(beacon.msd));
    for (const { ms } of beacon.stallList) increase(cell.stallLengths, bucketOf(ms));
  }
}

function open(beacon: ViewBeacon, origin: ViewOrigin, now: number, { highest, window }: Numbers = NO_NUMBERS): Session {
  return {
    origin,
    startedAt: now - beacon.intervalMs,
    openedAt: now,
    latest: beacon,
    lastAt: now,
    highest,
    window,
    firstFrameMs: null,
    end: null,
    sums: noSums(),
    moments: [],
    reportedAt: null,
    played: {},
    received: 0,
    claimedMs: 0,
  };
}

/** Notes a beacon's number, and says whether it is the first with it. One that is 31 or more behind counts as known. */
function isNew(session: Numbers, sn: number): boolean {
  if (sn > session.highest) {
    const ahead = sn - session.highest;
    session.window = ahead > 31 ? 1 : (session.window << ahead) | 1;
    session.highest = sn;
    return true;
  }
  const behind = session.highest - sn;
  if (behind > 30 || (session.window & (1 << behind)) !== 0) return false;
  session.window |= 1 << behind;
  return true;
}

function noSums(): Sums {
  return {
    watchedMs: 0,
    heardMs: 0,
    stalls: 0,
    stallMs: 0,
    frames: 0,
    droppedFrames: 0,
    bytes: 0,
    switches: 0,
    reconnects: 0,
    errors: 0,
  };
}

function add(sums: Sums, beacon: ViewBeacon): void {
  sums.watchedMs += beacon.watchedMs;
  sums.heardMs += beacon.heardMs;
  sums.stalls += beacon.stalls;
  sums.stallMs += beacon.bsd;
  sums.frames += beacon.frames;
  sums.droppedFrames += beacon.droppedFrames;
  sums.bytes += beacon.bytes;
  sums.switches += beacon.switches;
  sums.reconnects += beacon.reconnects;
  sums.errors += beacon.ec.length;
}

function momentOf(beacon: ViewBeacon, at: number): ViewMoment {
  return {
    at,
    intervalMs: beacon.intervalMs,
    watchedMs: beacon.watchedMs,
    stallMs: beacon.bsd,
    decodingMs: beacon.stallList.reduce((sum, { ms, cause }) => sum + (cause === "decoding" ? ms : 0), 0),
    bufferMs: beacon.bl,
    throughputKbps: beacon.mtp,
    bitrateKbps: beacon.br,
    latencyMs: beacon.ltc,
    frames: beacon.frames,
    droppedFrames: beacon.droppedFrames,
    longTaskMs: beacon.longTaskMs,
    reconnects: beacon.reconnects,
    sta: beacon.sta,
    errors: beacon.ec,
  };
}

function increase(counts: Record<number, number>, bucket: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}

/** What cannot have been played in the time watched is forged, and not counted. */
function notePlayed(played: Record<number, number>, { played: minutes = [], watchedMs }: ViewBeacon): void {
  const totalMs = minutes.reduce((sum, { ms }) => sum + ms, 0);
  if (totalMs > (watchedMs + PLAYED_SLACK_MS) * FASTEST) return;
  for (const { minute, ms } of minutes) {
    if (!(minute in played) && Object.keys(played).length >= MAX_PLAYED) continue;
    played[minute] = (played[minute] ?? 0) + ms;
  }
}
