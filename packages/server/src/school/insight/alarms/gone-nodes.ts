/**
 * Groups what follows from a dead node with the alarm of the node: its figures, links and components raise no alarms of their own, and what
 * viewers see of it raises none while they move to other nodes.
 */
import type { MeasuredKind } from "../../foundation/store/alarm-tables.ts";

/** In this time viewers and publishers of a dead node have moved to others. */
const MOVING_MS = 120_000;

/** The nodes that a subject belongs to. */
export function nodesOf(kind: MeasuredKind, subject: string): readonly string[] {
  switch (kind) {
    case "node":
      return [subject];
    case "link":
      return subject.split(">");
    case "hop":
    case "component": {
      // `NODE<FROM STREAM`, `NODE NAME`.
      const [nodes = ""] = subject.split(" ");
      return nodes.split("<");
    }
    default:
      return [];
  }
}

export class GoneNodes {
  private readonly since = new Map<string, number>();

  update(gone: ReadonlySet<string>, now: number): void {
    for (const node of this.since.keys()) if (!gone.has(node)) this.since.delete(node);
    for (const node of gone) if (!this.since.has(node)) this.since.set(node, now);
  }

  /** Whether the alarm of a dead node covers the subject, so that no alarm of its own is open. */
  covers(kind: MeasuredKind, subject: string): boolean {
    return this.since.size > 0 && nodesOf(kind, subject).some((node) => this.since.has(node));
  }

  /** Whether new alarms of what people see wait, because a node died just now. */
  delays(kind: MeasuredKind, now: number): boolean {
    if (this.since.size === 0 || !["lesson", "stream", "platform", "probe"].includes(kind)) return false;
    return [...this.since.values()].some((since) => now - since < MOVING_MS);
  }
}
