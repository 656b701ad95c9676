/** Keeps tiles where they are while somebody points at the wall: the next order would put another candidate under the pointer. */

/**
 * The new items, each that was shown before in its former place, and the others in the places of those that are gone.
 * @param before ids as they are shown
 */
export function heldOrder<Item>(before: readonly string[], items: readonly Item[], idOf: (item: Item) => string): readonly Item[] {
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const places: (Item | null)[] = before.map((id) => byId.get(id) ?? null);
  const fresh = items.filter((item) => !before.includes(idOf(item)));
  const filled = places.flatMap((item) => item ?? fresh.shift() ?? []);
  return [...filled, ...fresh];
}
