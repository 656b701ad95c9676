/**
 * Decides which of one viewer's seats go when there are more than a rule allows. Every node decides the same from the same seats, so each node
 * gives up only its own, and of two viewers that came to two nodes at the same moment exactly one stays.
 */
import type { SeatLoss, SharedSeat } from "./seat-messages.ts";

export type OrderedSeat = Pick<SharedSeat, "id" | "device" | "limits" | "since" | "turn" | "isResting">;
type Lost<S> = { readonly seat: S; readonly because: SeatLoss["because"] };

/** The seats that have to go, of all seats of one viewer. */
export function lostSeats<S extends OrderedSeat>(seats: readonly S[]): readonly Lost<S>[] {
  const lost: Lost<S>[] = seats.filter(isTakenOver(seats)).map((seat) => ({ seat, because: "taken-over" }));
  const gone = new Set(lost.map(({ seat }) => seat));
  const active = seats.filter((seat) => !seat.isResting && !gone.has(seat)).sort(byAge);
  const resting = seats.filter((seat) => seat.isResting && !gone.has(seat)).sort(byAge);
  const limit = lowestLimit(active);
  if (limit === null) return lost;
  while (active.length > limit.perViewer) {
    // A player that comes again need not wait until its broken connection is noticed.
    const again = active.findIndex(({ device }, i) => i < active.length - 1 && device === active.at(-1)?.device);
    const [seat] = active.splice(again >= 0 ? again : limit.over === "end-oldest" ? 0 : -1, 1);
    if (seat) lost.push({ seat, because: again >= 0 ? "taken-over" : "ended" });
  }
  const tooMany = resting.slice(0, Math.max(0, active.length + resting.length - limit.perViewer));
  return [...lost, ...tooMany.map((seat) => ({ seat, because: "ended" as const }))];
}

/** A seat that took over another has its device and its place in the order, and a later turn. */
function isTakenOver(seats: readonly OrderedSeat[]): (seat: OrderedSeat) => boolean {
  const turns = new Map<string, number>();
  const positionOf = ({ device, since }: OrderedSeat): string => `${device} ${since}`;
  for (const seat of seats) turns.set(positionOf(seat), Math.max(seat.turn, turns.get(positionOf(seat)) ?? 0));
  return (seat) => seat.turn < (turns.get(positionOf(seat)) ?? 0);
}

function byAge(a: OrderedSeat, b: OrderedSeat): number {
  return a.since - b.since || a.turn - b.turn || (a.id < b.id ? -1 : 1);
}

/** Rules may have just changed for some of the seats: the lowest limit counts. */
function lowestLimit(seats: readonly OrderedSeat[]): { readonly perViewer: number; readonly over: string } | null {
  let found: { readonly perViewer: number; readonly over: string } | null = null;
  for (const { limits } of seats) {
    const { perViewer, over } = limits;
    if (perViewer !== null && (found === null || perViewer <= found.perViewer)) found = { perViewer, over };
  }
  return found;
}
