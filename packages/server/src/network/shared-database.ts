/** Decides whether the control nodes of a cluster share one database: with two of them, each person and lesson would be known to some nodes only. */
import { hasRole, type Member } from "./membership.ts";

/** A node with more heartbeats has settled: it is never the one that gives way. */
const SETTLED_BEATS = 60;

export type DatabaseConflict = {
  /** A control node that uses another database. */
  readonly node: string;
  /** This node came later, and must end. */
  readonly givesWay: boolean;
};

/**
 * @param members this node first
 * @returns null while there is no conflict
 */
export function databaseConflict([self, ...others]: readonly Member[]): DatabaseConflict | null {
  if (!self || !hasRole(self, "control") || !self.database) return null;
  const other = others.find(
    (one) => one.state !== "gone" && hasRole(one, "control") && one.database && one.database !== self.database,
  );
  if (!other) return null;
  const isLater = self.count < other.count || (self.count === other.count && self.id > other.id);
  return { node: other.id, givesWay: isLater && self.count < SETTLED_BEATS };
}
