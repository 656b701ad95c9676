/**
 * Which engine plays: FLV, the nearest to live, where the browser has Media Source Extensions; HLS where FLV does not get through; the
 * browser's own HLS on iPhones. What a browser says that it can play is not asked (`canPlayType` says "maybe" to everything), only
 * what it has.
 */
import type { Engine } from "./engine.ts";
import { flvEngine } from "./flv-engine.ts";
import { hlsEngine } from "./hls-engine.ts";
import { nativeEngine } from "./native-engine.ts";

export type EngineName = "flv" | "hls" | "native";

const ENGINES: Readonly<Record<EngineName, () => Engine>> = { flv: flvEngine, hls: hlsEngine, native: nativeEngine };
/** Tries without a picture after which another way is tried: a school's proxy may let HLS through, but no WebSocket. */
const TRIES_BEFORE_NEXT = 2;

/**
 * The engines to try, in their order.
 * @param protocol "flv" or "hls" to have only that; anything else leaves the choice to the player
 * @param hasMediaSource whether the browser has Media Source Extensions; iPhones have only ManagedMediaSource, which is left alone
 */
export function engineOrder(src: string, protocol: string | null, hasMediaSource: boolean): readonly EngineName[] {
  if (!hasMediaSource) return ["native"];
  if (protocol === "hls" || (protocol !== "flv" && /\.m3u8(\?|$)/.test(src))) return ["hls"];
  return protocol === "flv" ? ["flv"] : ["flv", "hls"];
}

/** The same stream's address for an engine. */
export function addressFor(src: string, engine: EngineName): string {
  const extension = engine === "flv" ? ".flv" : ".m3u8";
  return src.replace(/\.(flv|m3u8)(?=\?|$)/, extension);
}

/** Goes through the engines of one stream. */
export class EngineChoice {
  private readonly order: readonly EngineName[];
  private at = 0;
  private failures = 0;

  constructor(order: readonly EngineName[]) {
    this.order = order;
  }

  get name(): EngineName {
    return this.order[this.at % this.order.length] ?? "flv";
  }

  create(): Engine {
    return ENGINES[this.name]();
  }

  /** There is a picture: this engine is the right one. */
  worked(): void {
    this.failures = 0;
  }

  /**
   * It did not work. True when another engine is to be tried at once.
   * @param hopeless it would not work the next time either
   */
  failed(hopeless: boolean): boolean {
    this.failures++;
    if (hopeless && this.at + 1 >= this.order.length) return false;
    if (!hopeless && this.failures < TRIES_BEFORE_NEXT) return false;
    if (this.order.length === 1) return false;
    this.failures = 0;
    this.at = (this.at + 1) % this.order.length;
    return true;
  }
}
