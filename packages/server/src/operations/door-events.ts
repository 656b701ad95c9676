/** Writes the events of doors to metrics and log. */
import type { AbuseSignal } from "../access/protection/protection-messages.ts";
import type { PublishSession } from "../live/streams/index.ts";
import type { HandshakeFailure } from "../network/node-tls.ts";
import { systemClock } from "../platform/clock.ts";
import type { Logger } from "../platform/log.ts";
import { LogThrottle } from "../platform/log-throttle.ts";
import type { Refusal } from "../platform/refusal.ts";
import type { Metrics } from "./metrics.ts";

export type OnRefused = (what: string, protocol: string, stream: string, ip: string, refusal: Refusal, agent?: string) => void;
export type OnSign = (ip: string, sign: AbuseSignal, about: string) => void;
export type DoorEvents = ReturnType<typeof doorEvents>;

/**
 * @param onRefused hears of every refusal: action, protocol, stream or recording, address
 * @param onSign hears of what makes an address look abusive
 */
export function doorEvents(metrics: Metrics, log: Logger, onRefused: OnRefused = () => {}, onSign: OnSign = () => {}) {
  // Strangers can cause refusals at any rate: metrics count all of them, the log has some of each second.
  const throttle = new LogThrottle(systemClock, (count) => log.info({ count }, "refusal log lines suppressed"));
  return {
    refused: (what: string, protocol: string, stream: string, ip: string, refusal: Refusal, agent?: string): void => {
      metrics.refused(refusal.code, what === "play" ? protocol : null, refusal.rule);
      onRefused(what, protocol, stream, ip, refusal, agent);
      if (throttle.allow())
        log.info({ what, protocol, stream, ip, reason: refusal.code, rule: refusal.rule ?? undefined }, "client refused");
    },
    broken: (ip: string, rule: string): void => {
      metrics.refused("protocol", null);
      onSign(ip, "malformed", rule);
      if (throttle.allow()) log.info({ ip, rule }, "connection closed, peer broke the protocol");
    },
    /** A connection ended without a complete request. */
    unheard: (ip: string, sign: "empty-connection" | "malformed" | "slow", about: string): void => onSign(ip, sign, about),
    nodeRefused: (failure: HandshakeFailure): void => {
      if (throttle.allow()) logHandshakeFailure(log, failure);
    },
    failed: (error: unknown): void => log.error({ err: error }, "recorded media not sent"),
    publishing: ({ stream, source }: PublishSession): void =>
      log.info({ stream: `${stream.app}/${stream.name}`, ...source }, "publisher connected"),
    unpublished: ({ stream }: PublishSession, reason: string): void =>
      log.info({ stream: `${stream.app}/${stream.name}`, reason }, "publisher disconnected"),
    joined: (protocol: string, seconds: number): void => metrics.joined(protocol, seconds),
    sent: (protocol: string, bytes: number): void => metrics.sent(protocol, bytes),
    slowPath: (what: string): void => metrics.slowPath(what),
  };
}

/** Logs a connection to the port for nodes that failed in its handshake. */
export function logHandshakeFailure(log: Logger, { wrongSecret, reason }: HandshakeFailure): void {
  if (wrongSecret) log.warn({ reason }, "node refused, wrong cluster secret");
  else log.info({ reason }, "connection to the node port closed before its TLS handshake ended");
}
