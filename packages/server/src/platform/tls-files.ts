/**
 * Reads a certificate and its key from PEM files, and reloads them when they change. An unusable pair is refused and the current one stays, so
 * a failed renewal interrupts no lesson.
 */
import { readFileSync, unwatchFile, watchFile } from "node:fs";
import { createSecureContext } from "node:tls";
import type { Logger } from "./log.ts";

export type TlsPair = { readonly cert: string; readonly key: string };
export type TlsPaths = { readonly cert: string; readonly key: string };

/** Renewal tools often replace symbolic links, which only polling detects. */
const POLL_MS = 1000;

/** Reads the pair. @throws Error when a file is missing, or the files are no certificate with its key */
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
 * @param onChange receives each usable new pair
 * @returns a function that stops watching
 */
export function watchTlsPair(paths: TlsPaths, current: TlsPair, log: Logger, onChange: (pair: TlsPair) => void): () => void {
  let known = current;
  let lastReason = "";
  const reload = (): void => {
    try {
      const next = readTlsPair(paths);
      lastReason = "";
      if (next.cert === known.cert && next.key === known.key) return;
      known = next;
      onChange(next);
      log.info({ cert: paths.cert }, "certificate reloaded");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // A renewal replaces one file after the other; a lasting fault is logged once.
      if (reason !== lastReason) log.error({ reason }, "certificate reload failed, keeping the current certificate");
      lastReason = reason;
    }
  };
  for (const path of [paths.cert, paths.key]) watchFile(path, { interval: POLL_MS, persistent: false }, reload);
  return () => {
    for (const path of [paths.cert, paths.key]) unwatchFile(path, reload);
  };
}
