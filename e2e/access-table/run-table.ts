/** Runs groups of the table against the server: sets their rules, asks at the doors, and collects the rows whose answer is another one. */
import { until } from "../lectern.ts";
import { askDoor, canAsk, type Place, pathOf } from "./doors.ts";
import { rawRequest } from "./raw-http.ts";
import {
  type Answer,
  BELOW_DOORS,
  type Client,
  type Door,
  FIRST_DOORS,
  type Group,
  OTHER_DOORS,
  type Row,
  type Rule,
} from "./row.ts";
import { filesOf, type Stage } from "./stage.ts";

export const ALL_DOORS: readonly Door[] = [...FIRST_DOORS, ...BELOW_DOORS];
/** So many rows of a group that expect the same; access-table-decisions.test.ts has all of them. */
const ROWS_OF_ANSWER = 4;
/** Requests at the same time. */
const AT_ONCE = 8;
/** Each request of these may be taken by another worker. */
const PROBES = 8;

export type DoorAnswer = {
  readonly requests: number;
  readonly doors: ReadonlySet<Door>;
  readonly wrong: readonly string[];
  readonly slowestMs: number;
};

/**
 * Asks a few rows of each answer, each at one door, the next row at the next door; and at every door those about how many watch, which need the one
 * who does.
 */
export async function runTable(stage: Stage, groups: readonly Group[]): Promise<DoorAnswer> {
  const wrong: string[] = [];
  const doors = new Set<Door>();
  let [requests, turn, slowestMs] = [0, 0, 0];
  for (const group of groups) {
    const { place, inForceMs, leave } = await setUp(stage, group);
    slowestMs = Math.max(slowestMs, inForceMs);
    const asked = fewOfEachAnswer(group.rows).flatMap((row) => {
      const possible = (row.only ?? ALL_DOORS).filter((door) => isOpenTo(door, row.client, place));
      const next = turn++ % possible.length;
      return (group.holder ? possible : possible.slice(next, next + 1)).map((door) => ({ row, door }));
    });
    await inParallel(asked, async ({ row, door }) => {
      requests++;
      doors.add(door);
      const answer = await askDoor(place, door, row.client).catch(String);
      const expected = expectedAt(row, door);
      if (!expected.split(" or ").includes(answer))
        wrong.push(`${group.name} / ${row.name} / ${door}: ${answer} instead of ${expected}`);
    });
    leave();
  }
  for (const level of ["stream", "installation"] as const) await stage.setRules(level, []);
  return { requests, doors, wrong, slowestMs };
}

function fewOfEachAnswer(rows: readonly Row[]): readonly Row[] {
  return Object.values(Object.groupBy(rows, ({ expect }) => expect)).flatMap((same = []) => same.slice(0, ROWS_OF_ANSWER));
}

export function expectedAt({ at, expect, below }: Row, door: Door): Answer {
  const isBelow = BELOW_DOORS.some((one) => one === door);
  return at?.[door] ?? (isBelow ? (below ?? expect) : expect);
}

let groupsSoFar = 0;

/** Sets the rules of a group, and waits until both workers obey them. */
export async function setUp(
  stage: Stage,
  { rules, farther = [], allowed = {}, closed, filesUnderRules, holder }: Group,
): Promise<{ place: Place; inForceMs: number; leave: () => void }> {
  const mark = `mark-${++groupsSoFar}`;
  const markRule: Rule = { kind: "user-agents", for: "play", deny: [mark] };
  const own = rules(stage.made);
  await stage.setRules("stream", []);
  await stage.setRules("installation", []);
  const bare = stage.place({});
  await everywhere(bare, {}, (answer) => answer === "in");
  const leave = holder ? await hold(bare, holder) : () => {};
  const before = filesUnderRules ? {} : await filesOf(stage);
  if (farther.length > 0) await stage.setRules("installation", farther);
  await stage.setRules(
    "free",
    own.filter((one) => one["for"] === "publish"),
  );
  const began = performance.now();
  await stage.setRules("stream", [...own, markRule]);
  const isRefused = (answer: Answer) => answer === (closed ?? "refused-by-rule user-agents");
  await everywhere(bare, { ...allowed, agent: mark }, isRefused);
  const inForceMs = performance.now() - began;
  return { place: stage.place(filesUnderRules ? await encryptedFiles(stage) : before), inForceMs, leave };
}

/** Encryption begins with the next segment. */
async function encryptedFiles(stage: Stage): Promise<Place["files"]> {
  return await until(async () => {
    const files = await filesOf(stage);
    return files.key === undefined ? null : files;
  }, "an encrypted segment");
}

/** Asks until every worker answers so: each connection may come to another one. */
async function everywhere(place: Place, client: Client, is: (answer: Answer) => boolean): Promise<void> {
  const doors: readonly Door[] = Array.from({ length: PROBES }, () => "hls");
  let last: readonly Answer[] = [];
  await until(
    async () => {
      last = await Promise.all(doors.map((door) => askDoor(place, door, client)));
      return last.every(is);
    },
    "the rules",
    5000,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}: ${last.join(", ")}`);
  });
}

function isOpenTo(door: Door, client: Client, place: Place): boolean {
  return canAsk(door, client, place.stream) && (OTHER_DOORS.some((one) => one === door) || ALL_DOORS.includes(door));
}

/** Opens a stream and stays. */
async function hold(place: Place, client: Client): Promise<() => void> {
  const leave = new AbortController();
  const url = `http://127.0.0.1:${place.httpPort}${pathOf(place, "flv", client)}`;
  const headers = { "x-forwarded-for": client.ip ?? "127.0.0.1", "user-agent": client.agent ?? "" };
  const answer = await fetch(url, { headers, signal: leave.signal });
  if (answer.status !== 200) throw new Error(`the holder is refused: ${await answer.text()}`);
  return () => leave.abort();
}

async function inParallel<T>(all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const worker = async () => {
    for (const one of rest) await each(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Sends a path as it is, and gives the status with the refusal's code. */
export async function askPath({ httpPort: port }: Place, path: string): Promise<string> {
  const { status, problem } = await rawRequest({ port, path, headers: [["Connection", "close"]] });
  return problem ? `${status} ${problem.code}` : String(status);
}
