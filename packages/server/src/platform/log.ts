/** Opens the server's log: one line per event on stderr, as JSON, or as text on a terminal. */
import { createRequire } from "node:module";
import { type Logger, pino } from "pino";

const require = createRequire(import.meta.url);

export type { Logger };

export function openLog(level = "info"): Logger {
  if (!process.stderr.isTTY) return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  // Only a terminal needs it.
  const pretty: typeof import("pino-pretty") = require("pino-pretty");
  const lines = pretty({ destination: 2, sync: true, translateTime: "SYS:HH:MM:ss", ignore: "pid,hostname", singleLine: true });
  return pino({ level, base: null }, lines);
}
