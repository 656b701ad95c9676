/** Provides the newest entry of each key of a room: what newcomers get, and what the owner decides by. Bounded for each kind. */
import type { RoomEntry } from "./entry.ts";

/** Older keys of a kind are dropped; the API has them still. */
export const MAX_HELD_OF_KIND = 300;

export class RetainedEntries {
  /** By kind, then by key, in the order of their first entries. */
  private readonly kinds = new Map<string, Map<string, RoomEntry>>();

  take(entry: RoomEntry): void {
    if (entry.key === null) return;
    const kind = entry.key.slice(0, Math.max(0, entry.key.indexOf("/"))) || entry.key;
    const held = this.kinds.get(kind) ?? new Map<string, RoomEntry>();
    this.kinds.set(kind, held);
    if (entry.gone) held.delete(entry.key);
    else held.set(entry.key, entry);
    const oldest = held.size > MAX_HELD_OF_KIND ? held.keys().next().value : undefined;
    if (oldest !== undefined) held.delete(oldest);
  }

  get(key: string): RoomEntry | null {
    const kind = key.slice(0, Math.max(0, key.indexOf("/"))) || key;
    return this.kinds.get(kind)?.get(key) ?? null;
  }

  /** @param kind the part of the keys before the slash */
  ofKind(kind: string): RoomEntry[] {
    return [...(this.kinds.get(kind)?.values() ?? [])];
  }

  /** Whether of some kind there are as many as are held: older ones may have been dropped. */
  get isFull(): boolean {
    return [...this.kinds.values()].some((held) => held.size >= MAX_HELD_OF_KIND);
  }

  clear(): void {
    this.kinds.clear();
  }

  all(): RoomEntry[] {
    return [...this.kinds.values()].flatMap((held) => [...held.values()]);
  }
}
