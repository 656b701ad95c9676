/**
 * Chooses the engine: WHEP where real time is wanted, else, and where WHEP fails, FLV where the browser has Media Source Extensions, HLS where
 * FLV is blocked, the browser's own HLS on iPhones. An encrypted lesson is refused by FLV, and plays by HLS. The choice does not ask
 * `canPlayType`, which answers "maybe" to everything.
 */
import type { Engine } from "../engines/engine.ts";
import { flvEngine } from "../engines/flv/flv-engine.ts";
import { hlsEngine } from "../engines/hls/hls-engine.ts";
import { nativeEngine } from "../engines/native-engine.ts";
import { isEngineProblem, type Problem } from "../engines/problem.ts";
import { isRenewedLink } from "../engines/renewed-link.ts";
import { whepAddressOf } from "../engines/whep/whep-address.ts";
import type { WhepConnection } from "../engines/whep/whep-connection.ts";
import { whepEngine } from "../engines/whep/whep-engine.ts";
import type { Latency } from "./latency.ts";

type BufferedEngine = "flv" | "hls" | "native";
export type EngineName = BufferedEngine | "whep";

const ENGINES: Readonly<Record<BufferedEngine, () => Engine>> = { flv: flvEngine, hls: hlsEngine, native: nativeEngine };
/** Failures without a frame before the next engine is tried: a school's proxy may block WebSockets and allow HLS. */
const FAILURES_BEFORE_NEXT = 2;

/** Of a browser. iPhones have only ManagedMediaSource, which is not used. */
export type BrowserParts = { readonly hasMediaSource: boolean; readonly hasWebRtc: boolean };

/** @param protocol "whep", "flv" or "hls" for only that one; anything else for an automatic choice */
export function engineChoice(src: string, protocol: string | null, latency: Latency, browser: BrowserParts): EngineChoice {
  const isWanted = protocol === "whep" || (latency === "realtime" && protocol !== "flv" && protocol !== "hls");
  // The address of an encrypted lesson is that of HLS, and a past part of a lesson is not in real time.
  const isRealtime = isWanted && browser.hasWebRtc && !isPlaylist(src);
  return new EngineChoice(isRealtime && protocol === "whep" ? [] : engineOrder(src, protocol, browser.hasMediaSource), isRealtime);
}

/** The engines besides WHEP to try, in order. */
export function engineOrder(src: string, protocol: string | null, hasMediaSource: boolean): readonly BufferedEngine[] {
  if (!hasMediaSource) return ["native"];
  if (protocol === "hls" || (protocol !== "flv" && isPlaylist(src))) return ["hls"];
  return protocol === "flv" ? ["flv"] : ["flv", "hls"];
}

function isPlaylist(src: string): boolean {
  return /\.m3u8(\?|$)/.test(src);
}

/** The address of the same stream for an engine. */
export function addressFor(src: string, engine: EngineName): string {
  if (engine === "whep") return whepAddressOf(src);
  const extension = engine === "flv" ? ".flv" : ".m3u8";
  return src.replace(/\.(flv|m3u8)(?=\?|$)/, extension);
}

/** Walks through the engines of one stream as they fail. */
export class EngineChoice {
  private readonly order: readonly BufferedEngine[];
  /** Real time is wanted. */
  private readonly prefersWhep: boolean;
  private isWhep: boolean;
  private index = 0;
  private failures = 0;

  /** @param order of the engines besides WHEP; empty: there is only WHEP */
  constructor(order: readonly BufferedEngine[], prefersWhep = false) {
    this.order = order;
    this.prefersWhep = prefersWhep;
    this.isWhep = prefersWhep;
  }

  get name(): EngineName {
    return this.isWhep ? "whep" : this.buffered;
  }

  private get buffered(): BufferedEngine {
    return this.order[this.index % this.order.length] ?? "flv";
  }

  /** Sound that cannot be decoded is left out: the same engine plays on without it. */
  get leavesSoundOut(): boolean {
    return this.name === "flv" || this.name === "hls";
  }

  /** Another engine plays what is to be played by WHEP. */
  get mayReturn(): boolean {
    return this.prefersWhep && !this.isWhep;
  }

  /** @param ready a WHEP connection that already receives */
  create(ready: WhepConnection | null = null): Engine {
    return this.isWhep ? whepEngine(ready) : ENGINES[this.buffered]();
  }

  /** WHEP is next. */
  returnToWhep(): void {
    this.isWhep = true;
  }

  /**
   * Whether playback goes on with another address, which counts at the next reconnect: a renewed link to the same stream that this engine may
   * play. The address of an encrypted lesson is that of HLS, and that of the same lesson before or afterwards may be that of FLV.
   */
  goesOn(before: string, now: string): boolean {
    if ((this.name === "flv" || this.name === "whep") && isPlaylist(now)) return false;
    return isRenewedLink(addressFor(before, this.name), addressFor(now, this.name));
  }

  /** The engine has shown a frame. */
  reportSuccess(): void {
    this.failures = 0;
  }

  /** Takes note of a problem. True when another engine is to be tried at once. */
  reportProblem(problem: Problem): boolean {
    if (this.isWhep) return this.reportWhep();
    if (problem === "refused") return this.reportRefusal();
    const isHopeless = isEngineProblem(problem);
    return (problem === "network" || problem === "decoder" || isHopeless) && this.reportFailure(isHopeless);
  }

  /** Whatever is wrong with WHEP, another engine is tried at once: it says it in its own words if it is wrong there too. */
  private reportWhep(): boolean {
    if (this.order.length === 0) return false;
    this.isWhep = false;
    return true;
  }

  /** FLV may be refused because the lesson is encrypted: true when HLS is to be tried. */
  private reportRefusal(): boolean {
    const hls = this.order.indexOf("hls");
    if (this.name !== "flv" || hls < 0) return false;
    this.failures = 0;
    this.index = hls;
    return true;
  }

  /**
   * Counts a failure. True when the next engine is to be tried at once.
   * @param isHopeless another try of the same engine cannot succeed
   */
  reportFailure(isHopeless: boolean): boolean {
    this.failures++;
    if (isHopeless && this.index + 1 >= this.order.length) return false;
    if (!isHopeless && this.failures < FAILURES_BEFORE_NEXT) return false;
    if (this.order.length === 1) return false;
    this.failures = 0;
    this.index = (this.index + 1) % this.order.length;
    return true;
  }
}
