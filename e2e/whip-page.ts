/** Provides a page of Chromium with its fake camera that publishes by WHIP, in plain JavaScript. It is on another origin than the server. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import type { Scope } from "./lectern.ts";

const SCRIPT = `
let connection, resource;
async function publish({ url, key, videoCodec, turn, width = 320, height = 180 }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate: 15 } });
  connection = new RTCPeerConnection(turn ? { iceServers: [turn], iceTransportPolicy: "relay" } : {});
  for (const track of stream.getTracks()) {
    const transceiver = connection.addTransceiver(track, { direction: "sendonly", streams: [stream] });
    if (track.kind !== "video" || !videoCodec) continue;
    const codecs = RTCRtpSender.getCapabilities("video").codecs;
    transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === videoCodec || mimeType === "video/rtx"));
  }
  await connection.setLocalDescription();
  // A relay has to be asked first.
  const isGathered = () => !turn || connection.iceGatheringState === "complete";
  while (!isGathered()) await new Promise((resolve) => connection.addEventListener("icegatheringstatechange", resolve, { once: true }));
  const headers = { "content-type": "application/sdp", ...(key ? { authorization: "Bearer " + key } : {}) };
  const answer = await fetch(url, { method: "POST", headers, body: connection.localDescription.sdp });
  const text = await answer.text();
  if (answer.status === 201) await connection.setRemoteDescription({ type: "answer", sdp: text });
  const location = answer.headers.get("location");
  resource = location && new URL(location, url).href;
  return {
    status: answer.status,
    code: answer.status === 201 ? null : JSON.parse(text).code,
    location: resource,
    etag: answer.headers.get("etag"),
  };
}
async function restart() {
  await connection.setLocalDescription(await connection.createOffer({ iceRestart: true }));
  const headers = { "content-type": "application/sdp", "if-match": "*" };
  const answer = await fetch(resource, { method: "PATCH", headers, body: connection.localDescription.sdp });
  if (answer.status === 200) await connection.setRemoteDescription({ type: "answer", sdp: await answer.text() });
  return answer.status;
}
async function localCandidate() {
  const all = [...(await connection.getStats()).values()];
  const pair = all.find(({ type, nominated }) => type === "candidate-pair" && nominated);
  return all.find(({ id }) => id === pair?.localCandidateId)?.candidateType ?? null;
}
async function statistics() {
  const found = { state: connection.connectionState, pli: 0, nack: 0, frames: 0, targetKbps: 0 };
  for (const report of (await connection.getStats()).values()) {
    if (report.type !== "outbound-rtp" || report.kind !== "video") continue;
    found.pli = report.pliCount;
    found.nack = report.nackCount;
    found.frames = report.framesEncoded;
    found.targetKbps = report.targetBitrate / 1000;
  }
  return found;
}
`;

/** What the page answers. */
export type Published = {
  readonly status: number;
  readonly code: string | null;
  readonly location: string | null;
  readonly etag: string | null;
};

export async function whipPage(t: Scope, browser: Browser): Promise<Page> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end(`<!doctype html><link rel="icon" href="data:,"><title>publisher</title><script>${SCRIPT}</script>`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return page;
}

export type PublishOptions = {
  readonly url: string;
  readonly key?: string;
  /** Names of codecs, the first preferred: `video/VP8`. Default: the browser's order. */
  readonly videoCodec?: string;
  /** Packets go through this server alone. */
  readonly turn?: { readonly urls: string; readonly username: string; readonly credential: string };
  readonly width?: number;
  readonly height?: number;
};

/** Publishes camera and microphone. */
export function publishWhip(page: Page, options: PublishOptions): Promise<Published> {
  return page.evaluate(`publish(${JSON.stringify(options)})`);
}

/** Restarts ICE with a whole offer. The status of the answer. */
export function restartWhip(page: Page): Promise<number> {
  return page.evaluate("restart()");
}

/** The kind of address that is used on the page's side: `host`, `relay`. */
export function localCandidateOf(page: Page): Promise<string | null> {
  return page.evaluate("localCandidate()");
}

export type WhipStatistics = {
  readonly state: string;
  readonly pli: number;
  readonly nack: number;
  readonly frames: number;
  readonly targetKbps: number;
};

/** Figures of the page's connection. */
export function whipStatistics(page: Page): Promise<WhipStatistics> {
  return page.evaluate("statistics()");
}
