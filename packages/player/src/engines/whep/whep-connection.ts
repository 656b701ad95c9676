/**
 * Provides a WHEP session (the Internet-Draft of WHEP; its requests are those of RFC 9725): a connection that receives sound and picture, and the
 * resource at the server that stands for it.
 *
 * The offer is sent at once, without candidates: the server is reached at those of its answer, and learns the browser's address from the checks
 * (RFC 8445 section 7.3.1.3). Where that leads nowhere, and the answer names TURN servers, another session is opened with them.
 */
import { iceServersOf } from "@lectern/media";
import { type Problem, problemFromRefusal } from "../problem.ts";
import { PROBLEM_HEADER, type Undecodable, undecodableOfHeader } from "../undecodable.ts";
import { withStereo } from "./stereo.ts";

export type WhepEvents = {
  /** The session cannot be opened, or is over. Called once, not after `close`. */
  readonly onProblem: (problem: Problem, detail: string) => void;
  /** The server says at the beginning which track nobody can decode; null: none. */
  readonly onUndecodable?: (track: Undecodable | null) => void;
};

const SDP = "application/sdp";
/** A connection that does not come about within this is tried through a TURN server. */
const DIRECT_WITHIN_MS = 1200;
const LEAVE_WITHIN_MS = 3000;
/** Servers are remembered for so long: their credentials expire. */
const REMEMBERED_MS = 50_000;

/** What the last answer of each server named. Pages know few servers. */
const remembered = new Map<string, { readonly servers: RTCIceServer[]; readonly until: number }>();

export class WhepConnection {
  /** Its tracks come with the answer. */
  readonly stream = new MediaStream();
  readonly url: string;
  private events: WhepEvents;
  private readonly abort = new AbortController();
  private peer: RTCPeerConnection | null = null;
  private resource: string | null = null;
  private relaying = 0;
  private over = false;

  /** @param url absolute, of http or https: `…/APP/NAME/whep` with the parameters of a signed link */
  constructor(url: string, events: WhepEvents) {
    this.url = url;
    this.events = events;
    const known = remembered.get(new URL(url).origin);
    const servers = known && known.until > performance.now() ? known.servers : [];
    void this.open(servers);
    window.addEventListener("pagehide", this.close);
  }

  /** From now on another one is told what becomes of it. */
  handTo(events: WhepEvents): void {
    this.events = events;
  }

  /** Of the connection; null before there is one. Never rejects. */
  async report(): Promise<RTCStatsReport | null> {
    return (await this.peer?.getStats().catch(() => null)) ?? null;
  }

  /** Ends the session. May be called twice. */
  readonly close = (): void => {
    if (this.over) return;
    this.over = true;
    window.removeEventListener("pagehide", this.close);
    this.abort.abort();
    this.leave();
  };

  /** Gives back the resource, then the connection: the other way round the server would end the session before it is asked to. */
  private leave(): void {
    clearTimeout(this.relaying);
    const { peer, resource } = this;
    this.peer = null;
    this.resource = null;
    if (resource === null) return peer?.close();
    // The page may be going away.
    const options: RequestInit = { method: "DELETE", keepalive: true, signal: AbortSignal.timeout(LEAVE_WITHIN_MS) };
    void fetch(resource, options)
      .catch(() => {})
      .finally(() => peer?.close());
  }

  private async open(servers: RTCIceServer[]): Promise<void> {
    const peer = new RTCPeerConnection({ bundlePolicy: "max-bundle", iceServers: servers });
    this.peer = peer;
    const isCurrent = (): boolean => !this.over && this.peer === peer;
    peer.addTransceiver("video", { direction: "recvonly" });
    peer.addTransceiver("audio", { direction: "recvonly" });
    peer.ontrack = ({ track }) => isCurrent() && this.stream.addTrack(track);
    peer.onconnectionstatechange = () => {
      if (!isCurrent()) return;
      if (peer.connectionState === "connected") clearTimeout(this.relaying);
      if (peer.connectionState === "failed" || peer.connectionState === "closed")
        this.fail("network", `connection ${peer.connectionState}`);
    };
    try {
      const offer = await peer.createOffer();
      await peer.setLocalDescription({ type: "offer", sdp: withStereo(offer.sdp ?? "") });
      const answer = await this.ask(peer.localDescription?.sdp ?? "");
      if (!answer || !isCurrent()) return;
      await peer.setRemoteDescription({ type: "answer", sdp: answer.sdp });
      const { links } = answer;
      if (servers.length > 0 || links.length === 0 || !isCurrent()) return;
      this.relaying = window.setTimeout(() => isCurrent() && this.openAgain(links), DIRECT_WITHIN_MS);
    } catch (error) {
      if (isCurrent()) this.fail("network", String(error));
    }
  }

  /** The offer's answer; null when it was refused, which is told. */
  private async ask(offer: string): Promise<{ readonly sdp: string; readonly links: RTCIceServer[] } | null> {
    const { url, abort } = this;
    // The server sees from which page a viewer watches.
    const options: RequestInit = { signal: abort.signal, cache: "no-store", referrerPolicy: "no-referrer-when-downgrade" };
    const answer = await fetch(url, { ...options, method: "POST", headers: { "content-type": SDP }, body: offer });
    const location = answer.headers.get("location");
    const links = iceServersOf(answer.headers.get("link"));
    const told = answer.headers.get(PROBLEM_HEADER);
    const body = await answer.text();
    if (answer.status !== 201) {
      this.fail(problemFromRefusal(answer.status, body, told), `HTTP ${answer.status}`);
      return null;
    }
    this.events.onUndecodable?.(undecodableOfHeader(told));
    this.resource = location === null ? null : new URL(location, url).href;
    if (links.length > 0) remembered.set(new URL(url).origin, { servers: links, until: performance.now() + REMEMBERED_MS });
    return { sdp: body, links };
  }

  private openAgain(servers: RTCIceServer[]): void {
    this.leave();
    for (const track of this.stream.getTracks()) this.stream.removeTrack(track);
    void this.open(servers);
  }

  private fail(problem: Problem, detail: string): void {
    if (this.over) return;
    this.close();
    this.events.onProblem(problem, detail);
  }
}
