/**
 * Watches a live low-latency HLS stream as a player does, and checks each answer against the standard: RFC 8216 and
 * draft-pantos-hls-rfc8216bis ("bis"). Used by a test for half a minute and by the soak for as long as it takes.
 */
import assert from "node:assert/strict";
import { attributes, type Playlist, readPlaylist, readRuns, type Segment } from "./hls-reader.ts";

export type Findings = {
  updates: number;
  parts: number;
  segments: number;
  hints: { right: number; all: number };
  longestWaitMs: number;
};

/** One frame's length may be missing at the end of a part. */
const SHORTEST_PART = 0.85;
const ROUNDING = 0.0011;

/** How often a playlist and its delta are requested again until both describe the same position. */
const MAX_TRIES = 10;

/** @param url the multivariant playlist */
export async function watchByTheRules(url: string, seconds: number): Promise<Findings> {
  const findings: Findings = { updates: 0, parts: 0, segments: 0, hints: { right: 0, all: 0 }, longestWaitMs: 0 };
  const base = await mediaPlaylistOf(url);
  let before = await load(base);
  checkHeader(before);
  let known = new Map<number, Segment>(before.segments.map((segment) => [segment.msn, segment]));
  const end = performance.now() + seconds * 1000;
  const times = new Map<number, number>();
  while (performance.now() < end) {
    const next = placeAfter(before);
    const hinted = before.hint ? fetchBytes(new URL(before.hint, base)).catch(() => null) : null;
    const begun = performance.now();
    const place = `_HLS_msn=${next.msn}&_HLS_part=${next.part}`;
    const both = () => Promise.all([load(`${base}?${place}`), load(`${base}?${place}&_HLS_skip=YES`)]);
    let [now, delta] = await both();
    // A request that comes more than a segment late gets the newest playlist, and one of the two may: then both are asked for again.
    for (let tries = 0; newestOf(now) !== newestOf(delta) && tries < MAX_TRIES; tries++) [now, delta] = await both();
    findings.longestWaitMs = Math.max(findings.longestWaitMs, performance.now() - begun);
    findings.updates++;
    checkUpdate(before, now);
    checkDelta(now, delta, known);
    known = new Map(now.segments.map((segment) => [segment.msn, segment]));
    const { segment, part } = partAt(now, next);
    findings.parts++;
    const bytes = await fetchBytes(new URL(part.uri, base));
    assert.ok(bytes, `${part.uri} is listed but not there`);
    checkFragments(bytes, part.duration, part.independent, times, segment.discontinuity && next.part === 0);
    if (hinted && before.hint) {
      findings.hints.all++;
      // A hint may be wrong: then what was hinted comes later, or never.
      if (before.hint === part.uri) {
        findings.hints.right++;
        assert.ok((await hinted)?.equals(bytes), "a hinted part differs from the one that is listed");
      }
    }
    const finished = now.segments.find(
      (other) => other.uri !== null && other.parts.length > 0 && other.msn === now.segments.at(-1)?.msn,
    );
    if (finished?.uri) {
      findings.segments++;
      const whole = await fetchBytes(new URL(finished.uri, base));
      const pieces = await Promise.all(finished.parts.map(({ uri }) => fetchBytes(new URL(uri, base))));
      assert.ok(whole?.equals(Buffer.concat(pieces.map((piece) => piece ?? Buffer.alloc(0)))), "a segment is not its parts");
    }
    before = now;
  }
  await checkRefusals(base, before);
  return findings;
}

/** The first rung of a multivariant playlist. */
export async function mediaPlaylistOf(url: string): Promise<string> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  const lines = (await response.text()).trim().split("\n");
  const {
    CODECS,
    BANDWIDTH,
    ["AVERAGE-BANDWIDTH"]: average,
  } = attributes(lines.find((line) => line.startsWith("#EXT-X-STREAM-INF")) ?? "");
  assert.ok(CODECS && Number(BANDWIDTH) >= Number(average), "a rung without its codecs or bandwidth");
  return new URL(lines.find((line) => !line.startsWith("#")) ?? "", url).href;
}

async function load(url: string): Promise<Playlist> {
  const response = await fetch(url);
  const text = await response.text();
  assert.equal(response.status, 200, `${response.status} ${text}`);
  assert.equal(response.headers.get("content-type"), "application/vnd.apple.mpegurl");
  return readPlaylist(text);
}

async function fetchBytes(url: URL): Promise<Buffer | null> {
  const response = await fetch(url);
  const bytes = Buffer.from(await response.arrayBuffer());
  if (response.status === 404) return null;
  assert.equal(response.status, 200);
  assert.match(response.headers.get("cache-control") ?? "", /immutable/);
  return bytes;
}

function checkHeader({ tags, control, target, partTarget }: Playlist): void {
  assert.ok(Number(tags.get("EXT-X-VERSION")) >= 9, "delta updates want version 9");
  assert.equal(control["CAN-BLOCK-RELOAD"], "YES");
  // Bis section 4.4.3.8.
  assert.ok(Number(control["PART-HOLD-BACK"]) >= 3 * partTarget - ROUNDING);
  assert.ok(Number(control["HOLD-BACK"]) >= 3 * target);
  assert.ok(Number(control["CAN-SKIP-UNTIL"]) >= 6 * target);
}

/** Where the next part will be. */
function placeAfter({ segments, mediaSequence }: Playlist): { msn: number; part: number } {
  const last = segments.at(-1);
  if (!last) return { msn: mediaSequence, part: 0 };
  return last.uri === null ? { msn: last.msn, part: last.parts.length } : { msn: last.msn + 1, part: 0 };
}

/** The part that was asked for; one behind the end of its segment is the first of the next: bis section 6.2.5.2. */
function partAt({ segments }: Playlist, { msn, part }: { msn: number; part: number }) {
  const segment = segments.find((other) => other.msn === msn);
  const found = segment?.parts[part];
  if (segment && found) return { segment, part: found };
  const next = segments.find((other) => other.msn === msn + 1);
  const first = next?.parts[0];
  assert.ok(segment?.uri && next && first, `part ${msn}.${part} was asked for and is not there`);
  return { segment: next, part: first };
}

function checkUpdate(before: Playlist, now: Playlist): void {
  // RFC 8216 section 6.2.1 and 6.2.2: what may change is only what comes and goes at the ends.
  assert.equal(now.target, before.target, "TARGETDURATION has changed");
  assert.equal(now.partTarget, before.partTarget, "PART-TARGET has changed");
  assert.ok(now.mediaSequence >= before.mediaSequence, "the media sequence went backward");
  for (const segment of before.segments) {
    if (segment.uri === null || segment.msn < now.mediaSequence) continue;
    const same = now.segments.find((other) => other.msn === segment.msn);
    assert.deepEqual(
      [same?.uri, same?.duration, same?.utc],
      [segment.uri, segment.duration, segment.utc],
      `segment ${segment.msn} has changed`,
    );
  }
  const gone = before.segments.filter((segment, i) => i > 0 && segment.msn <= now.mediaSequence && segment.discontinuity).length;
  assert.equal(now.discontinuitySequence, before.discontinuitySequence + gone, "the discontinuity sequence");
  let fromEnd = 0;
  for (const segment of now.segments.toReversed()) {
    checkSegment(segment, now);
    // Bis section 6.2.2: parts are removed when they are three target durations from the end.
    if (segment.parts.length === 0)
      assert.ok(fromEnd >= 3 * now.target - ROUNDING, `segment ${segment.msn} has lost its parts too early`);
    else assert.ok(fromEnd < 3 * now.target + now.partTarget, `segment ${segment.msn} still has parts`);
    fromEnd += segment.uri === null ? 0 : segment.duration;
  }
  now.segments.forEach((segment, i) => {
    const last = now.segments[i - 1];
    if (!last || segment.discontinuity) return;
    const drift = segment.utc - last.utc - last.duration * 1000;
    assert.ok(Math.abs(drift) <= 20, `segment ${segment.msn}'s date is ${drift} ms off`);
  });
}

function checkSegment(segment: Segment, { target, partTarget }: Playlist): void {
  if (segment.uri !== null) {
    assert.ok(Math.round(segment.duration) <= target, `segment ${segment.msn} of ${segment.duration} s`);
    if (segment.parts.length > 0) {
      const sum = segment.parts.reduce((all, { duration }) => all + duration, 0);
      assert.ok(
        Math.abs(sum - segment.duration) < ROUNDING,
        `segment ${segment.msn}: its parts are ${sum} s, it is ${segment.duration} s`,
      );
    }
  }
  segment.parts.forEach(({ duration }, i) => {
    assert.ok(duration <= partTarget + ROUNDING, `part ${segment.msn}.${i} of ${duration} s`);
    // Bis section 4.4.4.9: all but a segment's last are at least 85 % of the target.
    const isLast = segment.uri === null || i === segment.parts.length - 1;
    assert.ok(isLast || duration >= SHORTEST_PART * partTarget, `part ${segment.msn}.${i} of ${duration} s`);
  });
}

/** The segments and parts that a playlist ends with. */
function newestOf({ mediaSequence, segments }: Playlist): string {
  const last = segments.at(-1);
  return `${mediaSequence} ${last?.msn} ${last?.parts.length}`;
}

function checkDelta(whole: Playlist, delta: Playlist, known: ReadonlyMap<number, Segment>): void {
  // Bis section 6.3.7: the delta and what is known already make the whole.
  assert.equal(delta.mediaSequence, whole.mediaSequence);
  const merged = whole.segments.slice(0, delta.skipped).map(({ msn }) => known.get(msn));
  assert.ok(
    merged.every((segment) => segment !== undefined),
    "segments were skipped that nobody knows",
  );
  assert.deepEqual(
    [...merged, ...delta.segments].map((segment) => segment?.uri),
    whole.segments.map(({ uri }) => uri),
  );
  const skipUntil = Number(whole.control["CAN-SKIP-UNTIL"]);
  const kept = delta.segments.reduce((sum, { duration, uri }) => sum + (uri === null ? 0 : duration), 0);
  assert.ok(delta.skipped === 0 || kept >= skipUntil - whole.target, `only ${kept} s are left behind the skip`);
}

/** Each track goes on where the part before ended; a part that says so begins with a frame that can be decoded alone. */
function checkFragments(
  bytes: Buffer,
  duration: number,
  independent: boolean,
  times: Map<number, number>,
  restarts: boolean,
): void {
  const runs = readRuns(bytes);
  assert.ok(runs.length > 0 && runs.length <= 2);
  const [lead] = runs;
  assert.equal(lead?.track === 1 ? lead.firstIsSync : true, independent, "INDEPENDENT and the part's first frame");
  for (const run of runs) {
    const expected = times.get(run.track);
    const timescale = run.track === 1 ? 90_000 : 48_000;
    if (expected !== undefined && !restarts) {
      assert.ok(Math.abs(run.start - expected) / timescale < 0.1, `track ${run.track} goes on at ${run.start}, not at ${expected}`);
    }
    times.set(run.track, run.start + run.duration);
    if (run.track === 1)
      assert.ok(
        Math.abs(run.duration / timescale - duration) < 0.05,
        `${run.duration / timescale} s of pictures in a part of ${duration} s`,
      );
  }
}

async function checkRefusals(base: string, { segments }: Playlist): Promise<void> {
  const last = segments.at(-1)?.msn ?? 0;
  for (const query of [
    `_HLS_msn=${last + 10}`,
    `_HLS_msn=${last + 10}&_HLS_part=0`,
    "_HLS_part=1",
    "_HLS_msn=x",
    "_HLS_msn=-1",
    "_HLS_msn=1e9",
    `_HLS_msn=${last + 1}&_HLS_part=99999`,
  ]) {
    const response = await fetch(`${base}?${query}`);
    assert.equal(response.status, 400, query);
    assert.equal(((await response.json()) as { code: string }).code, "bad-request");
  }
  const old = segments[0]?.uri ?? "";
  const never = new URL(old.replace(/-\d+\.m4s$/, "-999999.m4s"), base);
  assert.equal((await fetch(never)).status, 404);
}
