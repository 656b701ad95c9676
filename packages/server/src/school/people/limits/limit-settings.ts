/** Provides the limits of the school that an operator can change: `limits` of the configuration. */
import type { Rate } from "../../../platform/rate-limit.ts";
import type { JoinSettings } from "./join-limits.ts";

export type LimitSettings = JoinSettings & {
  /** Requests of one person to the API. */
  readonly perPerson: { readonly requestsPerSecond: number; readonly burst: number };
};

export function personRate({ perPerson: { requestsPerSecond: perSecond, burst } }: LimitSettings): Rate {
  return { perSecond, burst };
}
