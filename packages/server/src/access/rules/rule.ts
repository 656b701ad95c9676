/**
 * Defines the type of an access rule. A rule is a pure function of the request and of facts that were looked up before, so the same rule serves
 * admission, re-checks, recordings and explanations.
 */
import type { Refusal } from "../../platform/refusal.ts";
import type { AddressKnowledge, ClientFacts } from "../credentials/client-facts.ts";
import type { Credentials } from "../credentials/credentials.ts";
import type { LinkKey } from "../links/link-scheme.ts";
import type { EffectiveRule, PolicyRule } from "../policies/access-policy.ts";
import type { RecordingInfo } from "../policies/recording-info.ts";
import type { StreamPolicy } from "../policies/stream-policy.ts";
import type { BackEndAnswer } from "./back-end-answer.ts";

/** publish, play: a client wants to start. stay: an admitted client wants to continue. replay: a client wants a recording. */
export type Purpose = "publish" | "play" | "stay" | "replay";

export type AccessSettings = {
  readonly publish: { readonly allow: "keys" | "any"; readonly keys: Readonly<Record<string, string>> };
  readonly play: { readonly allow: "any" | "signed" };
  /** Secrets of signed links. The first signs; all are accepted. */
  readonly linkSecrets: readonly string[];
};

/** What a rule decides on. */
export type AccessSubject = {
  readonly purpose: Purpose;
  /** As metrics name it: hls, flv, ws, rtmp, still, mp4. */
  readonly protocol: string;
  readonly app: string;
  /** The stream's name with its rung, or the recording's id. */
  readonly name: string;
  readonly client: ClientFacts;
  readonly credentials: Credentials;
  /** The policy of a lesson's stream, or why there is none; null for a stream that belongs to no lesson, and for recordings. */
  readonly lesson: StreamPolicy | Refusal | null;
  /** The recording; null for a stream. */
  readonly recording: Pick<RecordingInfo, "signed" | "removed" | "schoolId"> | null;
  /** The rules of policies that hold here for this action, the farthest first; a refusal where policies are not known yet. */
  readonly rules: readonly EffectiveRule[] | Refusal;
  readonly linkKeys: ReadonlyMap<string, LinkKey>;
  readonly addresses: AddressKnowledge;
  readonly settings: AccessSettings;
  /** What back ends have answered, by the rules that ask them; a rule that is absent has no answer yet. */
  readonly answers?: ReadonlyMap<PolicyRule, BackEndAnswer>;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Called with what a rule in dry-run would have refused. */
  readonly onDryRun: (of: EffectiveRule, refusal: Refusal) => void;
};

/** allow: the credentials suffice. pass: no objection. A refusal ends the list. */
export type Decision = "allow" | "pass" | Refusal;

export type AccessRule = {
  /** Stable: log lines and metrics name the rule that refused. */
  readonly name: string;
  readonly applies: (subject: AccessSubject) => boolean;
  readonly decide: (subject: AccessSubject) => Decision;
  /** Where rules of policies decide: the decision of each. */
  readonly each?: (
    subject: AccessSubject,
  ) => readonly { readonly of: EffectiveRule; readonly decision: "pass" | "skip" | Refusal }[];
};
