/**
 * The school's own system, asked before somebody is let in, and told when they have gone: HTTP callbacks in the manner of SRS, or of
 * nginx-rtmp. Whoever was let in after it was asked is reported gone exactly once.
 */
import type { Logger } from "../../platform/log.ts";
import { Refusal } from "../../platform/refusal.ts";
import { signBody } from "../secrets.ts";
import { type Encoded, encodeNginx, encodeNginxRecorded, encodeSrs, encodeSrsRecorded, type Gone } from "./formats.ts";

export type CallbackAction = "connect" | "publish" | "play";

/** Somebody who wants to connect, to publish or to watch. */
export type CallbackEvent = {
  readonly action: CallbackAction;
  /** The same from connecting to having gone. */
  readonly clientId: string;
  readonly protocol: string;
  readonly app: string;
  /** The stream's; empty when connecting. */
  readonly name: string;
  readonly ip: string;
  /** The query of the address, with its `?`. */
  readonly param: string;
  readonly tcUrl: string;
  readonly pageUrl: string;
};

/** A file of a recording that is whole. */
export type RecordedFile = {
  readonly app: string;
  readonly name: string;
  /** Where the server stands, and the file, whole. */
  readonly cwd: string;
  readonly file: string;
  readonly seconds: number;
};

export type CallbackSettings = {
  /** Addresses by event: `on_publish`, `on_play`, … All of one event are asked, one after the other. */
  readonly urls: Readonly<Record<string, readonly string[]>>;
  readonly style: "srs" | "nginx-rtmp";
  readonly timeoutMs: number;
  /** What a time-out or a 5xx means. */
  readonly onFailure: "refuse" | "allow";
  /** Signs what is sent; empty for no signature. */
  readonly secret: string;
};

/** Allowed; under another name, where the system says so. */
export type Allowed = { readonly name: string | null };

/**
 * Keeps account of those who are in, outside of this process: if it dies, whoever comes after it reports them gone.
 */
export type Ledger = { readonly opened: (event: CallbackEvent) => void; readonly closed: (event: CallbackEvent) => void };

const ASKS = { connect: "on_connect", publish: "on_publish", play: "on_play" } as const;
const GONE = { connect: "on_close", publish: "on_unpublish", play: "on_stop" } as const satisfies Record<CallbackAction, Gone>;
/** Questions that are on their way at once; others wait their turn. */
const AT_ONCE = 64;
const MOST_WAITING = 20_000;
/** That somebody has gone is said again after these waits, where it surely was not heard. */
const AGAIN_MS = [1000, 5000, 30_000];
const MAX_ANSWER = 4096;
const NAME = /^[A-Za-z0-9_-]{1,128}$/;

type Heard = { readonly status: number; readonly body: string; readonly location: string | null };

export class Callbacks {
  private readonly settings: () => CallbackSettings;
  private readonly serverId: string;
  private readonly log: Logger;
  private readonly ledger: Ledger | null;
  private running = 0;
  private readonly telling = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];

  constructor(settings: () => CallbackSettings, serverId: string, log: Logger, ledger: Ledger | null = null) {
    this.settings = settings;
    this.serverId = serverId;
    this.log = log;
    this.ledger = ledger;
  }

  /** Whether it wants to be asked, or told of the end. */
  wants(action: CallbackAction): boolean {
    const { urls } = this.settings();
    return (urls[ASKS[action]]?.length ?? 0) > 0 || (urls[GONE[action]]?.length ?? 0) > 0;
  }

  /** Whether an answer may name another stream. */
  get renames(): boolean {
    return this.settings().style === "nginx-rtmp";
  }

  /** Refuses with `refused-by-callback` and `callback-failed`. */
  async ask(event: CallbackEvent): Promise<Allowed | Refusal> {
    let name: string | null = null;
    for (const url of this.settings().urls[ASKS[event.action]] ?? []) {
      const answer = await this.askOne(url, event);
      if (answer instanceof Refusal) return answer.by("callbacks");
      name = answer.name ?? name;
    }
    return { name };
  }

  /** Somebody has been let in. */
  entered(event: CallbackEvent): void {
    this.ledger?.opened(event);
  }

  /** Somebody who was let in has gone. */
  gone(event: CallbackEvent): void {
    this.ledger?.closed(event);
    this.tellAll(GONE[event.action], event.clientId, () => this.encode(event, GONE[event.action]));
  }

  /** A file of a recording is whole. */
  recorded(file: RecordedFile): void {
    this.tellAll("on_dvr", file.file, () =>
      this.settings().style === "srs" ? encodeSrsRecorded(file, this.serverId) : encodeNginxRecorded(file),
    );
  }

  /** Resolves when all that was to be told has been, or after so long. */
  async settle(withinMs: number): Promise<void> {
    const late = new Promise<void>((resolve) => setTimeout(resolve, withinMs).unref());
    await Promise.race([Promise.all(this.telling), late]);
  }

  private async askOne(url: string, event: CallbackEvent): Promise<Allowed | Refusal> {
    const { style, onFailure } = this.settings();
    const heard = await this.post(url, this.encode(event, ASKS[event.action])).catch((error: unknown) => {
      this.log.warn({ url: withoutQuery(url), action: event.action, reason: String(error) }, "a callback failed");
      return null;
    });
    if (!heard || heard.status >= 500) {
      if (heard) this.log.warn({ url: withoutQuery(url), action: event.action, status: heard.status }, "a callback failed");
      return onFailure === "allow" ? { name: null } : new Refusal("callback-failed");
    }
    return style === "srs" ? srsAnswer(heard) : nginxAnswer(heard);
  }

  private tellAll(what: Gone | "on_dvr", of: string, encode: () => Encoded): void {
    for (const url of this.settings().urls[what] ?? []) {
      const told = this.tell(url, what, of, encode);
      this.telling.add(told);
      void told.then(() => this.telling.delete(told));
    }
  }

  /** A connection that was never made, and a 5xx, were surely not heard; after a time-out nobody knows, and twice is worse than late. */
  private async tell(url: string, what: string, of: string, encode: () => Encoded): Promise<void> {
    for (const wait of [...AGAIN_MS, null]) {
      let reason: string;
      try {
        const { status } = await this.post(url, encode());
        if (status < 500) return;
        reason = `status ${status}`;
      } catch (error) {
        reason = String(error instanceof Error && error.cause ? error.cause : error);
        if (!/ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ECONNRESET/.test(reason)) return this.lost(url, what, of, reason);
      }
      if (wait === null) return this.lost(url, what, of, reason);
      await new Promise<void>((resolve) => setTimeout(resolve, wait).unref());
    }
  }

  private lost(url: string, action: string, of: string, reason: string): void {
    this.log.warn({ url: withoutQuery(url), action, of, reason }, "a callback failed");
  }

  private encode(event: CallbackEvent, what: (typeof ASKS)[CallbackAction] | Gone): Encoded {
    return this.settings().style === "srs" ? encodeSrs(event, what, this.serverId) : encodeNginx(event, what);
  }

  private async post(url: string, { type, body }: Encoded): Promise<Heard> {
    await this.turn();
    try {
      const { timeoutMs, secret } = this.settings();
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: {
          "content-type": type,
          "user-agent": "Lectern",
          ...(secret ? { "lectern-signature": signBody(body, secret) } : {}),
        },
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      return {
        status: response.status,
        body: (await response.text()).slice(0, MAX_ANSWER),
        location: response.headers.get("location"),
      };
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }

  private async turn(): Promise<void> {
    if (this.running >= AT_ONCE) {
      if (this.waiting.length >= MOST_WAITING) throw new Error("too many callbacks wait");
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.running++;
  }
}

/** SRS: 200 with `0`, or with JSON whose `code` is 0. */
function srsAnswer({ status, body }: Heard): Allowed | Refusal {
  if (status === 200 && (body.trim() === "0" || codeOf(body) === 0)) return { name: null };
  return new Refusal("refused-by-callback");
}

/** nginx-rtmp: 2xx allows; a redirect to a name, or to an address that ends with it, allows that one. */
function nginxAnswer({ status, location }: Heard): Allowed | Refusal {
  if (status >= 200 && status < 300) return { name: null };
  const name = status >= 300 && status < 400 ? (location ?? "").split("?")[0]?.split("/").at(-1) : undefined;
  return name !== undefined && NAME.test(name) ? { name } : new Refusal("refused-by-callback");
}

function codeOf(body: string): unknown {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? Reflect.get(value, "code") : null;
  } catch {
    return null;
  }
}

/** Secrets may stand in the query. */
function withoutQuery(url: string): string {
  return url.split("?")[0] ?? url;
}
