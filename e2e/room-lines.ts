/** Writes lines in a real room, and tells whether everybody has the same ones. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { enterRoom } from "./enter-room.ts";
import { until } from "./lectern.ts";
import type { RoomClient } from "./room-client.ts";

export async function enterToWrite(...of: Parameters<typeof enterRoom>): Promise<RoomClient> {
  return (await enterRoom(...of)).client;
}

/** Writes a line until it is taken: after a long silence of the server all that waits comes at once, and some of it is refused as too many. */
async function write(person: RoomClient, text: string): Promise<void> {
  for (;;) {
    const { code, retryAfter } = await person.send("chat", { text });
    if (code !== "too-many") return;
    await sleep((retryAfter ?? 1) * 1000);
  }
}

/** Somebody writes a line every 150 ms. Returns the function that ends it and waits for the acknowledgements. */
export function writeLines(people: readonly RoomClient[]): () => Promise<number> {
  let count = 0;
  const sent: Promise<void>[] = [];
  const timer = setInterval(() => {
    const person = people[count % people.length];
    if (person) sent.push(write(person, `line ${++count}`));
  }, 150);
  return async () => {
    clearInterval(timer);
    await Promise.all(sent);
    return count;
  };
}

export async function sameLines(people: readonly RoomClient[], count: number): Promise<void> {
  for (const person of people) await until(() => person.texts("chat").length >= count, `${count} lines`, 20_000);
  const first = people[0]?.texts("chat") ?? [];
  assert.equal(new Set(first).size, count, "each line once");
  for (const person of people) {
    assert.deepEqual(person.texts("chat"), first, "the same order for all");
    assert.deepEqual(person.faults, []);
  }
}
