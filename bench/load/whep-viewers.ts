/**
 * Provides WebRTC viewers that take packets and do not decode them: a process of its own, told by its parent when to come and when to count.
 *
 * A viewer is libdatachannel's, which decrypts each packet and reports to the sender. Only some hand their packets to JavaScript, which counts
 * them: with all of them this process would be slower than the server.
 */
import { PeerConnection, RtcpReceivingSession, type Track, Video } from "node-datachannel";

/** How viewers get their connection. janus: the HTTP interface of its streaming plugin. */
export type ViewerKind = "whep" | "janus";

export type LoadOrder =
  | { readonly kind: "join"; readonly by: ViewerKind; readonly url: string; readonly viewers: number; readonly perSecond: number }
  | { readonly kind: "begin" }
  | { readonly kind: "end" };

export type LoadReport =
  | { readonly kind: "joined"; readonly connected: number; readonly medianJoinMs: number }
  /** Of the viewers that count. */
  | { readonly kind: "counted"; readonly viewers: number; readonly packets: number; readonly lost: number };

type Viewer = { readonly connection: PeerConnection; track: Track | null };

/** Each so-manieth viewer counts. */
const COUNTING = 25;
const JOIN_WITHIN_MS = 20_000;

const viewers: Viewer[] = [];
const counts = { viewers: 0, packets: 0, lost: 0, isOn: false };

function listen(viewer: Viewer, track: Track, isCounting: boolean): void {
  viewer.track = track;
  if (!isCounting) {
    track.setMediaHandler(new RtcpReceivingSession());
    return;
  }
  counts.viewers++;
  let expected: number | null = null;
  track.onMessage((packet) => {
    const type = packet[1] ?? 0;
    if (type >= 192 && type <= 223) return;
    const sequence = packet.readUInt16BE(2);
    if (counts.isOn) {
      counts.packets++;
      if (expected !== null) counts.lost += (sequence - expected) & 0xff;
    }
    expected = (sequence + 1) & 0xffff;
  });
}

function description(connection: PeerConnection): Promise<string> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (connection.gatheringState() === "complete") resolve(connection.localDescription()?.sdp ?? "");
    };
    connection.onGatheringStateChange(look);
    look();
  });
}

async function joinWhep(url: string, isCounting: boolean): Promise<Viewer> {
  const connection = new PeerConnection("viewer", { iceServers: [] });
  const viewer: Viewer = { connection, track: null };
  const video = new Video("0", "RecvOnly");
  video.addH264Codec(96);
  listen(viewer, connection.addTrack(video), isCounting);
  connection.setLocalDescription("offer");
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/sdp" },
    body: await description(connection),
  });
  if (answer.status !== 201) throw new Error(`WHEP: ${answer.status} ${await answer.text()}`);
  connection.setRemoteDescription(await answer.text(), "answer");
  return viewer;
}

type JanusMessage = { readonly janus: string; readonly data?: { readonly id: number }; readonly jsep?: { readonly sdp: string } };

async function joinJanus(url: string, isCounting: boolean): Promise<Viewer> {
  const tell = async (path: string, body: object): Promise<JanusMessage> => {
    const answer = await fetch(url + path, { method: "POST", body: JSON.stringify({ ...body, transaction: "t" }) });
    return (await answer.json()) as JanusMessage;
  };
  const session = `/${(await tell("", { janus: "create" })).data?.id}`;
  const handle = `${session}/${(await tell(session, { janus: "attach", plugin: "janus.plugin.streaming" })).data?.id}`;
  await tell(handle, { janus: "message", body: { request: "watch", id: 1 } });
  let offer: string | undefined;
  while (offer === undefined) offer = ((await (await fetch(`${url}${session}`)).json()) as JanusMessage).jsep?.sdp;
  const connection = new PeerConnection("viewer", { iceServers: [] });
  const viewer: Viewer = { connection, track: null };
  connection.onTrack((track) => listen(viewer, track, isCounting));
  connection.setRemoteDescription(offer, "offer");
  const jsep = { type: "answer", sdp: await description(connection) };
  await tell(handle, { janus: "message", body: { request: "start" }, jsep });
  return viewer;
}

function connected({ connection }: Viewer): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), JOIN_WITHIN_MS);
    const look = (state: string): void => {
      if (state !== "connected") return;
      clearTimeout(late);
      resolve(true);
    };
    connection.onStateChange(look);
    look(connection.state());
  });
}

async function join({ by, url, viewers: count, perSecond }: LoadOrder & { kind: "join" }): Promise<void> {
  const joins: Promise<number | null>[] = [];
  for (let i = 0; i < count; i++) {
    joins.push(
      (async () => {
        const begun = performance.now();
        const viewer = await (by === "whep" ? joinWhep : joinJanus)(url, i % COUNTING === 0);
        viewers.push(viewer);
        return (await connected(viewer)) ? performance.now() - begun : null;
      })().catch((error: unknown) => {
        if (i === 0) process.stderr.write(`${String(error)}\n`);
        return null;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
  }
  const times = (await Promise.all(joins)).filter((time) => time !== null).sort((a, b) => a - b);
  report({ kind: "joined", connected: times.length, medianJoinMs: times[times.length >> 1] ?? Number.NaN });
}

function report(message: LoadReport): void {
  process.send?.(message);
}

process.on("message", (order: LoadOrder) => {
  if (order.kind === "join") void join(order);
  else if (order.kind === "begin") Object.assign(counts, { packets: 0, lost: 0, isOn: true });
  else {
    counts.isOn = false;
    report({ kind: "counted", viewers: counts.viewers, packets: counts.packets, lost: counts.lost });
  }
});
process.on("disconnect", () => process.exit(0));
