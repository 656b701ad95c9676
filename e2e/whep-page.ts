/** Provides a page of Chromium that watches by WHEP, in plain JavaScript. It is on another origin than the server. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import type { Scope } from "./lectern.ts";

const SCRIPT = `
let connection, resource, firstFrameMs = null;
async function watch(url) {
  const begun = performance.now();
  const video = document.querySelector("video");
  const media = new MediaStream();
  video.srcObject = media;
  video.requestVideoFrameCallback(() => { firstFrameMs = performance.now() - begun; });
  connection = new RTCPeerConnection();
  connection.addTransceiver("video", { direction: "recvonly" });
  connection.addTransceiver("audio", { direction: "recvonly" });
  connection.ontrack = ({ track }) => media.addTrack(track);
  await connection.setLocalDescription();
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/sdp" }, body: connection.localDescription.sdp });
  const text = await answer.text();
  if (answer.status === 201) await connection.setRemoteDescription({ type: "answer", sdp: text });
  const location = answer.headers.get("location");
  resource = location && new URL(location, url).href;
  return { status: answer.status, problem: answer.status === 201 ? null : JSON.parse(text), location: resource };
}
async function statistics() {
  const found = { state: connection.connectionState, firstFrameMs, frames: 0, width: 0, lost: 0, nack: 0, pli: 0, keyFrames: 0, freezes: 0, frozenSeconds: 0, samples: 0, energy: 0 };
  for (const report of (await connection.getStats()).values()) {
    if (report.type !== "inbound-rtp") continue;
    if (report.kind === "audio") {
      found.samples = report.totalSamplesReceived - report.concealedSamples;
      found.energy = report.totalAudioEnergy;
      continue;
    }
    found.frames = report.framesDecoded ?? 0;
    found.width = report.frameWidth ?? 0;
    found.lost = report.packetsLost;
    found.nack = report.nackCount;
    found.pli = report.pliCount;
    found.keyFrames = report.keyFramesDecoded ?? 0;
    found.freezes = report.freezeCount ?? 0;
    found.frozenSeconds = report.totalFreezesDuration ?? 0;
  }
  return found;
}
`;

/** What the page is answered. */
export type Watched = {
  readonly status: number;
  readonly problem: { readonly code: string; readonly detail: string } | null;
  readonly location: string | null;
};

export type WhepStatistics = {
  readonly state: string;
  /** From the call to the first picture; null before it. */
  readonly firstFrameMs: number | null;
  /** Decoded ones. */
  readonly frames: number;
  readonly width: number;
  readonly lost: number;
  readonly nack: number;
  readonly pli: number;
  readonly keyFrames: number;
  readonly freezes: number;
  readonly frozenSeconds: number;
  /** Of sound, without those that were made up. */
  readonly samples: number;
  readonly energy: number;
};

export async function whepPage(t: Scope, browser: Browser): Promise<Page> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(
      `<!doctype html><link rel="icon" href="data:,"><title>viewer</title><video autoplay muted playsinline></video><script>${SCRIPT}</script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return page;
}

export function watchWhep(page: Page, url: string): Promise<Watched> {
  return page.evaluate(`watch(${JSON.stringify(url)})`);
}

export function whepStatistics(page: Page): Promise<WhepStatistics> {
  return page.evaluate("statistics()");
}
