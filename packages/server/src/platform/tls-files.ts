/**
 * A certificate and its key from files in PEM, read again when they change. What cannot be used is refused, and the one in use stays:
 * a renewal that went wrong costs nobody the lesson.
 */
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Logger } from "./log.ts";

export type TlsPair = { readonly cert: string; readonly key: string };
export type TlsPaths = { readonly cert: string; readonly key: string };

/** Certificates are renewed weeks before they expire; tools that do it replace links as often as files, which only asking finds. */
const LOOK_EVERY_MS = 1000;

/** The pair as it is now. @throws Error when a file is not there, or they are no certificate with its key */
export function readTlsPair(paths: TlsPaths): TlsPair {
  const pair = { cert: readFileSync(paths.cert, "utf8"), key: readFileSync(paths.key, "utf8") };
  try {
    createSecureContext(pair);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${paths.cert} and ${paths.key} are not a certificate with its key: ${reason}`, { cause });
  }
  return pair;
}

/**
 * Watches both files.
 * @param onChange gets each new pair that can be used
 * @returns a function that ends it
 */
export function watchTlsPair(paths: TlsPaths, current: TlsPair, log: Logger, onChange: (pair: TlsPair) => void): () => void {
  let known = current;
  let complaint = "";
  const look = (): void => {
    try {
      const next = readTlsPair(paths);
      complaint = "";
      if (next.cert === known.cert && next.key === known.key) return;
      known = next;
      onChange(next);
      log.info({ cert: paths.cert }, "a new certificate is in use");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Between its two files a renewal is half done for a moment; what stays wrong is said once.
      if (reason !== complaint) log.error({ reason }, "the new certificate cannot be used; the old one stays");
      complaint = reason;
    }
  };
  for (const path of [paths.cert, paths.key]) watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, look);
  return () => {
    for (const path of [paths.cert, paths.key]) unwatchFile(path, look);
  };
}
