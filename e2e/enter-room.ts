/** Brings people into the rooms of lessons for tests of processes that die. */
import { type Lectern, type Scope, until } from "./lectern.ts";
import { done } from "./lesson-client.ts";
import { RoomClient } from "./room-client.ts";

/** `search`: of the person's links, with the permission. */
export type InRoom = { readonly client: RoomClient; readonly search: string };

/** A person who joins at a node, and enters the room at these nodes in turn. */
export async function enterRoom(t: Scope, at: Lectern, nodes: readonly Lectern[], code: string, name: string): Promise<InRoom> {
  const { play } = await done(at, "POST", `/lessons/${code}/join`, { name });
  const { search } = new URL(play.hls);
  let turn = 0;
  const client = new RoomClient(() => {
    const node = nodes[turn++ % nodes.length] ?? at;
    return `${node.http.replace("http", "ws")}/api/v1/rooms/${code}/socket${search}`;
  });
  t.after(() => client.close());
  await until(() => client.you !== null, `${name} in the room`);
  return { client, search };
}
