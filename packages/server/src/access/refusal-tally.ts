/**
 * Gathers what a media worker refuses, and what rules in dry-run would refuse, for the school's reports: counts of all, and some of each second
 * with what was wrong. Strangers can cause refusals at any rate, so all of it is bounded.
 */
import type { Refusal } from "../platform/refusal.ts";
import type { RefusalKind, RefusalReport, RefusedRequest } from "./policies/refusal-report.ts";

const MAX_KINDS = 500;
const MAX_REQUESTS = 20;
const MAX_TEXT = 200;

export class RefusalTally {
  private readonly schoolOf: (target: string) => string | null;
  private readonly now: () => number;
  private counts = new Map<string, { readonly kind: RefusalKind; count: number }>();
  private requests: RefusedRequest[] = [];

  /** @param schoolOf of a stream or recording that is known here; null else */
  constructor(schoolOf: (target: string) => string | null, now: () => number) {
    this.schoolOf = schoolOf;
    this.now = now;
  }

  /** @param agent the software of a publisher, as it calls itself */
  note(action: string, protocol: string, target: string, ip: string, refusal: Refusal, dryRun: boolean, agent = ""): void {
    const { code, rule, source, about } = refusal;
    const kind = { schoolId: this.schoolOf(target), code, rule, source, dryRun };
    const key = Object.values(kind).join(" ");
    const known = this.counts.get(key);
    if (known) known.count++;
    else if (this.counts.size < MAX_KINDS) this.counts.set(key, { kind, count: 1 });
    const isPublisher = action === "publish";
    // Viewers are many, and must not displace the few who want to teach.
    const alike = this.requests.filter((request) => (request.action === "publish") === isPublisher);
    if (alike.length >= MAX_REQUESTS) return;
    const cut = (text: string) => text.slice(0, MAX_TEXT);
    const words = { en: cut(refusal.problem("en").detail), zh: cut(refusal.problem("zh").detail) };
    this.requests.push({
      ...kind,
      at: this.now(),
      target: cut(target),
      action,
      protocol,
      ip,
      about: about === null ? null : cut(about),
      ...(isPublisher ? { publisher: { agent: cut(agent), words } } : {}),
    });
  }

  /** What was gathered since the last call; null when nothing was. */
  take(): RefusalReport | null {
    if (this.counts.size === 0) return null;
    const counts = [...this.counts.values()].map(({ kind, count }) => ({ ...kind, count }));
    const report = { at: this.now(), counts, requests: this.requests };
    this.counts = new Map();
    this.requests = [];
    return report;
  }
}
