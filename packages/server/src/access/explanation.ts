/** Explains what the access rules would decide on a request, for the API: the same rules in the same order, without admitting anybody. */
import { Refusal } from "../platform/refusal.ts";
import { refuseStillsLink } from "./access.ts";
import type { BackEnds } from "./back-ends.ts";
import type { AddressKnowledge, AddressLocation, ClientFacts } from "./credentials/client-facts.ts";
import type { Credentials } from "./credentials/credentials.ts";
import { decide, explain, type RuleDecision } from "./pipeline.ts";
import type { PolicySnapshot } from "./policies/policy-snapshot.ts";
import { PolicyStore } from "./policies/policy-store.ts";
import type { RecordingInfo } from "./policies/recording-info.ts";
import { isSchoolStream, lessonStreamOf, plainName, type StreamPolicy } from "./policies/stream-policy.ts";
import { belongingOf, RECORDINGS } from "./recording-access.ts";
import type { AccessSettings, AccessSubject } from "./rules/rule.ts";

export type ExplainedRequest = {
  readonly action: "publish" | "play";
  /** As metrics name it: rtmp, flv, ws, hls, mp4, still. */
  readonly protocol: string;
  readonly of: { readonly app: string; readonly name: string } | { readonly recording: string };
  readonly client: ClientFacts;
  readonly credentials: Credentials;
  /** Milliseconds since 1970. */
  readonly at: number;
};

export type Explanation = {
  /** Null: the rules admit. `callbacks` are not asked; back ends of rules are, where all other rules admit. */
  readonly refusal: Refusal | null;
  /** Of every rule in its order, also of those after a refusal. */
  readonly decisions: readonly RuleDecision[];
  /** Of the client's address; null where it is not known. */
  readonly place: AddressLocation | null;
};

/** What is looked up for an explanation. */
export type ExplainSources = {
  readonly settings: () => AccessSettings;
  readonly addresses: AddressKnowledge;
  readonly backEnds: Pick<BackEnds, "asked">;
  readonly snapshot: () => Promise<PolicySnapshot>;
  readonly streamPolicy: (app: string, name: string) => Promise<StreamPolicy | null>;
  readonly recordingInfo: (id: string) => Promise<RecordingInfo | null>;
};

export type Explain = (request: ExplainedRequest) => Promise<Explanation>;

export function explainer(sources: ExplainSources): Explain {
  return async (request) => {
    const subject = await subjectOf(sources, request);
    if (subject instanceof Refusal) return { refusal: subject, decisions: [], place: null };
    const stills = refuseStillsLink(subject);
    const asked = stills ? subject : await sources.backEnds.asked(subject);
    const place = sources.addresses.locationOf(request.client.ip);
    return { refusal: stills ?? decide(asked), decisions: explain(asked), place: place?.country === "" ? null : place };
  };
}

async function subjectOf(
  { settings, addresses, snapshot, streamPolicy, recordingInfo }: ExplainSources,
  { action, protocol, of, client, credentials, at }: ExplainedRequest,
): Promise<AccessSubject | Refusal> {
  const policies = new PolicyStore();
  policies.replace(await snapshot());
  await addresses.ready();
  const rest = {
    protocol,
    client,
    credentials,
    addresses,
    linkKeys: policies.linkKeys,
    settings: settings(),
    now: at,
    onDryRun: () => {},
  };
  if ("recording" in of) {
    const info = await recordingInfo(of.recording);
    if (!info?.open) return new Refusal("no-such-recording");
    const rules = policies.rulesOf("play", belongingOf(info));
    return { ...rest, purpose: "replay", app: RECORDINGS, name: info.id, lesson: null, recording: info, rules };
  }
  const { app, name } = of;
  const found = isSchoolStream(name) ? await streamPolicy(app, lessonStreamOf(name)) : null;
  const lesson = isSchoolStream(name) ? (found ?? new Refusal("no-such-stream")) : null;
  const rules = policies.rulesOf(action, found ?? { stream: `${app}/${plainName(name)}` });
  return { ...rest, purpose: action, app, name, lesson, recording: null, rules };
}
