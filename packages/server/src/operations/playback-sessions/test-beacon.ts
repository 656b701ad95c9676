/** A valid beacon for tests. */
import type { ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";

export function testBeacon(of: Partial<ViewBeacon> = {}): ViewBeacon {
  return {
    v: 1,
    sid: "s".repeat(20),
    sn: 0,
    ts: 1_790_000_000_000,
    cid: "live/math",
    st: "l",
    sf: "flv",
    sta: "playing",
    trace: `${"0".repeat(31)}1`,
    edge: "school.example:8080",
    intervalMs: 10_000,
    watchedMs: 10_000,
    heardMs: 10_000,
    stalls: 0,
    bsd: 0,
    stallList: [],
    frames: 250,
    droppedFrames: 0,
    bytes: 1_250_000,
    switches: 0,
    reconnects: 0,
    ec: [],
    bl: 1500,
    br: 1000,
    mtp: null,
    ltc: null,
    pr: 1,
    rung: null,
    longTaskMs: 0,
    device: { class: "desktop" },
    network: { type: "unknown" },
    ...of,
  };
}
