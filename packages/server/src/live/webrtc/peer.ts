/**
 * Provides one side of a WebRTC connection: ICE, DTLS and SRTP of libdatachannel, which gives and takes packets of RTP and RTCP as they are.
 *
 * The library sees one medium, whatever the other side has offered: it then hands out every packet, of whichever SSRC, and sends what it
 * is given. Descriptions for the other side are read and written in `sdp/`. It gets no candidates of the other side either: this side can be
 * reached, so it waits for the other side's checks (as with ICE lite, RFC 8445 section 2.5), and sends nothing to an address that a stranger names.
 */
import { Malformed } from "@lectern/media";
import type { PeerConnection, Track } from "node-datachannel";
import { firstTrack, gathering } from "./gathering.ts";
import { attributeOf, attributesOf, readDescription } from "./sdp/description.ts";
import type { LocalTransport, TransportDescription } from "./sdp/transport.ts";
import { readTransport } from "./sdp/transport.ts";

/** connecting: ICE or DTLS are not done; disconnected: nothing is heard for some seconds, and may be again. */
export type PeerState = "connecting" | "connected" | "disconnected" | "closed";

/** Why a peer has closed by itself. */
export type PeerFailure = "ice-timeout" | "dtls-timeout" | "dtls-failed" | "consent-lost" | "closed-by-peer";

export type PeerEvents = {
  /** ICE and DTLS are done: packets can be sent. */
  readonly connected: () => void;
  readonly packet: (bytes: Uint8Array) => void;
  /** The connection has failed, and is closed. Nothing is called after it, nor after `close`. */
  readonly failed: (failure: PeerFailure) => void;
};

export type PeerOptions = {
  /** The UDP port, which all peers of the process share. */
  readonly port: number;
  readonly remote: TransportDescription;
  readonly events: PeerEvents;
  /** Milliseconds within which ICE and DTLS must be done. Default: 10000 */
  readonly connectWithinMs?: number;
};

export type PeerStatistics = {
  readonly packetsSent: number;
  readonly bytesSent: number;
  readonly packetsReceived: number;
  readonly bytesReceived: number;
  /** Packets that the library did not take. */
  readonly sendFailures: number;
};

const CONNECT_WITHIN_MS = 10_000;
/** RFC 7675 section 5.1 has 30 seconds; a lesson has not. The other side may begin again by itself. */
const SILENT_MS = 15_000;
/** RTP and RTCP of one medium with any payload type. */
const MID = "0";
const MTU = 1200;

export class Peer {
  readonly local: LocalTransport;
  private readonly connection: PeerConnection;
  private readonly events: PeerEvents;
  private track: Track | null;
  private current: PeerState = "connecting";
  private isIceDone = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly counts = { packetsSent: 0, bytesSent: 0, packetsReceived: 0, bytesReceived: 0, sendFailures: 0 };

  /** Opens the local side. @throws Error when the port cannot be opened */
  static async open({ port, remote, events, connectWithinMs = CONNECT_WITHIN_MS }: PeerOptions): Promise<Peer> {
    // Many servers are never asked for WebRTC, and its library brings threads.
    const library = await import("node-datachannel");
    const connection = new library.PeerConnection("peer", {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      mtu: MTU,
    });
    try {
      const heard = Promise.all([firstTrack(connection), gathering(connection)]);
      heard.catch(() => {});
      connection.setRemoteDescription(standIn(remote), "offer");
      connection.setLocalDescription("answer");
      const [track] = await heard;
      const local = localTransport(connection.localDescription()?.sdp ?? "");
      return new Peer(connection, track, local, events, connectWithinMs);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  private constructor(
    connection: PeerConnection,
    track: Track,
    local: LocalTransport,
    events: PeerEvents,
    connectWithinMs: number,
  ) {
    this.connection = connection;
    this.track = track;
    this.local = local;
    this.events = events;
    track.onMessage((bytes) => this.received(bytes));
    connection.onIceStateChange((state) => {
      if (state === "connected" || state === "completed") this.isIceDone = true;
    });
    connection.onStateChange((state) => this.changed(state));
    this.timer = setTimeout(() => this.fail(this.isIceDone ? "dtls-timeout" : "ice-timeout"), connectWithinMs);
    // What happened while the local side was opened.
    this.changed(connection.state());
  }

  get state(): PeerState {
    return this.current;
  }

  get statistics(): PeerStatistics {
    return { ...this.counts };
  }

  /** The other side's address; null before ICE is done. */
  get remoteAddress(): string | null {
    if (this.current === "closed") return null;
    return this.connection.getSelectedCandidatePair()?.remote.address ?? null;
  }

  /**
   * Sends a packet of RTP or RTCP. False: it was not sent, because the connection is not there.
   * @param bytes may be used again when this returns
   */
  send(bytes: Uint8Array): boolean {
    const { track } = this;
    if (this.current === "closed" || this.current === "connecting" || !track) return false;
    const isSent = trySend(track, bytes);
    if (isSent) {
      this.counts.packetsSent++;
      this.counts.bytesSent += bytes.length;
    } else this.counts.sendFailures++;
    return isSent;
  }

  /** Frees everything. May be called twice. */
  close(): void {
    if (this.current === "closed") return;
    this.current = "closed";
    clearTimeout(this.timer);
    const { track } = this;
    this.track = null;
    track?.close();
    this.connection.close();
  }

  private received(bytes: Uint8Array): void {
    if (this.current === "closed") return;
    this.counts.packetsReceived++;
    this.counts.bytesReceived += bytes.length;
    this.events.packet(bytes);
  }

  private changed(state: string): void {
    if (this.current === "closed") return;
    if (state === "connected") {
      const isFirst = this.current === "connecting";
      this.current = "connected";
      clearTimeout(this.timer);
      if (isFirst) this.events.connected();
    } else if (state === "disconnected" && this.current === "connected") {
      this.current = "disconnected";
      this.timer = setTimeout(() => this.fail("consent-lost"), SILENT_MS);
    } else if (state === "failed") {
      this.fail(this.current !== "connecting" ? "consent-lost" : this.isIceDone ? "dtls-failed" : "ice-timeout");
    } else if (state === "closed") this.fail(this.current === "connecting" ? "dtls-failed" : "closed-by-peer");
  }

  private fail(failure: PeerFailure): void {
    if (this.current === "closed") return;
    this.close();
    this.events.failed(failure);
  }
}

/**
 * Keeps the UDP port open between sessions. Without it the library opens the port with the first session and closes it with the last; where these two
 * meet, it cannot open the port and ends the process (`std::terminate`).
 * @returns its end
 * @throws Error when the port cannot be opened
 */
export async function holdUdpPort(port: number): Promise<() => void> {
  const library = await import("node-datachannel");
  const listener = new library.IceUdpMuxListener(port);
  return () => listener.stop();
}

/** The library takes only instances of Buffer. It throws when the connection is ending. */
function trySend(track: Track, bytes: Uint8Array): boolean {
  try {
    return track.sendMessageBinary(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    return false;
  }
}

/** The offer that the library sees. */
function standIn({ iceUfrag, icePwd, fingerprint, setup }: TransportDescription): string {
  const lines = [
    ...["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", `a=group:BUNDLE ${MID}`],
    ...["m=video 9 UDP/TLS/RTP/SAVPF 96", "c=IN IP4 0.0.0.0", `a=mid:${MID}`, "a=sendrecv", "a=rtcp-mux", "a=rtpmap:96 H264/90000"],
    ...[`a=ice-ufrag:${iceUfrag}`, `a=ice-pwd:${icePwd}`, `a=fingerprint:${fingerprint}`, `a=setup:${setup}`],
  ];
  return `${lines.join("\r\n")}\r\n`;
}

function localTransport(text: string): LocalTransport {
  const description = readDescription(text);
  const all =
    description instanceof Malformed ? [] : [...description.attributes, ...description.media.flatMap((one) => one.attributes)];
  const transport = readTransport(all);
  if (transport instanceof Malformed) throw new Error(`the library has no local description: ${transport.rule}`);
  return {
    ...transport,
    setup: attributeOf(all, "setup") === "passive" ? "passive" : "active",
    candidates: attributesOf(all, "candidate"),
  };
}
