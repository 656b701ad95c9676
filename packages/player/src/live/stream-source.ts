/**
 * Provides a stream that a player was told to play, by its attributes: the servers that have it, the engines to try, how close to the live edge, and
 * when it goes back to real time.
 */
import type { Problem } from "../engines/problem.ts";
import type { WhepConnection } from "../engines/whep/whep-connection.ts";
import { type EngineChoice, type EngineName, engineChoice } from "./engine-choice.ts";
import { latencyOf } from "./latency.ts";
import { deliveryOf, LiveEdge } from "./live-edge.ts";
import { RealtimeReturn } from "./realtime-return.ts";
import { ServerCandidates } from "./server-candidates.ts";
import { playsOpusInMp4, streamUrl } from "./stream-url.ts";

export type SourceHost = {
  /** As `StreamUrlOptions.trace`. */
  readonly trace: () => string | null;
  /** WHEP has a picture, beside the engine that plays. */
  readonly onRealtime: (connection: WhepConnection) => void;
};

/** All times are milliseconds of `performance.now`. */
export class StreamSource {
  readonly servers: ServerCandidates;
  readonly choice: EngineChoice;
  private readonly player: Element;
  private readonly host: SourceHost;
  private readonly realtime: RealtimeReturn;
  private currentEdge: LiveEdge;
  /** When the first of the engines that were tried in a row began; null before. */
  private begunAt: number | null = null;

  /** @param player its `src` may be a renewed link later, the other attributes stay as they are */
  constructor(player: Element, host: SourceHost) {
    this.player = player;
    this.host = host;
    this.servers = new ServerCandidates(player.getAttribute("dispatch") ?? "", this.src);
    const browser = { hasMediaSource: "MediaSource" in window, hasWebRtc: "RTCPeerConnection" in window };
    this.choice = engineChoice(this.src, player.getAttribute("protocol"), this.latency, browser);
    this.realtime = new RealtimeReturn({ url: () => this.urlFor("whep"), onReady: host.onRealtime });
    this.currentEdge = this.newEdge();
  }

  get edge(): LiveEdge {
    return this.currentEdge;
  }

  /** The absolute address for an engine. */
  urlFor(engine: EngineName): string {
    const { src, latency, servers, player, host } = this;
    return streamUrl({
      src,
      engine,
      latency,
      trace: host.trace(),
      baseUrl: document.baseURI,
      playsOpus: playsOpusInMp4(),
      server: servers.base,
      useFetch: player.hasAttribute("fetch"),
    });
  }

  /** An engine is about to begin. */
  begin(now: number): void {
    this.begunAt ??= now;
  }

  /** The engine has a frame. Gives the milliseconds that it took, with the engines that had none. */
  firstFrame(now: number): number {
    this.choice.reportSuccess();
    if (this.choice.name === "whep") this.realtime.began(now);
    return now - (this.begunAt ?? now);
  }

  /** Goes on to the next server, where the problem may be this one's. What WHEP says of its way says nothing of the server. */
  switchServer(problem: Problem, now: number): boolean {
    return this.choice.name !== "whep" && (problem === "network" || problem === "busy") && this.servers.reportFailure(now);
  }

  /** Goes on to the next engine when the problem may be this one's. */
  switchEngine(problem: Problem, now: number): boolean {
    if (this.choice.name === "whep") this.realtime.failed(problem, now);
    if (!this.choice.reportProblem(problem)) {
      this.begunAt = null;
      return false;
    }
    this.currentEdge = this.newEdge();
    return true;
  }

  /** Called often while it plays: tries WHEP beside another engine when it is time. */
  look(now: number): void {
    if (this.choice.mayReturn) this.realtime.look(now);
  }

  returnToWhep(): void {
    this.choice.returnToWhep();
    this.currentEdge = this.newEdge();
  }

  /** Nothing is tried any more. May be called twice. */
  close(): void {
    this.realtime.stop();
  }

  private get src(): string {
    return this.player.getAttribute("src") ?? "";
  }

  private get latency() {
    return latencyOf(this.player.getAttribute("latency"));
  }

  /** A live edge keeps what stalls have taught it for as long as the engine stays the same. */
  private newEdge(): LiveEdge {
    return new LiveEdge(deliveryOf(this.choice.name, this.src, this.latency));
  }
}
