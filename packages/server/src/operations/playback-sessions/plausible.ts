/**
 * Tells beacons that no player can have sent from others: a figure can be no larger than the time that it belongs to allows. So a forged beacon weighs
 * no more in a lesson's figures than a viewer does.
 */
import type { ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";

/** Timers of a busy page are late. */
const SLACK_MS = 2000;
/** Most in a second, with a reserve for what was counted before a session's first beacon. */
const PER_SECOND = { frames: 300, events: 20, bytes: 125_000_000 } as const;

/** The fields that cannot be true together; null: the beacon is plausible. */
export function implausibleFields(beacon: ViewBeacon): readonly (keyof ViewBeacon)[] | null {
  const { intervalMs, watchedMs, heardMs, bsd, frames, droppedFrames, bytes, stalls, switches, reconnects } = beacon;
  const time = intervalMs + SLACK_MS;
  const most = (perSecond: number): number => (time / 1000) * perSecond;
  if (watchedMs + bsd > time) return ["watchedMs", "bsd", "intervalMs"];
  if (heardMs > watchedMs + SLACK_MS) return ["heardMs", "watchedMs"];
  if (frames + droppedFrames > most(PER_SECOND.frames)) return ["frames", "droppedFrames", "intervalMs"];
  if (bytes > most(PER_SECOND.bytes)) return ["bytes", "intervalMs"];
  const counts = { stalls, switches, reconnects };
  for (const name of ["stalls", "switches", "reconnects"] as const)
    if (counts[name] > most(PER_SECOND.events)) return [name, "intervalMs"];
  return null;
}
