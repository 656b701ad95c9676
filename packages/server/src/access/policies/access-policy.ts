/**
 * Defines policies: rules that the installation, a school, a course, a lesson, a stream or a recording adds to what credentials allow. The
 * control process owns them; every media worker has all of them.
 *
 * A stream or recording is under the policies of everything that it belongs to, from the installation to itself. A rule of a nearer policy is
 * added to those of the same kind farther away, or replaces them; a locked rule cannot be replaced.
 */

/** From the farthest to the nearest. */
export const POLICY_LEVELS = ["installation", "school", "course", "lesson", "stream", "recording"] as const;
export type PolicyLevel = (typeof POLICY_LEVELS)[number];

/** What a policy is for. */
export type PolicyTarget = {
  readonly level: PolicyLevel;
  /** The id of the school, course, lesson or recording; `app/name` of a stream that belongs to no lesson; empty for the installation. */
  readonly id: string;
};

/** Watching means live, shifted in time, and recordings. */
export type RuleAction = "play" | "publish";

type RuleBase = {
  readonly for: RuleAction;
  /** replace: rules of this kind and action of farther policies do not count, but for locked ones. */
  readonly combine: "add" | "replace";
  /** dry-run: what it would refuse is counted, and let in. */
  readonly mode: "enforce" | "dry-run";
  /** No nearer policy can replace it. */
  readonly locked: boolean;
};

/** Addresses or networks (`10.0.0.0/8`), and lists of addresses as `list:ID`. With an empty `allow`, all are allowed but the denied ones. */
export type AddressRule = RuleBase & {
  readonly kind: "addresses";
  readonly allow: readonly string[];
  readonly deny: readonly string[];
};

/**
 * The page that a request comes from. Domains are compared label by label: `school.com` is itself, `*.school.com` every domain below it. Pages
 * of this server always count as allowed.
 */
export type RefererRule = RuleBase & {
  readonly kind: "referers";
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** Whether a request that names no page is let in, as players outside browsers send them. */
  readonly empty: "allow" | "refuse";
};

/** Words in the User-Agent, of which upper and lower case count the same. `*` stands for any text. */
export type UserAgentRule = RuleBase & {
  readonly kind: "user-agents";
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly empty: "allow" | "refuse";
};

/** Places as the address tables name them: `中国`, `中国/北京`, `中国/广东/深圳`. */
export type RegionRule = RuleBase & {
  readonly kind: "regions";
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** An address whose place is not known. */
  readonly unknown: "allow" | "refuse";
};

/** Carriers by the names that the configuration gives them (`dispatch.carriers`): telecom, unicom, mobile, education, broadcast. */
export type CarrierRule = RuleBase & {
  readonly kind: "carriers";
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  readonly unknown: "allow" | "refuse";
};

/** When it is open: within any of these windows. */
export type TimeRule = RuleBase & {
  readonly kind: "times";
  /** IANA name. */
  readonly timeZone: string;
  /** Days from 1, Monday, to 7; from and to are `HH:MM`; a window whose end is not after its beginning ends on the next day. */
  readonly windows: readonly { readonly days: readonly number[]; readonly from: string; readonly to: string }[];
};

/** Who watches needs a signed link, also where streams are open to everybody. */
export type LinkRule = RuleBase & {
  readonly kind: "links";
  /** The link must name the address that it was given to. */
  readonly boundAddress: boolean;
  /** Ids of link keys whose links are valid too, beside those that this server signs. */
  readonly keys: readonly string[];
};

/** How many may watch at once. A viewer is a person who has joined, or else one signed link. */
export type ViewersRule = RuleBase & {
  readonly kind: "viewers";
  /** Of all; null: as many as there is room for. */
  readonly most: number | null;
  /** Connections of one viewer, on all nodes; null: any number. */
  readonly perViewer: number | null;
  /** One more than `perViewer` is refused, or ends the one that began first. */
  readonly over: "refuse-newest" | "end-oldest";
};

/** HLS segments are encrypted (AES-128), and nothing else is served: no FLV, no RTMP, no download. */
export type EncryptionRule = RuleBase & {
  readonly kind: "encryption";
  /** So many segments have one key. */
  readonly segmentsPerKey: number;
};

/** The player shows a text over the picture that tells who watches. */
export type WatermarkRule = RuleBase & {
  readonly kind: "watermark";
  /** name: of the person; id: a short number that the school can look up. */
  readonly shows: "name" | "id" | "both";
  /** From 0.05, hardly seen, to 1. */
  readonly opacity: number;
};

/** What a back end can be told of a request besides the action: the address's parameters, and facts of the client. */
export const BACK_END_FACTS = ["query", "ip", "referer", "userAgent", "stream", "protocol"] as const;
export type BackEndFact = (typeof BACK_END_FACTS)[number];

/** A system of the school is asked by HTTP. Its answer holds for all requests of which it would be told the same. */
export type BackEndRule = RuleBase & {
  readonly kind: "back-end";
  /** http or https, without a user and without secrets. */
  readonly url: string;
  readonly method: "GET" | "POST" | "HEAD";
  /** What the question names, in the order of `BACK_END_FACTS`. */
  readonly sends: readonly BackEndFact[];
  /** How long an answer that allows holds; 0: for those who ask at the same moment. */
  readonly cacheSeconds: number;
  /** How long an answer that refuses holds. */
  readonly refusedCacheSeconds: number;
  readonly timeoutMs: number;
  /** What no answer in time, or one with a 5xx, means. */
  readonly onFailure: "refuse" | "allow";
  /** Signs each question; empty: none. Encrypted in the database. */
  readonly secret: string;
};

export type PolicyRule =
  | AddressRule
  | RefererRule
  | UserAgentRule
  | RegionRule
  | CarrierRule
  | TimeRule
  | LinkRule
  | ViewersRule
  | EncryptionRule
  | WatermarkRule
  | BackEndRule;
export type RuleKind = PolicyRule["kind"];

/** A stored policy. */
export type Policy = { readonly target: PolicyTarget; readonly rules: readonly PolicyRule[] };

/** A rule that holds, and where it comes from. */
export type EffectiveRule = { readonly rule: PolicyRule; readonly source: PolicyTarget };

/**
 * The rules that hold together, from the farthest to the nearest.
 * @param policies from the farthest to the nearest
 */
export function effectiveRules(policies: readonly Policy[]): readonly EffectiveRule[] {
  const all = policies.flatMap(({ target, rules }) => rules.map((rule) => ({ rule, source: target })));
  return all.filter(({ rule }, i) => rule.locked || !all.some((later, j) => replaces(later, all[i], j > i)));
}

/** A policy's own rules of one kind hold together, so a rule replaces only those of other policies. */
function replaces(later: EffectiveRule, earlier: EffectiveRule | undefined, isLater: boolean): boolean {
  if (!isLater || earlier === undefined || later.source === earlier.source) return false;
  return later.rule.combine === "replace" && later.rule.kind === earlier.rule.kind && later.rule.for === earlier.rule.for;
}

/** As logs, answers and refusals name a target: `school ID`, `installation`. */
export function nameOfTarget({ level, id }: PolicyTarget): string {
  return id === "" ? level : `${level} ${id}`;
}
