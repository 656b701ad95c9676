/**
 * Chooses the engine: FLV for the lowest delay where the browser has Media Source Extensions, HLS where FLV is blocked, the browser's own
 * HLS on iPhones. An encrypted lesson is refused by FLV, and plays by HLS. The choice does not ask `canPlayType`, which answers "maybe" to everything.
 */
import type { Engine } from "../engines/engine.ts";
import { flvEngine } from "../engines/flv/flv-engine.ts";
import { hlsEngine } from "../engines/hls/hls-engine.ts";
import { nativeEngine } from "../engines/native-engine.ts";
import { isEngineProblem, type Problem } from "../engines/problem.ts";
import { isRenewedLink } from "./link-renewal.ts";

export type EngineName = "flv" | "hls" | "native";

const ENGINES: Readonly<Record<EngineName, () => Engine>> = { flv: flvEngine, hls: hlsEngine, native: nativeEngine };
/** Failures without a frame before the next engine is tried: a school's proxy may block WebSockets and allow HLS. */
const FAILURES_BEFORE_NEXT = 2;

/**
 * The engines to try, in order.
 * @param protocol "flv" or "hls" for only that one; anything else for an automatic choice
 * @param hasMediaSource whether the browser has Media Source Extensions; iPhones have only ManagedMediaSource, which is not used
 */
export function engineOrder(src: string, protocol: string | null, hasMediaSource: boolean): readonly EngineName[] {
  if (!hasMediaSource) return ["native"];
  if (protocol === "hls" || (protocol !== "flv" && isPlaylist(src))) return ["hls"];
  return protocol === "flv" ? ["flv"] : ["flv", "hls"];
}

function isPlaylist(src: string): boolean {
  return /\.m3u8(\?|$)/.test(src);
}

/** The address of the same stream for an engine. */
export function addressFor(src: string, engine: EngineName): string {
  const extension = engine === "flv" ? ".flv" : ".m3u8";
  return src.replace(/\.(flv|m3u8)(?=\?|$)/, extension);
}

/** Walks through the engines of one stream as they fail. */
export class EngineChoice {
  private readonly order: readonly EngineName[];
  private index = 0;
  private failures = 0;

  constructor(order: readonly EngineName[]) {
    this.order = order;
  }

  get name(): EngineName {
    return this.order[this.index % this.order.length] ?? "flv";
  }

  create(): Engine {
    return ENGINES[this.name]();
  }

  /**
   * Whether playback goes on with another address, which counts at the next reconnect: a renewed link to the same stream that this engine may
   * play. The address of an encrypted lesson is that of HLS, and that of the same lesson before or afterwards may be that of FLV.
   */
  goesOn(before: string, now: string): boolean {
    if (this.name === "flv" && isPlaylist(now)) return false;
    return isRenewedLink(addressFor(before, this.name), addressFor(now, this.name));
  }

  /** The engine has shown a frame. */
  reportSuccess(): void {
    this.failures = 0;
  }

  /** Takes note of a problem. True when another engine is to be tried at once. */
  reportProblem(problem: Problem): boolean {
    if (problem === "refused") return this.reportRefusal();
    const isHopeless = isEngineProblem(problem);
    return (problem === "network" || problem === "decoder" || isHopeless) && this.reportFailure(isHopeless);
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
