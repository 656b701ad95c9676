/** Connects viewers' beacons with streams and recordings: which sessions may tell, whom their links name, where their addresses are. */
import { credentialsOf } from "../../access/credentials/credentials.ts";
import { viewerSet } from "../../access/credentials/viewer-set.ts";
import { verifyLink } from "../../access/links/signed-link.ts";
import { isSchoolStream } from "../../access/policies/stream-policy.ts";
import { RECORDINGS } from "../../access/recording-access.ts";
import type { ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";
import { PlaybackSessionsDoor } from "../../operations/playback-sessions/door.ts";
import { ViewCounter } from "../../operations/playback-sessions/view-counter.ts";
import { ViewMetrics } from "../../operations/playback-sessions/view-metrics.ts";
import { traceFirstFrame } from "../../operations/playback-sessions/view-trace.ts";
import { systemClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { WorkerAccess } from "./worker-access.ts";
import type { WorkerContext } from "./worker-context.ts";
import type { WorkerStreams } from "./worker-streams.ts";

/** Figures are seen after so long. */
const SEND_MS = 2000;
const SWEEP_MS = 60_000;
/** While the server does without fresh statistics, each of so many turns sends. */
const SHED_TURNS = 10;

type Parts = { readonly streams: WorkerStreams; readonly access: WorkerAccess };

export type PlaybackSessions = {
  readonly door: PlaybackSessionsDoor;
  /** Sends what has been counted. */
  readonly close: () => Promise<void>;
};

export function openPlaybackSessions(context: WorkerContext, { streams, access }: Parts): PlaybackSessions {
  const { start, ask, log, metrics, tracer } = context;
  const figures = new ViewMetrics(metrics.registry, systemClock);
  const counter = new ViewCounter({
    node: start.node,
    clock: systemClock,
    onBeacon: (beacon, startedAt) => {
      figures.take(beacon);
      traceFirstFrame(tracer, beacon, startedAt);
    },
  });
  const { addresses } = access.protection;
  const door = new PlaybackSessionsDoor({
    counter,
    admit: async (beacon, request) => {
      // The tables are loaded once there is somebody to look up.
      void addresses.ready();
      return await admit(context, { streams, access }, beacon, request.ip);
    },
    locationOf: (ip) => {
      const { carrier = "", province = "", country = "" } = addresses.locationOf(ip) ?? {};
      return { carrier, region: province || country };
    },
  });
  let sending: Promise<void> | null = null;
  let isLate = false;
  let turn = 0;
  const send = (): Promise<void> => {
    sending ??= sendBatch().finally(() => {
      sending = null;
    });
    return sending;
  };
  const sendBatch = async (): Promise<void> => {
    const batch = counter.batch();
    if (!batch) return;
    try {
      await ask("views", batch);
      counter.sent(batch.id);
      isLate = false;
    } catch (error) {
      if (!isLate) log.warn({ reason: String(error) }, "viewer reports not accepted, resending");
      isLate = true;
    }
  };
  const sendOnTurn = (): void => {
    turn++;
    if (turn % SHED_TURNS === 0 || !context.degradation.sheds("statistics")) void send();
  };
  const timers = [setInterval(sendOnTurn, SEND_MS), setInterval(() => door.sweep(), SWEEP_MS)];
  for (const timer of timers) timer.unref();
  return {
    door,
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await send();
    },
  };
}

/** The viewer whom the link names; null: nobody. */
async function admit(
  { config }: WorkerContext,
  { streams, access }: Parts,
  { cid, link }: ViewBeacon,
  ip: string,
): Promise<string | null | Refusal> {
  const [app = "", name = ""] = cid.split("/");
  const { link: token } = credentialsOf(new URLSearchParams(link ?? ""), undefined);
  const verdict = token ? verifyLink(token, { app, name, ip, secrets: config().secrets.links, now: systemClock.utc() }) : null;
  // Somebody goes on watching when the link has expired, or from another address.
  const isGenuine = verdict !== null && verdict !== "bad-signature";
  const viewer = isGenuine && token && token.viewer !== "" ? token.viewer : null;
  if (app === RECORDINGS) {
    const info = await access.recordings.find(name);
    if (info instanceof Refusal) return info;
    return info.signed && !isGenuine ? new Refusal("bad-signature") : viewer;
  }
  if (isSchoolStream(name)) {
    if (!isGenuine) return new Refusal("bad-signature");
    const removed = access.streamPolicies.peek(app, name)?.removed ?? [];
    return viewer !== null && viewerSet(removed).ids.has(viewer) ? new Refusal("removed-from-lesson") : viewer;
  }
  // Strangers can name any stream: only those that are there are counted.
  return streams.locator.locate(app, name) ? viewer : new Refusal("no-such-stream");
}
