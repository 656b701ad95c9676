/** Measures a part of the platform that is used by asking it: whether it answers, and how fast. */
import type { ComponentSample } from "./node-sample.ts";

/** An answer that takes longer is a fault that people notice. */
const SLOW_MS = 1000;
const MAX_DETAIL = 200;

/** @param use asks the part; the reason of its failure is for operators */
export async function answeringComponent(name: string, use: () => Promise<unknown>, withinMs: number): Promise<ComponentSample> {
  const begun = performance.now();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`no answer within ${withinMs} ms`)), withinMs);
  try {
    await Promise.race([use(), late.promise]);
    const latencyMs = Math.round((performance.now() - begun) * 10) / 10;
    return {
      name,
      state: latencyMs > SLOW_MS ? "degraded" : "up",
      latencyMs,
      detail: latencyMs > SLOW_MS ? "It answers slowly." : "",
    };
  } catch (error) {
    return { name, state: "down", latencyMs: null, detail: String(error).slice(0, MAX_DETAIL) };
  } finally {
    clearTimeout(timer);
  }
}
