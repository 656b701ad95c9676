/** Measures the bus: a node sends itself a message, and sees how long it takes. */

import type { ComponentSample } from "../../contracts/monitoring/node-sample.ts";
import type { Bus } from "../../platform/bus/bus.ts";

/** A message that takes longer makes heartbeats late. */
const SLOW_MS = 1000;

export class BusLatency {
  private readonly bus: Bus;
  private readonly subject: string;
  private sentAt = 0;
  private number = 0;
  private latencyMs: number | null = null;

  constructor(bus: Bus, self: string) {
    this.bus = bus;
    this.subject = `lectern.echo.${Buffer.from(self).toString("hex")}`;
    bus.subscribe(this.subject, (text) => {
      if (text === this.message()) this.latencyMs = performance.now() - this.sentAt;
    });
  }

  /** What the message before has shown; sends the next one. */
  take(): ComponentSample {
    const { latencyMs, number } = this;
    this.latencyMs = null;
    this.number++;
    this.sentAt = performance.now();
    this.bus.publish(this.subject, this.message());
    const rounded = latencyMs === null ? null : Math.round(latencyMs * 10) / 10;
    if (!this.bus.connected) return { name: "bus", state: "down", latencyMs: null, detail: "It cannot be reached." };
    // The first one has nothing to go by.
    if (rounded === null && number > 0)
      return { name: "bus", state: "degraded", latencyMs: null, detail: "A message was not delivered." };
    const isSlow = rounded !== null && rounded > SLOW_MS;
    return { name: "bus", state: isSlow ? "degraded" : "up", latencyMs: rounded, detail: isSlow ? "It delivers slowly." : "" };
  }

  private message(): string {
    return JSON.stringify({ number: this.number });
  }
}
