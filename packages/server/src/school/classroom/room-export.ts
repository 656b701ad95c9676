/** Provides the columns of a room's entries as CSV. */
import type { Selectable } from "kysely";
import type { CsvColumn } from "../foundation/requests/csv.ts";
import type { RoomEntryTable } from "../foundation/store/room-tables.ts";
import { isForGroup } from "./entry-store.ts";

type Row = Selectable<RoomEntryTable>;

function field(name: string, key = name): CsvColumn<Row> {
  return {
    name,
    valueOf: ({ body }) => {
      const value = body[key];
      return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
    },
  };
}

/** Who asked, where staff or the server have changed the entry since. */
function authorOf({ body, from_id: id, from_name: name }: Row): { readonly id: unknown; readonly name: unknown } {
  const author = body["author"];
  return typeof author === "object" && author !== null
    ? { id: Reflect.get(author, "id"), name: Reflect.get(author, "name") }
    : { id, name };
}

export const ENTRY_COLUMNS: readonly CsvColumn<Row>[] = [
  { name: "seq", valueOf: ({ seq }) => seq },
  { name: "at", valueOf: ({ at }) => at },
  { name: "mediaTime", valueOf: ({ media_time }) => media_time },
  { name: "kind", valueOf: ({ kind }) => kind },
  { name: "from", valueOf: (row) => String(authorOf(row).id ?? "") },
  { name: "name", valueOf: (row) => String(authorOf(row).name ?? "") },
  { name: "role", valueOf: ({ from_role }) => from_role },
  { name: "to", valueOf: ({ audience }) => (isForGroup(audience) ? "group" : audience) },
  field("ref"),
  field("replyTo"),
  {
    name: "text",
    valueOf: ({ body: { text, reaction } }) => (typeof text === "string" ? text : typeof reaction === "string" ? reaction : null),
  },
  field("state"),
  field("votes"),
  field("answer"),
  { name: "deleted", valueOf: ({ body, gone }) => gone || body["deleted"] === true },
];
