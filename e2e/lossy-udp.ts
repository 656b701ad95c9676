/** Provides a line for UDP that delays packets and loses some of them, in both directions: a port on 127.0.0.1 that leads to another one. */
import { createSocket, type Socket } from "node:dgram";
import type { Scope } from "./lectern.ts";

export type LossyLine = {
  readonly port: number;
  /** Packets that were lost, of all. */
  readonly counts: { lost: number; all: number };
};

/** @param delayMs one way; @param lostPercent each way; @param seed of the numbers that choose what is lost: the same for lines that are compared */
export async function lossyLine(t: Scope, to: number, delayMs: number, lostPercent: number, seed: number): Promise<LossyLine> {
  const counts = { lost: 0, all: 0 };
  const sides = new Map<number, Socket>();
  let state = seed;
  const later = (send: () => void): void => {
    counts.all++;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    if (state / 2 ** 32 < lostPercent / 100) counts.lost++;
    else setTimeout(send, delayMs);
  };
  const front = createSocket("udp4");
  let isOver = false;
  front.on("message", (packet, { port }) => {
    const side = sides.get(port) ?? open(port);
    later(() => isOver || side.send(packet, to, "127.0.0.1"));
  });
  const open = (port: number): Socket => {
    const side = createSocket("udp4");
    sides.set(port, side);
    side.on("message", (packet) => later(() => isOver || front.send(packet, port, "127.0.0.1")));
    return side;
  };
  await new Promise<void>((resolve) => front.bind(0, "127.0.0.1", resolve));
  t.after(() => {
    isOver = true;
    for (const socket of [front, ...sides.values()]) socket.close();
  });
  return { port: front.address().port, counts };
}
