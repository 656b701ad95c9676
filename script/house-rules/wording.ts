/**
 * Finds words that the project has replaced by the field's term, in code and in prose. A name on the wire or on the disk that an older
 * version knows may stay: see ON_THE_WIRE.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { SECOND_READING } from "./second-reading.ts";
import { lineAt, ROOT, type Source } from "./sources.ts";

/** What is found, and what to write instead. Looked for in identifiers, comments, strings and documents. */
const REPLACED: readonly (readonly [RegExp, string])[] = [
  [/\bgroups? of pictures\b/gi, "GOP"],
  [/\b(?:Stream|Packed)Records?\b|\b(?:en|de)codeRecord\b|\brecordBytes\b/g, "log entry"],
  [/\b[Cc]utters?\b|\bforced[ _]?[Cc]uts?\b/g, "segmenter, nonKeyframeSegments"],
  [/\b[Tt]apes?\b|\bprelude\b|\bintroductions?\b/g, "output buffer, init bytes, join context"],
  [/\brotas?\b|\bin step\b/gi, "synced, lagging, slot, schedule"],
  [/\bledgers?\b/gi, "StreamTable"],
  [/\bkeepers?\b/gi, "recorder node, recording maintenance"],
  [/\bpastOver\b|\bpastSegment\b/g, "backfillEnd"],
  [/\b[Hh]alves\b|\bHalf\b/g, "path striping, stripe"],
  [/\basides?\b/gi, "repair connection"],
  [/\bonItsWay\b|\bon its way\b/gi, "in-flight window"],
  [/\b[Mm]anners?\b/g, "ClaimOptions"],
  [/\b(?:un)?seal(?:ed|s|Frame|Configuration|Data)?\b/gi, "flv-mux, signed envelope"],
  [/\broomy\b/gi, "headroom"],
  [/\bhouse\b(?![ -]rules)/gi, "node services"],
  [/\bcrowds?\b/gi, "stream popularity"],
  [/\b[Mm]over\b/g, "viewer drain"],
  [/\b[Dd]uty\b/g, "leader task, advisory lock"],
  [/\bdesks?\b/gi, "RouteContext, service"],
  [/\bwarmth\b/gi, "recording prefetch"],
  [/\b[Ww]ish(?:es)?\b/g, "DispatchRequest"],
  [/\bMemoryPool\b|\bmemory[- ]pool\b|\bmemory that goes round\b/gi, "BufferPool"],
  [/\blookEvery\w*\b/g, "poll, …PollMs"],
  [/\bTurns\b/g, "Semaphore"],
  [/\bJobRoom\b/g, "CoreBudget"],
  [/\brequireRoom\b/g, "assertQuota"],
  [/\bPatientClock\b/g, "StallCompensatedClock"],
  [/\bBusEcho\b|\bHopMeter\b|\b[lL]oopHolds?\b/g, "BusLatency, RelayLatencyMeter, eventLoopDelay"],
  [/\bAskedThread\b|\baskPatiently\b/g, "RequestThread, retryUntil"],
  [/\bHeldEntries\b/g, "RetainedEntries"],
  [/\bGivenRule\b|\bToldFacts\b|\btoldBy\b/g, "InputRule, SharedFacts, sharedBy"],
  [/\bMarkTrial\b|\bMarkStay\b/g, "WatermarkTrial, WatermarkStay"],
  [/\b(?:openS|s)ocket-?[aA]head\b|\bcontent-?[aA]head\b/g, "preconnectSocket, prefetchContent"],
  [/\bWorkerLine\b|\bLineWorker\b/g, "RoomSocketProxy, RoomSocketWorker"],
  [/\bpublisher (?:came|left")/g, "publisher connected, publisher disconnected"],
];
/** Sentences that a reader has to guess at. */
const RIDDLES: readonly (readonly [RegExp, string])[] = [
  [/\b[Ww]ho(?:so)?ever\b/g, "name the actor"],
  [/\banew\b/g, "again"],
  [/\b(?:go|goes|going|went) round\b/g, "is reused, rotates"],
  [/\b(?:is|are|was|were) away\b/g, "is unreachable, is down"],
  [/\bsomebody who\b/gi, "name the actor"],
];
/** Files whose strings are names on the wire or on the disk. */
const ON_THE_WIRE: readonly { readonly path: RegExp; readonly words: RegExp }[] = [
  // Old keys, which are refused with their new names.
  { path: /platform\/config\/renamed-keys/, words: /^(?:operators|protection|sources|webhooks)\./ },
  { path: /live\/relay\/registry\/(?:stream-table-entry|job-leases\.test)\.ts$/, words: /^keeper$/ },
  {
    path: /network\/(?:membership|shared-database\.test|simulate\/fleet|topology\.test|membership\.test|README)/,
    words: /^crowds$/,
  },
  // A clip of tests.
  { path: /^e2e\//, words: /^calm(?:_ms)?$/i },
  // The name of an advisory lock, which an older process may hold during an upgrade.
  { path: /school\/services\.ts$/, words: /^duty$/ },
  { path: /live\/relay\/registry\/writer-messages\.ts$/, words: /^manner$/ },
  { path: /node\/(?:cluster\/callback-sessions|processes\/supervisor-parts)\.ts$/, words: /^(?:anew|manner)$/ },
  { path: /node\/cluster\/(?:cluster|test-cluster|prefetcher)\.ts$/, words: /^crowds$/ },
];
/** Documents that tell of what was. */
const HISTORY = /^CHANGELOG\.md$/;
const DOCUMENTS = ["", "docs", "deploy", "packages"];

export function findOldWords(sources: readonly Source[]): string[] {
  const files = [
    ...sources.filter(({ isGenerated, path }) => !isGenerated && !path.startsWith("script/house-rules/")),
    ...documents().map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") })),
  ];
  return files.flatMap(({ path, text }) =>
    [...REPLACED, ...SECOND_READING, ...RIDDLES].flatMap(([pattern, instead]) =>
      [...text.matchAll(pattern)]
        .filter(([word]) => !ON_THE_WIRE.some((known) => known.path.test(path) && known.words.test(word)))
        .map((match) => `${path}:${lineAt(text, match.index)}: "${match[0]}"; here it is called: ${instead}`),
    ),
  );
}

function documents(): string[] {
  return DOCUMENTS.flatMap((folder) => markdown(join(ROOT, folder), folder !== "")).filter((path) => !HISTORY.test(path));
}

function markdown(directory: string, deep: boolean): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return deep && entry.name !== "node_modules" && entry.name !== "dist" ? markdown(path, true) : [];
    return entry.name.endsWith(".md") ? [relative(ROOT, path)] : [];
  });
}
