/** Defines what the routes of every domain get: the database, and the way to change it. Each domain adds the services it needs. */

import { RefusalError } from "../../../platform/api/server.ts";
import type { Message } from "../../../platform/messages/message.ts";
import { brokenUniqueness } from "../../../platform/store/database-errors.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { Changes } from "../store/change.ts";
import type { StoredSecrets } from "../store/stored-secrets.ts";
import type { Database } from "../store/tables.ts";

export type RouteContext = {
  readonly db: Database;
  readonly changes: Changes;
  readonly storedSecrets: StoredSecrets;
};

/** For `catch` on a change: turns a broken uniqueness constraint into a conflict with this detail, or one about the external id. */
export function conflictAs(detail: Message): (error: unknown) => never {
  return (error) => {
    const constraint = brokenUniqueness(error);
    if (constraint?.endsWith("_external")) throw new RefusalError("conflict", schoolText("external-id-taken"));
    if (constraint !== null) throw new RefusalError("conflict", detail);
    throw error;
  };
}
