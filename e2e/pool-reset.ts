/**
 * Makes a server of the pool as it was after its start: without the streams, schools and settings that a test file has left. The operator's own API does
 * it, so what was in the way of the next file would be in the way of an operator too.
 */
import { type Lectern, until } from "./lectern.ts";
import { ask, done } from "./lesson-client.ts";

type Item = { readonly id: string };
type School = Item & {
  readonly slug: string;
  readonly name: string;
  readonly timeZone: string;
  readonly archivedAt: string | null;
};
type Stream = { readonly app: string; readonly name: string };

/** What a server had after its start. */
export type StartState = {
  readonly school: School;
  /** By path: the ids in this list. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
};

/** Only what hangs takes longer. Such a server is not lent again. */
const RESET_LIMIT_MS = 20_000;

/** Lists of what outlives every school: policies first, since they use link keys and address lists. */
const LISTS = [
  "policies",
  "address-lists",
  "alarm-channels",
  "alarm-rules",
  "camera-devices",
  "content-checks",
  "forwards",
  "ladders",
  "link-keys",
  "lti/platforms",
  "probes",
  "protection/exemptions",
  "providers",
  "recordings",
  "scoring-services",
  "sources",
  "webhooks",
  "word-lists",
];

export async function startStateOf(lectern: Lectern): Promise<StartState> {
  const [school] = await list<School>(lectern, "schools");
  if (!school) throw new Error("a new server has no school");
  const ids = new Map<string, readonly string[]>();
  for (const path of [...LISTS, "users"]) ids.set(path, await idsOf(lectern, path));
  return { school, ids };
}

/** @throws Error where the server keeps something that it did not have at its start */
export async function resetLectern(lectern: Lectern, { school, ids }: StartState): Promise<void> {
  // A source would begin its stream again.
  await removeOthers(lectern, "sources", ids.get("sources") ?? []);
  await endStreams(lectern);
  await replaceSchools(lectern, school);
  for (const path of LISTS) await removeOthers(lectern, path, ids.get(path) ?? []);
  // People cannot be deleted: those of a school end with it, another operator stays.
  const people = await idsOf(lectern, "users");
  if (people.toSorted().join() !== ids.get("users")?.toSorted().join()) throw new Error("other people than at the start");
}

/** Deletes what was not there at the start. What is in use, as a recording that is being written, is refused until it is over. */
async function removeOthers(lectern: Lectern, path: string, atStart: readonly string[]): Promise<void> {
  await until(
    async () => {
      const others = (await idsOf(lectern, path)).filter((id) => !atStart.includes(id));
      for (const id of others) await ask(lectern, "DELETE", `/${path}/${id}`);
      return others.length === 0;
    },
    `the end of ${path}`,
    RESET_LIMIT_MS,
  );
}

async function endStreams(lectern: Lectern): Promise<void> {
  await until(
    async () => {
      const streams = await list<Stream>(lectern, "streams");
      for (const { app, name } of streams)
        await lectern.api(`/api/v1/streams/${app}/${encodeURIComponent(name)}`, { method: "DELETE" });
      return streams.length === 0;
    },
    "the end of the streams",
    RESET_LIMIT_MS,
  );
}

/** Deletes every school with its people and lessons, and creates one like the first. */
async function replaceSchools(lectern: Lectern, { slug, name, timeZone }: School): Promise<void> {
  for (const { id, slug, archivedAt } of await list<School>(lectern, "schools")) {
    if (archivedAt === null) await done(lectern, "PATCH", `/schools/${id}`, { archived: true });
    await done(lectern, "DELETE", `/schools/${id}?slug=${slug}`);
    const isGone = async () => (await list<School>(lectern, "schools")).every((school) => school.id !== id);
    await until(isGone, `the end of the school ${slug}`, RESET_LIMIT_MS);
  }
  await done(lectern, "POST", "/schools", { slug, name, timeZone, guests: true });
}

async function list<T>(lectern: Lectern, path: string): Promise<readonly T[]> {
  return (await done(lectern, "GET", `/${path}`)).items;
}

async function idsOf(lectern: Lectern, path: string): Promise<readonly string[]> {
  return (await list<Item>(lectern, path)).map(({ id }) => id);
}
