/**
 * Who may publish and who may watch: the one function that every door asks before it lets somebody near a stream, and the permission
 * that it gives, which can be withdrawn.
 *
 *     rules of the configuration, or of the stream's lesson ─▶ is there anything to let them to? ─▶ the school's own system, if it wants to be asked
 */
import { randomInt } from "node:crypto";
import { Refusal } from "../platform/refusal.ts";
import type { CallbackEvent, Callbacks } from "./callbacks/callbacks.ts";
import { verifyLink } from "./links/signed-link.ts";
import type { RecordingInfo } from "./policies/recording-info.ts";
import { isKeyOf, isLessonStream, plainName, type StreamPolicy } from "./policies/stream-policy.ts";
import type { StreamPolicyCache } from "./policies/stream-policy-cache.ts";
import { equalSecrets } from "./secrets.ts";

export type AccessRequest = {
  readonly action: "publish" | "play";
  /** As metrics name it: rtmp, flv, ws, hls. */
  readonly protocol: string;
  readonly app: string;
  readonly name: string;
  /** The person's address, after trusted proxies. */
  readonly ip: string;
  /** What stood behind the name in the address: `key`, or a signed link's parameters. */
  readonly query: URLSearchParams;
  /** The connection's number, where it has been given one; else it gets one. */
  readonly clientId?: string;
  /** `rtmp://host/app`, or the address's part before the stream's name. */
  readonly tcUrl?: string;
  /** The page that asks, where it says so. */
  readonly pageUrl?: string;
};

export type AccessRules = {
  readonly publish: { readonly allow: "keys" | "any"; readonly keys: Readonly<Record<string, string>> };
  readonly play: { readonly allow: "any" | "signed" };
  /** Secrets of signed links; the first is the one in use, others are still accepted. */
  readonly linkSecrets: readonly string[];
};

/** That somebody may publish or watch, for as long as they do. */
export type Admission = {
  /** What they may have: the school's own system may have named another stream. */
  readonly name: string;
  /** Whom a signed link was given to. */
  readonly viewer: string | null;
  /** Calls, once, when the permission is withdrawn; at once where it has been already. */
  readonly onWithdrawn: (listener: (refusal: Refusal) => void) => void;
  /** The person has gone. May be called twice. */
  readonly close: () => void;
};

/**
 * @param present asked after the rules, with the stream's name: a refusal when there is nothing to let somebody to
 */
export type Ask = (
  request: AccessRequest,
  present: (name: string) => Refusal | null | Promise<Refusal | null>,
) => Promise<Admission | Refusal>;

/** The rules alone: for what is shown of a stream without watching it. */
export type Look = (request: AccessRequest) => Promise<Refusal | null>;

/** @param isViewer whether a viewer of a link is the one that the token was given to */
export type Recheck = (
  app: string,
  name: string,
  isViewer: (viewer: string) => boolean,
) => Refusal | null | Promise<Refusal | null>;

export type AccessOptions = {
  /** Read anew for each question, since a reload may change them. */
  readonly rules: () => AccessRules;
  /** Of lessons. */
  readonly lessons: StreamPolicyCache;
  readonly callbacks: Callbacks;
  readonly now?: () => number;
};

/** Where links to recordings lead: `/vod/ID`. */
export const RECORDINGS = "vod";

/** A number for a connection, that no other is likely to have. */
export function newClientId(): string {
  return String(randomInt(1, 2 ** 47));
}

export class AccessControl {
  private readonly options: AccessOptions;
  /** Those let in to streams of lessons, by app/name. */
  private readonly open = new Map<string, Set<OpenAdmission>>();

  constructor(options: AccessOptions) {
    this.options = options;
    options.lessons.onChanged((app, name, rule) => this.review(app, name, rule));
  }

  readonly look: Look = async (request) => {
    const { app, name } = request;
    const isLesson = isLessonStream(name);
    const rule = isLesson ? await this.options.lessons.find(app, plainName(name)) : null;
    return rule instanceof Refusal ? rule : this.check(request, isLesson, rule);
  };

  readonly ask: Ask = async (request, present) => {
    const { name } = request;
    const isLesson = isLessonStream(name);
    const refused = await this.look(request);
    if (refused) return refused;
    const { callbacks } = this.options;
    const event = eventOf(request);
    if (!callbacks.wants(event.action)) {
      const absent = await present(name);
      return absent ?? this.admit(request, name, isLesson, null);
    }
    // A system in the manner of nginx-rtmp may send people to another name, so what is under this one does not matter yet.
    const absent = callbacks.renames ? null : await present(name);
    if (absent) return absent;
    const answer = await callbacks.ask(event);
    if (answer instanceof Refusal) return answer;
    const admission = this.admit(request, answer.name ?? name, isLesson, event);
    const missing = callbacks.renames ? await present(admission.name) : null;
    if (missing) admission.close();
    return missing ?? admission;
  };

  /**
   * Whether somebody who was let in to a stream may go on, for those whose permission is carried by a token: this process may not be
   * the one that gave it.
   */
  readonly recheck: Recheck = (app, name, isViewer) => {
    if (!isLessonStream(name)) return null;
    const { lessons } = this.options;
    const known = lessons.peek(app, plainName(name));
    if (known) return withdrawn(known, isViewer);
    return lessons.find(app, plainName(name)).then((rule) => {
      if (rule instanceof Refusal) return rule;
      return rule ? withdrawn(rule, isViewer) : new Refusal("no-such-stream");
    });
  };

  /** Whether somebody may watch a recording. */
  readonly recording = (rule: RecordingInfo, query: URLSearchParams, ip: string): Refusal | null => {
    const { play, linkSecrets } = this.options.rules();
    if (!rule.signed && play.allow === "any") return null;
    return verifyLink(RECORDINGS, rule.id, query, ip, linkSecrets, this.options.now?.() ?? Date.now());
  };

  private check(request: AccessRequest, isLesson: boolean, rule: StreamPolicy | null): Refusal | null {
    const rules = this.options.rules();
    const now = this.options.now?.() ?? Date.now();
    if (!isLesson) return request.action === "publish" ? mayPublish(request, rules) : mayPlay(request, rules, now);
    if (!rule) return new Refusal("no-such-stream");
    if (request.action === "publish") return mayPublishLesson(request, rule);
    const viewer = request.query.get("viewer");
    const { app, name, query, ip } = request;
    return (
      verifyLink(app, name, query, ip, rules.linkSecrets, now) ??
      (viewer !== null && rule.removed.includes(viewer) ? new Refusal("removed-from-lesson") : null)
    );
  }

  private admit(request: AccessRequest, name: string, isLesson: boolean, event: CallbackEvent | null): Admission {
    const key = `${request.app}/${plainName(request.name)}`;
    const admission = new OpenAdmission(name, request.query.get("viewer"), () => {
      const others = this.open.get(key);
      others?.delete(admission);
      if (others?.size === 0) this.open.delete(key);
      if (event) this.options.callbacks.gone(event);
    });
    if (event) this.options.callbacks.entered(event);
    if (!isLesson) return admission;
    this.open.set(key, (this.open.get(key) ?? new Set()).add(admission));
    // The rule may have changed while others were asked.
    const rule = this.options.lessons.peek(request.app, plainName(request.name));
    const refusal = rule && withdrawn(rule, (viewer) => viewer === admission.viewer);
    if (refusal) admission.withdraw(refusal);
    return admission;
  }

  /** A lesson's rule has changed: whoever it does not let in any more goes. */
  private review(app: string, name: string, rule: StreamPolicy | null): void {
    for (const admission of [...(this.open.get(`${app}/${name}`) ?? [])]) {
      const refusal = rule ? withdrawn(rule, (viewer) => viewer === admission.viewer) : new Refusal("no-such-stream");
      if (refusal) admission.withdraw(refusal);
    }
  }
}

class OpenAdmission implements Admission {
  readonly name: string;
  readonly viewer: string | null;
  private readonly onClose: () => void;
  private listener: ((refusal: Refusal) => void) | null = null;
  private refusal: Refusal | null = null;
  private closed = false;

  constructor(name: string, viewer: string | null, onClose: () => void) {
    this.name = name;
    this.viewer = viewer;
    this.onClose = onClose;
  }

  readonly onWithdrawn = (listener: (refusal: Refusal) => void): void => {
    this.listener = listener;
    if (this.refusal) listener(this.refusal);
  };

  readonly close = (): void => {
    if (this.closed) return;
    this.closed = true;
    this.onClose();
  };

  withdraw(refusal: Refusal): void {
    if (this.refusal || this.closed) return;
    this.refusal = refusal;
    this.listener?.(refusal);
  }
}

function withdrawn(rule: StreamPolicy, isViewer: (viewer: string) => boolean): Refusal | null {
  if (!rule.open) return new Refusal("lesson-ended");
  return rule.removed.some(isViewer) ? new Refusal("removed-from-lesson") : null;
}

function mayPublish(request: AccessRequest, rules: AccessRules): Refusal | null {
  if (rules.publish.allow === "any") return null;
  const given = request.query.get("key");
  if (given === null || given === "") return noKey();
  const wanted = rules.publish.keys[`${request.app}/${request.name}`];
  // A name without a key is compared as well, so that it takes as long and tells no more.
  const right = equalSecrets(given, wanted ?? given.split("").reverse().join("x"));
  return wanted !== undefined && right ? null : new Refusal("bad-key");
}

function mayPublishLesson({ query, name }: AccessRequest, rule: StreamPolicy): Refusal | null {
  const given = query.get("key");
  if (given === null || given === "") return noKey();
  if (!isKeyOf(rule, given) || name !== rule.name) return new Refusal("bad-key");
  return rule.open ? null : new Refusal("lesson-ended");
}

function noKey(): Refusal {
  return new Refusal("not-signed-in", "A publish key is needed: put ?key=KEY behind the stream's name.");
}

function mayPlay(request: AccessRequest, rules: AccessRules, now: number): Refusal | null {
  if (rules.play.allow === "any") return null;
  return verifyLink(request.app, request.name, request.query, request.ip, rules.linkSecrets, now);
}

function eventOf(request: AccessRequest): CallbackEvent {
  const { action, protocol, app, name, ip, query, tcUrl = "", pageUrl = "" } = request;
  const param = query.size > 0 ? `?${query}` : "";
  return { action, clientId: request.clientId ?? newClientId(), protocol, app, name, ip, param, tcUrl, pageUrl };
}
