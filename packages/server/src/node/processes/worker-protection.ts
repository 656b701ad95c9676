/**
 * Provides the protection of a media worker against abuse: it counts abuse signals, reports them each second, and applies the countermeasures that the supervisor
 * sends.
 */
import type { AccessRequest } from "../../access/access.ts";
import type { AddressKnowledge, ClientFacts } from "../../access/credentials/client-facts.ts";
import type { KnownPolicies } from "../../access/policies/policy-snapshot.ts";
import { AbuseSignalTally } from "../../access/protection/abuse-signal-tally.ts";
import { AddressLimits } from "../../access/protection/address-limits.ts";
import { CountermeasuresInForce } from "../../access/protection/countermeasures-in-force.ts";
import { Crawlers } from "../../access/protection/crawlers.ts";
import { ExemptAddresses } from "../../access/protection/exempt-addresses.ts";
import { hasProofOfWork } from "../../access/protection/proof-of-work.ts";
import type { AbuseSignal, Countermeasure, CountermeasureMessages } from "../../access/protection/protection-messages.ts";
import { ProvenCredentials } from "../../access/protection/proven-credentials.ts";
import { AddressSet, addressOwner } from "../../platform/address.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Config } from "../../platform/config/schema.ts";
import type { Refusal, RefusalCode } from "../../platform/refusal.ts";
import { ProtectionGate } from "../web/protection-gate.ts";
import type { WorkerContext } from "./worker-context.ts";

export type WorkerProtection = CountermeasureMessages & {
  readonly limits: AddressLimits;
  readonly gate: ProtectionGate;
  /** What access rules look up about addresses, with the countermeasures. */
  readonly addresses: AddressKnowledge;
  readonly takePolicies: (known: KnownPolicies) => void;
  /** A door has refused a request. */
  readonly refused: (name: string, ip: string, refusal: Refusal) => void;
  /** The access rules have decided. */
  readonly asked: (request: AccessRequest, refusal: Refusal | null) => void;
  readonly admitted: (client: ClientFacts) => void;
  readonly sign: (ip: string, sign: AbuseSignal, about: string) => void;
  readonly reload: (config: Config) => void;
  readonly close: () => void;
};

const REPORT_MS = 1000;
/** Watching or publishing says more for an address than one request. */
const ADMISSION = 2;
/** Browsers send many requests at once: one that is over the limit says a tenth of a connection that is. */
const OVER_TIMES = { connections: 2, requests: 1 } as const;
/** What a refused name may be refused with. A wrong key is counted with its key. */
const REFUSED_NAMES: ReadonlySet<RefusalCode> = new Set([
  "bad-request",
  "not-signed-in",
  "bad-signature",
  "link-expired",
  "refused-by-rule",
  "refused-by-callback",
  "not-found",
  "no-such-stream",
  "no-such-recording",
  "no-such-lesson",
]);

export function openWorkerProtection(context: WorkerContext, lookups: AddressKnowledge): WorkerProtection {
  const { config, supervisor, start } = context;
  const { locationOf, isListed, ready } = lookups;
  const now = systemClock.utc;
  let trusted = new AddressSet(config().trustedProxies);
  const exempt = new ExemptAddresses({ isListed, now });
  exempt.configure(config().protection.allowedNetworks);
  const isExempt = (ip: string) => exempt.has(ip);
  const isOn = () => config().protection.mode !== "off";
  const tally = new AbuseSignalTally({ isOn, isExempt, isUncounted: (ip) => trusted.has(ip) });
  const countermeasures = new CountermeasuresInForce({ isExempt, now });
  countermeasures.take(start.measures, true);
  const secrets = () => config().secrets.links;
  const countermeasureOf = ({ ip, cookie }: ClientFacts): Countermeasure | null => {
    const measure = countermeasures.of(ip);
    return measure === null || hasProofOfWork(cookie, addressOwner(ip), secrets(), now()) ? null : measure;
  };
  const publicHost = (): string => {
    const { publicUrl } = config().http;
    return publicUrl === "" ? "" : new URL(publicUrl).host;
  };
  const crawlers = new Crawlers();
  const gate = new ProtectionGate({ countermeasures, tally, secrets, publicHost, now, crawlers, proven: new ProvenCredentials() });
  const reporting = setInterval(() => {
    countermeasures.sweep();
    const report = tally.take();
    if (report.length > 0) supervisor.tell("abuseSignalsSeen", report);
  }, REPORT_MS).unref();
  return {
    gate,
    limits: new AddressLimits(() => config().limits.perAddress, {
      isRefused: (owner) => countermeasures.ofOwner(owner) === "refuse",
      onOver: (ip, what) => tally.note(ip, "too-many", `too many ${what}`, OVER_TIMES[what]),
    }),
    addresses: { locationOf, isListed, ready, countermeasureOf },
    measures: ({ held, replaces }) => countermeasures.take(held, replaces),
    takePolicies: ({ snapshot }) => exempt.take(snapshot.exemptions),
    refused: (name, ip, refusal) => {
      // The name of what a measure refuses counts as well: a search for names goes on behind it.
      if (REFUSED_NAMES.has(refusal.code) || refusal.rule === "held-address")
        tally.noteName(ip, "new-name", name, `${refusal.code} ${name}`);
      else if (refusal.code === "too-many") tally.note(ip, "too-many", `too-many ${name}`);
    },
    asked: ({ app, name, client, credentials }, refusal) => {
      if (!refusal) return tally.good(client.ip, ADMISSION);
      // An encoder that repeats one wrong key guesses nothing.
      if (refusal.code === "bad-key")
        tally.noteName(client.ip, "wrong-credential", `${app}/${name} ${credentials.publishKey}`, `bad-key ${app}/${name}`);
    },
    admitted: ({ ip }) => tally.good(ip, ADMISSION),
    sign: (ip, sign, about) => tally.note(ip, sign, about),
    reload: (next) => {
      trusted = new AddressSet(next.trustedProxies);
      exempt.configure(next.protection.allowedNetworks);
    },
    close: () => {
      clearInterval(reporting);
      crawlers.close();
    },
  };
}
