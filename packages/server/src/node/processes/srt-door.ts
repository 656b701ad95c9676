/** Provides the SRT port of a media worker. */
import { SrtDoor } from "../../live/srt/door.ts";
import { systemClock } from "../../platform/clock.ts";
import type { WorkerContext } from "./worker-context.ts";
import { mediaOptions, type WorkerParts } from "./worker-parts.ts";

/** Null where SRT is off. */
export async function openSrtDoor(
  context: WorkerContext,
  parts: Pick<WorkerParts, "streams" | "access" | "limit" | "jobs">,
): Promise<SrtDoor | null> {
  const { start, config } = context;
  const { host, port } = start.config.srt;
  if (port === 0) return null;
  const door = new SrtDoor({ host, port }, parts.access.protection.limits, {
    ...mediaOptions(context, parts),
    secret: start.secret,
    passphrase: () => config().srt.passphrase,
    latencyMs: () => config().srt.latencyMs,
    clock: systemClock,
  });
  door.metrics(context.metrics.registry);
  await door.listen();
  return door;
}
