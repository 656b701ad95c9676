/** A stream that a player was told to play, by its attributes: the servers that have it, the engines to try, and how close to the live edge. */
import type { Problem } from "../engines/problem.ts";
import { type EngineChoice, type EngineName, engineChoice } from "./engine-choice.ts";
import { latencyOf } from "./latency.ts";
import { deliveryOf, LiveEdge } from "./live-edge.ts";
import { ServerCandidates } from "./server-candidates.ts";
import { playsOpusInMp4, streamUrl } from "./stream-url.ts";

export class StreamSource {
  readonly servers: ServerCandidates;
  readonly choice: EngineChoice;
  private readonly player: Element;
  private currentEdge: LiveEdge;

  /** @param player its `src` may be a renewed link later, the other attributes stay as they are */
  constructor(player: Element) {
    this.player = player;
    this.servers = new ServerCandidates(player.getAttribute("dispatch") ?? "", this.src);
    const browser = { hasMediaSource: "MediaSource" in window, hasWebRtc: "RTCPeerConnection" in window };
    this.choice = engineChoice(this.src, player.getAttribute("protocol"), this.latency, browser);
    this.currentEdge = this.newEdge();
  }

  get edge(): LiveEdge {
    return this.currentEdge;
  }

  /** The absolute address for an engine. @param trace as `StreamUrlOptions.trace` */
  urlFor(engine: EngineName, trace: string | null): string {
    const { src, latency, servers, player } = this;
    return streamUrl({
      ...{ src, engine, latency, trace, baseUrl: document.baseURI, playsOpus: playsOpusInMp4() },
      ...{ server: servers.base, useFetch: player.hasAttribute("fetch") },
    });
  }

  /** Goes on to the next engine when the problem may be this one's. */
  switchEngine(problem: Problem): boolean {
    if (!this.choice.reportProblem(problem)) return false;
    this.currentEdge = this.newEdge();
    return true;
  }

  returnToWhep(): void {
    this.choice.returnToWhep();
    this.currentEdge = this.newEdge();
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
