/**
 * Provides members of small lessons that publish by WHIP and watch each other by WHEP, without encoders and decoders: a process of its own, which is
 * told by its parent when they come and leave. It ends by `process.exit` or is killed: the cleanup of libdatachannel waits for other sides that are
 * gone.
 */

import { type RtpSender, stampRtp, writeRtcp } from "@lectern/media";
import { Audio, PeerConnection, type Track, Video } from "node-datachannel";
import { PICTURES_PER_SECOND, tinyLesson } from "./tiny-lesson.ts";

/** What a member publishes, and the addresses that it watches. */
export type MemberPlan = { readonly publish: string; readonly key: string; readonly watch: readonly string[] };

export type MembersOrder =
  | {
      readonly kind: "come";
      readonly lesson: number;
      readonly members: readonly MemberPlan[];
      readonly absent: readonly MemberPlan[];
    }
  /** delete: with DELETE, as pages do. close: the connections are closed without a word by HTTP. */
  | { readonly kind: "leave"; readonly lesson: number; readonly how: "delete" | "close" };

export type MembersReport =
  | { readonly kind: "came"; readonly lesson: number }
  /** `links`: of who watches whom; `seen`: those on which picture and sound came until the end. `refusals`: codes, or statuses. */
  | {
      readonly kind: "left";
      readonly lesson: number;
      readonly links: number;
      readonly seen: number;
      readonly refusals: readonly string[];
    };

type Offered = { readonly connection: PeerConnection; readonly audio: Track; readonly video: Track };
/** Holds its tracks: the library closes a track that JavaScript has no reference to any more, and then nothing comes on it. */
type Session = Offered & { readonly resource: string; readonly key: string | null };
/** Packets that came, and when the last one did: monotonic milliseconds. */
type Heard = { packets: number; lastAt: number };
type Link = { readonly pictures: Heard; readonly sounds: Heard; readonly state: () => string };
type Sender = {
  readonly track: Track;
  readonly by: RtpSender;
  readonly ticksPerSecond: number;
  sequence: number;
  packets: number;
  bytes: number;
};
type Publisher = { readonly video: Sender; readonly audio: Sender; next: number };
type Lesson = {
  readonly sessions: Session[];
  readonly links: Link[];
  readonly publishers: Publisher[];
  readonly refusals: string[];
  isOver: boolean;
};

const PAYLOAD_TYPE = { video: 96, audio: 111 } as const;
const TICKS = { video: 90_000, audio: 48_000 } as const;
/** A page asks again, too, after a passing refusal, and while the other member has not begun. */
const AGAIN_MS = 500;
const AGAIN_TIMES = 40;
/** What came until so long before the end came until the end. The server may have closed the session some seconds before. */
const END_MS = 6000;
/** Between two sender reports, in pictures. */
const REPORT_EACH = 2 * PICTURES_PER_SECOND;

const { pictures, sound } = tinyLesson();
const lessons = new Map<number, Lesson>();
let ssrc = 1;

function gathered(connection: PeerConnection): Promise<string> {
  return new Promise((resolve) => {
    connection.onGatheringStateChange((state) => state === "complete" && resolve(connection.localDescription()?.sdp ?? ""));
    connection.setLocalDescription("offer");
  });
}

function senderOf(track: Track, kind: "video" | "audio", own: number): Sender {
  const by = { payloadType: PAYLOAD_TYPE[kind], ssrc: own, transportSequenceId: null, fixed: [] };
  return { track, by, ticksPerSecond: TICKS[kind], sequence: own & 0xff, packets: 0, bytes: 0 };
}

/** @returns what offers both tracks, and its tracks */
function offering(direction: "SendOnly" | "RecvOnly") {
  const connection = new PeerConnection("member", { iceServers: [] });
  const [audio, video] = [new Audio("0", direction), new Video("1", direction)];
  audio.addOpusCodec(PAYLOAD_TYPE.audio);
  video.addH264Codec(PAYLOAD_TYPE.video);
  const own = { audio: ssrc++, video: ssrc++ };
  if (direction === "SendOnly") {
    audio.addSSRC(own.audio, "member", "stream", "audio");
    video.addSSRC(own.video, "member", "stream", "video");
  }
  return { connection, own, audio: connection.addTrack(audio), video: connection.addTrack(video) };
}

async function post(url: string, key: string | null, sdp: string): Promise<Response> {
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  return await fetch(url, { method: "POST", headers: { "content-type": "application/sdp", ...authorization }, body: sdp });
}

/** @returns whether the session was opened */
async function open(lesson: Lesson, offered: Offered, url: string, key: string | null): Promise<boolean> {
  const { connection } = offered;
  const sdp = await gathered(connection);
  let refusal = "left";
  for (let i = 0; i < AGAIN_TIMES && !lesson.isOver; i++) {
    const answer = await post(url, key, sdp);
    const text = await answer.text();
    if (answer.status === 201) {
      lesson.sessions.push({ ...offered, resource: new URL(answer.headers.get("location") ?? "", url).href, key });
      connection.setRemoteDescription(text, "answer");
      return true;
    }
    refusal = /"code":"([^"]+)"/.exec(text)?.[1] ?? String(answer.status);
    await pause(AGAIN_MS);
  }
  connection.close();
  lesson.refusals.push(refusal);
  return false;
}

async function publish(lesson: Lesson, { publish: url, key }: MemberPlan): Promise<void> {
  const { own, ...offered } = offering("SendOnly");
  const { audio, video } = offered;
  for (const track of [audio, video]) track.onMessage(() => {});
  if (!(await open(lesson, offered, url, key))) return;
  lesson.publishers.push({ video: senderOf(video, "video", own.video), audio: senderOf(audio, "audio", own.audio), next: 0 });
}

async function watch(lesson: Lesson, url: string): Promise<void> {
  const offered = offering("RecvOnly");
  const { connection, audio, video } = offered;
  lesson.links.push({ pictures: heardOn(video), sounds: heardOn(audio), state: () => connection.state() });
  await open(lesson, offered, url, null);
}

function heardOn(track: Track): Heard {
  const heard = { packets: 0, lastAt: Number.NEGATIVE_INFINITY };
  track.onMessage((packet) => {
    if (!isMedia(packet)) return;
    heard.packets++;
    heard.lastAt = performance.now();
  });
  return heard;
}

/** Offers, and is not there when the server answers. */
async function stayAway({ publish: url, key, watch: others }: MemberPlan): Promise<void> {
  for (const [to, by] of [[url, key], ...others.map((other) => [other, null])] as [string, string | null][]) {
    const { connection } = offering(by === null ? "RecvOnly" : "SendOnly");
    const sdp = await gathered(connection);
    connection.close();
    await (await post(to, by, sdp)).arrayBuffer();
  }
}

function isMedia(packet: Buffer): boolean {
  const type = packet[1] ?? 0;
  return type < 192 || type > 223;
}

/** One picture of each publisher, the sound of its moment, and now and then the reports that put both on one clock. */
function sendAll(): void {
  const now = Date.now();
  for (const { publishers } of lessons.values())
    for (const publisher of publishers) {
      const { video, audio } = publisher;
      if (!video.track.isOpen() || !audio.track.isOpen()) continue;
      const n = publisher.next++;
      if (n % REPORT_EACH === 0) for (const one of [video, audio]) sendReport(one, n, now);
      for (const payload of pictures[n % pictures.length] ?? []) send(video, payload, n);
      send(audio, sound, n);
    }
}

function timestampAt({ ticksPerSecond }: Sender, n: number): number {
  return ((n * ticksPerSecond) / PICTURES_PER_SECOND) % 2 ** 32;
}

function send(sender: Sender, payload: (typeof pictures)[number][number], n: number): void {
  const packet = stampRtp(payload, sender.by, sender.sequence++ & 0xffff, timestampAt(sender, n), 0);
  sender.packets++;
  sender.bytes += packet.length;
  sendBytes(sender, packet);
}

function sendReport(sender: Sender, n: number, now: number): void {
  const { by, packets, bytes } = sender;
  const own = {
    kind: "sender-report",
    ssrc: by.ssrc,
    ntpMs: now,
    timestamp: timestampAt(sender, n),
    packets,
    bytes,
    reports: [],
  } as const;
  sendBytes(sender, writeRtcp([own]));
}

function sendBytes({ track }: Sender, bytes: Uint8Array): void {
  try {
    track.sendMessageBinary(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    // The connection has ended meanwhile.
  }
}

async function come(id: number, members: readonly MemberPlan[], absent: readonly MemberPlan[]): Promise<void> {
  const lesson: Lesson = { sessions: [], links: [], publishers: [], refusals: [], isOver: false };
  lessons.set(id, lesson);
  const note = (error: unknown) => void lesson.refusals.push(String(error));
  await Promise.all([
    ...members.map((member) => publish(lesson, member).catch(note)),
    ...members.flatMap(({ watch: others }) => others.map((url) => watch(lesson, url).catch(note))),
    ...absent.map((member) => stayAway(member).catch(note)),
  ]);
  report({ kind: "came", lesson: id });
}

async function leave(id: number, how: "delete" | "close"): Promise<void> {
  const lesson = lessons.get(id);
  if (!lesson) return;
  lessons.delete(id);
  lesson.isOver = true;
  const unseen = unseenIn(lesson);
  for (const text of unseen) process.stderr.write(`lesson ${id}, ${how}: ${text}\n`);
  if (how === "delete")
    for (const { resource, key } of lesson.sessions) {
      const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
      await fetch(resource, { method: "DELETE", headers }).then(
        (answer) => answer.arrayBuffer(),
        () => {},
      );
    }
  for (const { connection } of lesson.sessions) connection.close();
  report({
    kind: "left",
    lesson: id,
    links: lesson.links.length,
    seen: lesson.links.length - unseen.length,
    refusals: lesson.refusals,
  });
}

/** The links on which picture or sound did not come until now, in words. */
function unseenIn({ links, publishers }: Lesson): string[] {
  const now = performance.now();
  const isSeen = ({ lastAt }: Heard) => now - lastAt < END_MS;
  const of = ({ packets, lastAt }: Heard) => `${packets}, the last ${((now - lastAt) / 1000).toFixed(1)} s ago`;
  return links
    .filter(({ pictures: seen, sounds }) => !isSeen(seen) || !isSeen(sounds))
    .map(({ pictures: seen, sounds, state }) => {
      const sent = publishers.map(({ next }) => next).join(" ");
      return `packets of pictures ${of(seen)}, of sound ${of(sounds)}; ${state()}; pictures sent: ${sent}`;
    });
}

function report(message: MembersReport): void {
  process.send?.(message);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

setInterval(sendAll, 1000 / PICTURES_PER_SECOND);
process.on("message", (order: MembersOrder) => {
  if (order.kind === "come") void come(order.lesson, order.members, order.absent);
  else void leave(order.lesson, order.how);
});
process.on("disconnect", () => process.exit(0));
