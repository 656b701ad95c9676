/** What the routes of every domain get: the database, and the way to change it. Each domain adds the services it needs. */

import { RefusalError } from "../../platform/api/server.ts";
import type { Message } from "../../platform/messages/message.ts";
import { brokenUniqueness } from "../../platform/store/store.ts";
import type { Changes } from "../store/change.ts";
import type { Database } from "../store/tables.ts";

export type RouteContext = {
  readonly db: Database;
  readonly changes: Changes;
};

/** For `catch` on a change: turns a broken uniqueness constraint into a conflict with this detail. */
export function takenAs(detail: Message): (error: unknown) => never {
  return (error) => {
    if (brokenUniqueness(error) !== null) throw new RefusalError("conflict", detail);
    throw error;
  };
}
