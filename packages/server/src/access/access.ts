/**
 * Decides who may publish and who may watch. Every door asks here before a client reaches a stream, and gets an admission that can be
 * withdrawn.
 *
 *     credentials ─▶ access rules ─▶ is the stream there? ─▶ callbacks ─▶ admission
 */

import { randomInt } from "node:crypto";
import { systemClock } from "../platform/clock.ts";
import { Refusal } from "../platform/refusal.ts";
import { type Admission, OpenAdmission } from "./admission.ts";
import type { CallbackEvent } from "./callbacks/callback-event.ts";
import type { Callbacks } from "./callbacks/callbacks.ts";
import { admittedCredentials, type Credentials } from "./credentials/credentials.ts";
import { STILLS_ONLY } from "./links/signed-link.ts";
import { decide, explain, type RuleDecision } from "./pipeline.ts";
import { isLessonStream, plainName, type StreamPolicy } from "./policies/stream-policy.ts";
import type { StreamPolicyCache } from "./policies/stream-policy-cache.ts";
import type { AccessSettings, AccessSubject, Purpose } from "./rules/rule.ts";
import { ruleText } from "./rules/rule-texts.ts";

export type AccessRequest = {
  readonly action: "publish" | "play";
  /** As metrics name it: rtmp, flv, ws, hls. */
  readonly protocol: string;
  readonly app: string;
  readonly name: string;
  /** The client's address, after trusted proxies. */
  readonly ip: string;
  readonly credentials: Credentials;
  /** The connection's number where the door has one; else one is assigned. */
  readonly clientId?: string;
  /** `rtmp://host/app`, or the address's part before the stream's name. */
  readonly tcUrl?: string;
  /** The page that contains the player, where the client names it. */
  readonly pageUrl?: string;
};

/**
 * Asks for permission to publish or watch: rules, then callbacks.
 * @param present called after the rules with the stream's name; a refusal when that stream cannot be had
 */
export type Ask = (
  request: AccessRequest,
  present: (name: string) => Refusal | null | Promise<Refusal | null>,
) => Promise<Admission | Refusal>;

/** Asks the rules alone, without an admission: for stills. */
export type Check = (request: AccessRequest) => Promise<Refusal | null>;

/** Asks whether an admitted client may continue. A cached policy answers at once, without a promise. */
export type Recheck = (app: string, name: string, credentials: Credentials) => Refusal | null | Promise<Refusal | null>;

export type AccessOptions = {
  /** Read for every request, since a reload may change them. */
  readonly settings: () => AccessSettings;
  readonly policies: StreamPolicyCache;
  readonly callbacks: Callbacks;
  readonly now?: () => number;
};

/** A random number for a connection, as SRS has them. */
export function newClientId(): string {
  return String(randomInt(1, 2 ** 47));
}

export class AccessControl {
  private readonly options: AccessOptions;
  /** Open admissions to streams of lessons, by app/name. */
  private readonly open = new Map<string, Set<OpenAdmission>>();

  constructor(options: AccessOptions) {
    this.options = options;
    options.policies.onChanged((app, name, policy) => this.review(app, name, policy));
  }

  readonly check: Check = async (request) => refuseStillsLink(request) ?? decide(await this.subjectOf(request));

  /** The decision of every rule about a request. Admits no client. */
  readonly explain = async (request: AccessRequest): Promise<readonly RuleDecision[]> => explain(await this.subjectOf(request));

  readonly ask: Ask = async (request, present) => {
    const refused = await this.check(request);
    if (refused) return refused;
    const { name } = request;
    const { callbacks } = this.options;
    const event = eventOf(request);
    if (!callbacks.wants(event.action)) {
      const absent = await present(name);
      return absent ?? this.admit(request, name, null);
    }
    // A back end in the style of nginx-rtmp may redirect to another name, so this name's stream need not be there.
    const absent = callbacks.renames ? null : await present(name);
    if (absent) return absent;
    const answer = await callbacks.ask(event);
    if (answer instanceof Refusal) return answer;
    const admission = this.admit(request, answer.name ?? name, event);
    const missing = callbacks.renames ? await present(admission.name) : null;
    if (missing) admission.close();
    return missing ?? admission;
  };

  /** Works in every process, not only in the one that admitted the client, because every process accepts an HLS session. */
  readonly recheck: Recheck = (app, name, credentials) => {
    if (!isLessonStream(name)) return decide(this.stay(app, name, credentials, null));
    const { policies } = this.options;
    const cached = policies.peek(app, plainName(name));
    if (cached) return decide(this.stay(app, name, credentials, cached));
    return policies.find(app, plainName(name)).then((found) => decide(this.stay(app, name, credentials, orAbsent(found))));
  };

  private async subjectOf(request: AccessRequest): Promise<AccessSubject> {
    const { action, app, name } = request;
    const lesson = isLessonStream(name) ? orAbsent(await this.options.policies.find(app, plainName(name))) : null;
    return this.subject(action, request, lesson);
  }

  private stay(app: string, name: string, credentials: Credentials, lesson: AccessSubject["lesson"]): AccessSubject {
    return this.subject("stay", { app, name, ip: "", credentials }, lesson);
  }

  private subject(
    purpose: Purpose,
    { app, name, ip, credentials }: Pick<AccessSubject, "app" | "name" | "ip" | "credentials">,
    lesson: AccessSubject["lesson"],
  ): AccessSubject {
    const { settings, now = systemClock.utc } = this.options;
    return { purpose, app, name, ip, credentials, lesson, recording: null, settings: settings(), now: now() };
  }

  private admit(request: AccessRequest, name: string, event: CallbackEvent | null): Admission {
    const { app, action, credentials } = request;
    const { callbacks, policies } = this.options;
    const key = `${app}/${plainName(request.name)}`;
    const admission = new OpenAdmission(name, credentials.viewer, action === "publish" ? credentials.publishKey : null, () => {
      const others = this.open.get(key);
      others?.delete(admission);
      if (others?.size === 0) this.open.delete(key);
      if (event) callbacks.closed(event);
    });
    if (event) callbacks.opened(event);
    if (!isLessonStream(request.name)) return admission;
    this.open.set(key, (this.open.get(key) ?? new Set()).add(admission));
    // The policy may have changed during the callbacks.
    const policy = policies.peek(app, plainName(request.name));
    if (policy) this.reviewOne(admission, app, policy);
    return admission;
  }

  /** Withdraws the admissions that a changed policy refuses. */
  private review(app: string, name: string, policy: StreamPolicy | null): void {
    for (const admission of [...(this.open.get(`${app}/${name}`) ?? [])]) this.reviewOne(admission, app, policy);
  }

  private reviewOne(admission: OpenAdmission, app: string, policy: StreamPolicy | null): void {
    const credentials = admittedCredentials(admission.viewer, admission.publishKey);
    const refusal = decide(this.stay(app, admission.name, credentials, orAbsent(policy)));
    if (refusal) admission.withdraw(refusal);
  }
}

/** A link for still images opens nothing else. */
function refuseStillsLink({ protocol, credentials }: AccessRequest): Refusal | null {
  if (credentials.link?.viewer !== STILLS_ONLY || protocol === "still") return null;
  return new Refusal("refused-by-rule", ruleText("link-of-stills"));
}

function orAbsent(found: StreamPolicy | Refusal | null): StreamPolicy | Refusal {
  return found ?? new Refusal("no-such-stream");
}

function eventOf(request: AccessRequest): CallbackEvent {
  const { action, protocol, app, name, ip, credentials, tcUrl = "", pageUrl = "" } = request;
  return { action, clientId: request.clientId ?? newClientId(), protocol, app, name, ip, param: credentials.query, tcUrl, pageUrl };
}
