/** Finds where pages and the player read the clock of a person's device, which may be wrong: they have the server's time from one file. */
import { lineAt, type Source } from "./sources.ts";

const OF_PEOPLE = [
  "packages/web/src/",
  "packages/ui/src/",
  "packages/player/src/",
  "packages/publisher/src/",
  "packages/board/src/",
  "packages/exam/src/",
  "packages/room/src/",
];
const READS_IT: readonly string[] = [
  "packages/player/src/clock/server-clock.ts",
  // Timers that are late by the device's clock tell that it slept.
  "packages/publisher/src/supervise/watch-network.ts",
  // The library of dates gets the server's time here.
  "packages/web/src/schedule/dates.ts",
];
const READINGS = /\bDate\.now\b|\bnew Date(?:\(\s*\)|(?!\s*\())|(?<!\bnew )(?<![.\w])Date\(\s*\)|\bfrom "luxon"/g;
/** Types are no readings. */
const TYPE_BEFORE = /\bimport type [^;\n]*$/;

export function findDeviceClocks(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path, isTest }) => !isTest && OF_PEOPLE.some((folder) => path.startsWith(folder)) && !READS_IT.includes(path))
    .flatMap(({ path, text, comments }) =>
      [...text.matchAll(READINGS)]
        .filter(({ index }) => !comments.some(({ start, end }) => index >= start && index < end))
        .filter(({ index }) => !TYPE_BEFORE.test(text.slice(0, index)))
        .map(
          ({ 0: reading, index }) =>
            `${path}:${lineAt(text, index)}: ${reading} is a person's device; take serverClock, or schedule/dates.ts`,
        ),
    );
}
