/** Provides the RTMP and RTMPS ports of a media worker. */
import { RtmpDoor, type RtmpListen } from "../../live/rtmp/door.ts";
import { readTlsPair, watchTlsPair } from "../../platform/tls-files.ts";
import type { WorkerContext } from "./worker-context.ts";
import { mediaOptions, type WorkerParts } from "./worker-parts.ts";

/** How long a client that can be redirected waits for the address. */
const REDIRECT_WITHIN_MS = 1000;

export async function openRtmpDoors(
  context: WorkerContext,
  parts: Pick<WorkerParts, "streams" | "access" | "limit" | "jobs">,
): Promise<readonly RtmpDoor[]> {
  const { start, log } = context;
  const { rtmp } = start.config;
  const plain = await openDoor(context, parts, { host: rtmp.host, port: start.rtmpPort, tls: null });
  if (!rtmp.tls) return [plain];
  const pair = readTlsPair(rtmp.tls);
  const secure = await openDoor(context, parts, { host: rtmp.host, port: rtmp.tls.port, tls: pair });
  watchTlsPair(rtmp.tls, pair, log, (next) => secure.useCertificate(next));
  return [plain, secure];
}

async function openDoor(
  context: WorkerContext,
  parts: Pick<WorkerParts, "streams" | "access" | "limit" | "jobs">,
  listen: RtmpListen,
): Promise<RtmpDoor> {
  const { config } = context;
  const { callbacks, protection } = parts.access;
  const door = new RtmpDoor(listen, protection.limits, {
    ...mediaOptions(context, parts),
    batchMs: () => config().viewer.batchMs,
    callbacks,
    chunkSize: config().rtmp.chunkSize,
    // The target may have no RTMPS.
    redirectTarget: listen.tls ? () => null : dispatchTarget(context),
  });
  await door.listen(listen);
  return door;
}

/** Asks the dispatch for a better node for a client that follows redirects. */
function dispatchTarget({ config, ask, start }: WorkerContext) {
  return (app: string, ip: string, agent: string): Promise<string | null> | null => {
    if (!config().dispatch.redirects.some((name) => agent.startsWith(name))) return null;
    // Encoders name themselves FMLE. Without an answer in time the client stays here.
    const to = agent.startsWith("FMLE") ? ("publish" as const) : ("play" as const);
    return ask("rtmpRedirectTarget", { app, ip, to, at: start.node }, REDIRECT_WITHIN_MS).catch(() => null);
  };
}
