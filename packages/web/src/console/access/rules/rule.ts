/** Provides the rules of policies, as the console shows and edits them. */
import type { NewPolicyRule } from "@lectern/client";
import type { TimeWindow } from "../../list/week-windows.ts";

type RuleBase = {
  readonly for: "play" | "publish";
  readonly combine: "add" | "replace";
  readonly mode: "enforce" | "dry-run";
  readonly locked: boolean;
};
type Either = "allow" | "refuse";
type Listed = RuleBase & { readonly allow: readonly string[]; readonly deny: readonly string[] };

export type Rule =
  | (Listed & { readonly kind: "addresses" })
  | (Listed & { readonly kind: "referers" | "user-agents"; readonly empty: Either })
  | (Listed & { readonly kind: "regions" | "carriers"; readonly unknown: Either })
  | (RuleBase & { readonly kind: "times"; readonly timeZone: string; readonly windows: readonly TimeWindow[] })
  | (RuleBase & { readonly kind: "links"; readonly boundAddress: boolean; readonly keys: readonly string[] })
  | (RuleBase & {
      readonly kind: "viewers";
      readonly most: number | null;
      readonly perViewer: number | null;
      readonly over: "refuse-newest" | "end-oldest";
    })
  | (RuleBase & { readonly kind: "encryption"; readonly segmentsPerKey: number })
  | (RuleBase & { readonly kind: "watermark"; readonly shows: "name" | "id" | "both"; readonly opacity: number })
  | (RuleBase & {
      readonly kind: "back-end";
      readonly url: string;
      readonly method: (typeof BACK_END_METHODS)[number];
      readonly sends: readonly BackEndFact[];
      readonly cacheSeconds: number;
      readonly refusedCacheSeconds: number;
      readonly timeoutMs: number;
      readonly onFailure: Either;
      /** Whether there is a secret, which no answer has. */
      readonly signed: boolean;
      /** A new one. */
      readonly secret?: string;
    });
export type RuleKind = Rule["kind"];

/** What a question to a back end can name. */
export const BACK_END_FACTS = ["query", "ip", "referer", "userAgent", "stream", "protocol"] as const;
export type BackEndFact = (typeof BACK_END_FACTS)[number];
export const BACK_END_METHODS = ["POST", "GET", "HEAD"] as const;

/** In the order of the form: what schools need most comes first. */
export const RULE_KINDS = [
  "referers",
  "addresses",
  "times",
  "viewers",
  "links",
  "regions",
  "carriers",
  "user-agents",
  "encryption",
  "watermark",
  "back-end",
] as const satisfies readonly RuleKind[];

/** Kinds that compare a request with what is allowed and what is denied. */
export const LISTED_KINDS = ["addresses", "referers", "user-agents", "regions", "carriers"] as const satisfies readonly RuleKind[];

/** Rules of these kinds are about watching only. */
export const PLAY_ONLY: readonly string[] = ["links", "viewers", "encryption", "watermark"];

/** How an entry of a rule names an address list. */
export const LIST_PREFIX = "list:";

/** A copy for the API. */
export function apiRules(rules: readonly Rule[]): NewPolicyRule[] {
  return structuredClone(rules) as NewPolicyRule[];
}
