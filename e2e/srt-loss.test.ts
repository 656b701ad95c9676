/**
 * SRT over lines that lose packets, with 100 ms there and back: what libsrt's own receiver delivers of a stream, Lectern delivers of it. Two lines lose packets
 * at the same rate, one leads to each. Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { clip } from "./clips.ts";
import { ffmpeg } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import type { Scope } from "./lectern.ts";
import { lossyLine } from "./lossy-udp.ts";
import { freeUdpPort, srtUrl } from "./srt-publisher.ts";

const SECONDS = 20;
const DELAY_MS = 50;
const LATENCY_MS = 500;
const SEED = 2026;
const port = await freeUdpPort();

type Delivered = { readonly received: number; readonly lost: number; readonly dropped: number };

/** What `srt-live-transmit` has counted as a listener. */
async function libsrt(t: Scope, lostPercent: number): Promise<{ readonly url: string; readonly delivered: () => Delivered }> {
  const own = await freeUdpPort();
  const stats = join(mkdtempSync(join(tmpdir(), "srt-")), "stats");
  const options = ["-s:20", "-f", "-pf:json", `-statsout:${stats}`];
  const source = `srt://127.0.0.1:${own}?mode=listener&latency=${LATENCY_MS}`;
  const child = spawn("srt-live-transmit", [...options, source, "file://con"], { stdio: ["ignore", "ignore", "ignore"] });
  t.after(() => child.kill("SIGKILL"));
  const line = await lossyLine(t, own, DELAY_MS, lostPercent, SEED);
  const delivered = () => {
    const last = readFileSync(stats, "utf8").trim().split("\n").at(-1) ?? "{}";
    const { recv } = JSON.parse(last.replace(/,$/, ""));
    return { received: recv.packets, lost: recv.packetsLost, dropped: recv.packetsDropped };
  };
  return { url: `srt://127.0.0.1:${line.port}?latency=${LATENCY_MS * 1000}`, delivered };
}

for (const lostPercent of [0, 5, 10])
  test(`with ${lostPercent} % lost each way and 100 ms there and back, Lectern delivers what libsrt delivers`, async (t) => {
    const lectern = await sharedLectern({ "srt.host": "127.0.0.1", "srt.port": String(port), "publish.graceSeconds": "1" });
    const name = `lossy${lostPercent}`;
    const line = await lossyLine(t, port, DELAY_MS, lostPercent, SEED);
    const reference = await libsrt(t, lostPercent);
    const before = await counted(lectern);
    const input = ["-re", "-i", clip("tiny", SECONDS), "-c", "copy", "-f", "mpegts"];
    const url = srtUrl(line.port, `publish:live/${name}`, `latency=${LATENCY_MS * 1000}`);
    const runs = [ffmpeg(t, [...input, url]), ffmpeg(t, [...input, reference.url])];
    const { uplink } = await lectern.stream(name, ({ uplink: { lossPercent }, video }) => video !== null && lossPercent !== null);
    assert.equal(uplink.latencyMs, LATENCY_MS);
    for (const { code, said } of await Promise.all(runs.map(({ done }) => done))) assert.equal(code, 0, said);
    const [ours, theirs] = [await counted(lectern, before), reference.delivered()];
    t.diagnostic(JSON.stringify({ ours, theirs, line: line.counts }));
    assert.ok(ours.received > 100);
    if (lostPercent > 0) assert.ok(ours.lost > 0 && theirs.lost > 0, "packets were lost");
    // A handful more is chance: which packets are lost is not the same on both lines.
    assert.ok(ours.dropped <= theirs.dropped + Math.ceil(ours.received * 0.002), `${ours.dropped} against ${theirs.dropped}`);
  });

async function counted(lectern: { readonly metric: (name: string) => Promise<number> }, before?: Delivered): Promise<Delivered> {
  const of = async (kind: keyof Delivered) =>
    (await lectern.metric(`lectern_srt_packets_total{kind="${kind}"}`)) - (before?.[kind] ?? 0);
  return { received: await of("received"), lost: await of("lost"), dropped: await of("dropped") };
}
