/** Joins lessons as guests, and posts beacons as their players do. */

import type { ViewBeacon } from "../packages/server/src/contracts/playback-sessions/view-beacon.ts";
import { testBeacon } from "../packages/server/src/operations/playback-sessions/test-beacon.ts";
import type { Lectern } from "./lectern.ts";
import { done } from "./lesson-client.ts";

export type BeaconViewer = {
  /** The session's id. */
  readonly view: string;
  /** Sends the session's next beacon. */
  readonly tell: (of?: Partial<ViewBeacon>) => Promise<void>;
};

let sessions = 0;

/** A guest of a live lesson with this name, whose player is the one of the beacon. */
export async function beaconViewer(
  server: Pick<Lectern, "http">,
  code: string,
  name: string,
  player: Partial<ViewBeacon> = {},
): Promise<BeaconViewer> {
  const { play } = await done(server, "POST", `/lessons/${code}/join`, { name });
  const { pathname, search, host } = new URL(play.flv, server.http);
  const sid = `test-view-${sessions++}`.padEnd(24, "x");
  const session = { sid, cid: pathname.slice(1).replace(/\.flv$/, ""), link: search.slice(1), edge: host, ...player };
  let sn = 0;
  const tell = async (of: Partial<ViewBeacon> = {}): Promise<void> => {
    // A picture that stands still is neither watched nor heard.
    const playedMs = testBeacon().intervalMs - (of.bsd ?? 0);
    const played = { watchedMs: playedMs, heardMs: playedMs };
    const beacon = testBeacon({ ...session, ...played, sn, ts: Date.now(), ...(sn === 0 ? { msd: 400 } : {}), ...of });
    sn++;
    const response = await fetch(`${server.http}/api/v1/views`, { method: "POST", body: JSON.stringify(beacon) });
    if (response.status !== 204) throw new Error(`beacon: ${response.status} ${await response.text()}`);
  };
  return { view: sid, tell };
}
