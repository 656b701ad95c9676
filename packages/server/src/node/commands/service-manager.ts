/**
 * Tells systemd how the service is, where it has started it: sd_notify(3), by the program `systemd-notify`, since Node.js has no datagram sockets of the
 * file system. Elsewhere nothing is told.
 */
import { execFile } from "node:child_process";
import type { Logger } from "../../platform/log.ts";

export type ServiceManager = {
  /** The server takes requests. From now on systemd is told so twice in each period of its watchdog. */
  readonly ready: () => void;
  /** The watchdog is still told meanwhile: draining may take longer than its period. */
  readonly stopping: () => void;
  /** Ends what the watchdog is told; the end of the process does so too. */
  readonly close: () => void;
};

const MICROSECONDS = 1000;

/** @param environment has NOTIFY_SOCKET and WATCHDOG_USEC where systemd asks for them */
export function openServiceManager(environment: NodeJS.ProcessEnv, log: Logger): ServiceManager {
  if (!environment["NOTIFY_SOCKET"]) return { ready: () => {}, stopping: () => {}, close: () => {} };
  const notify = (...states: readonly string[]): void => {
    execFile("systemd-notify", states, { env: environment }, (error) => {
      if (error) log.warn({ reason: error.message }, "systemd not notified");
    });
  };
  const watchdogMs = Number(environment["WATCHDOG_USEC"] ?? 0) / MICROSECONDS;
  let watchdog: NodeJS.Timeout | undefined;
  return {
    ready: () => {
      notify("--ready");
      if (watchdogMs > 0) watchdog = setInterval(() => notify("WATCHDOG=1"), watchdogMs / 2).unref();
    },
    stopping: () => notify("STOPPING=1"),
    close: () => clearInterval(watchdog),
  };
}
