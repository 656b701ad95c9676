/** Provides metrics of SRT: the connections that are open, and what became of the packets of all. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { SrtFigures } from "./connection.ts";

const KINDS = ["received", "lost", "retransmitted", "dropped", "undecryptable"] as const;

/** The packets of the connections that are over. */
export class SrtTotals {
  private readonly packets = new Map<string, number>();

  add(figures: SrtFigures | null): void {
    if (!figures) return;
    for (const kind of KINDS) this.packets.set(kind, this.of(kind) + figures[kind]);
  }

  of(kind: string): number {
    return this.packets.get(kind) ?? 0;
  }
}

/** @param open the figures of those that are open; null for one that is not connected yet */
export function srtMetrics(
  registry: Registry,
  open: () => Iterable<{ readonly figures: SrtFigures | null }>,
  past: SrtTotals,
): void {
  new Gauge({
    name: "lectern_srt_connections",
    help: "SRT connections that are open",
    registers: [registry],
    collect() {
      this.set([...open()].length);
    },
  });
  new Counter({
    name: "lectern_srt_packets_total",
    help: "Packets of SRT publishers: received, lost at first, retransmitted, dropped because they came too late, undecryptable",
    labelNames: ["kind"],
    registers: [registry],
    collect() {
      this.reset();
      for (const kind of KINDS) {
        let packets = past.of(kind);
        for (const { figures } of open()) packets += figures?.[kind] ?? 0;
        this.inc({ kind }, packets);
      }
    },
  });
}
