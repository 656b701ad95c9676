/** Defines how late a viewer may be: the attribute `latency`. */

/** realtime: WHEP where it gets through. low: FLV in small batches. normal: what needs the least of connections and servers. */
export type Latency = "realtime" | "low" | "normal";

/** @param value of the attribute; what is not known is normal */
export function latencyOf(value: string | null): Latency {
  return value === "realtime" || value === "low" ? value : "normal";
}
