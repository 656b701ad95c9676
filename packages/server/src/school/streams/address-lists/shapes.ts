/** Defines what the API takes and returns about address lists. */
import { Readable } from "node:stream";
import { z } from "zod";
import type { Language } from "../../../platform/messages/language.ts";
import { textIn } from "../../../platform/messages/message.ts";
import { shownAddress } from "../../../platform/shown-url.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import { network } from "../../foundation/requests/network.ts";
import { type AddressList, LIST_SOURCES } from "../../foundation/store/policy-tables.ts";
import { isPlainPath } from "./list-files.ts";

const MAX_URL = 2000;
const MAX_PATH = 1000;
const MAX_CHANGED = 1000;
const MIN_REFRESH = 60;
const MAX_REFRESH = 30 * 86_400;
const DEFAULT_REFRESH = 3600;

export const addressListShape = z
  .object({
    id,
    schoolId: id.nullable().describe("Null: the operator's."),
    name: z.string(),
    source: z.enum(LIST_SOURCES).describe("entries: uploaded. url: fetched again and again. file: read when it is replaced."),
    url: z
      .string()
      .nullable()
      .describe(
        "With *** for each secret; sent back so, the secrets stay as they are. Null for other sources, and for readers who may not change it.",
      ),
    file: z.string().nullable().describe("Null for other sources, and for readers who may not change it."),
    refreshSeconds: z.int().nullable().describe("Null for other sources than url."),
    entries: z.int().describe("Lines with an address, a network or a range."),
    ranges: z.int().describe("What is left of them, because those that overlap or adjoin are one."),
    mistakes: z
      .array(z.object({ line: z.int(), text: z.string() }))
      .describe("The first lines that are none of these. They are left out."),
    mistakeCount: z.int(),
    contentVersion: z.int().describe("Increases with each change of the content; 0: there is none yet."),
    contentAt: time.nullable().describe("When the content has changed."),
    lastFetchedAt: time.nullable().describe("When the url or file was read successfully."),
    lastError: z.string().nullable().describe("Why it cannot be read now; the last content stays in force."),
    createdAt: time,
    version,
  })
  .meta({ id: "AddressList" });

const url = z
  .string()
  .max(MAX_URL, fieldText.key("too-long"))
  .refine(isWebAddress, policyText.key("list-url"))
  .describe("http or https; it may have a token.");
const file = z
  .string()
  .max(MAX_PATH, fieldText.key("too-long"))
  .refine(isPlainPath, policyText.key("list-file"))
  .describe("A path on the control node's machine, below a directory of addressLists.files; for operators.");
const refreshSeconds = z.int().min(MIN_REFRESH).max(MAX_REFRESH);

export const newAddressList = z
  .strictObject({
    schoolId: id.optional().describe("Without it, an operator's list belongs to no school."),
    name: text(100),
    source: z.enum(LIST_SOURCES).default("entries"),
    url: url.optional(),
    file: file.optional(),
    refreshSeconds: refreshSeconds.optional().describe(`Default: ${DEFAULT_REFRESH}.`),
  })
  .refine(
    (list) =>
      (list.source === "url") === (list.url !== undefined) &&
      (list.source === "file") === (list.file !== undefined) &&
      (list.source === "url" || list.refreshSeconds === undefined),
    { error: policyText.key("list-source"), path: ["source"] },
  )
  .transform((list) => (list.source === "url" ? { refreshSeconds: DEFAULT_REFRESH, ...list } : list));

/** Where the content comes from stays: create another list instead. */
export const changedAddressList = z.strictObject({
  name: text(100).optional(),
  url: url.optional(),
  file: file.optional(),
  refreshSeconds: refreshSeconds.optional(),
});

export const changedEntries = z.strictObject({
  add: z.array(network).max(MAX_CHANGED).default([]),
  remove: z.array(network).max(MAX_CHANGED).default([]),
});

export const changedEntriesShape = z.object({
  list: addressListShape,
  notFound: z
    .array(z.string())
    .describe("Entries to remove that the list does not have. They may be part of a network that it has."),
});

export const entriesText = z
  .custom<Readable>((value) => value instanceof Readable)
  .meta({
    type: "string",
    description:
      "An address, a network or a range FIRST-LAST in each line; # and ; begin comments; of lines with commas, the first column. Up to 64 MiB.",
  });

/** @param stored its URL; null where the reader may not change it, or this server cannot decrypt it */
export function addressListResponse(list: AddressList, stored: string | null, mayChange: boolean, language: Language) {
  return {
    id: list.id,
    schoolId: list.school_id,
    name: list.name,
    source: list.source,
    url: mayChange && stored !== null ? shownAddress(stored) : null,
    file: mayChange ? list.file : null,
    refreshSeconds: list.refresh_seconds,
    entries: list.entries,
    ranges: list.ranges,
    mistakes: mayChange ? list.mistakes.map((mistake) => ({ ...mistake })) : [],
    mistakeCount: list.mistake_count,
    contentVersion: list.content_version,
    contentAt: list.content_at,
    lastFetchedAt: list.last_fetched_at,
    lastError: list.last_error && textIn(language, list.last_error),
    createdAt: list.created_at,
    version: list.version,
  };
}

function isWebAddress(address: string): boolean {
  if (/[\s\p{Cc}]/u.test(address) || !/^https?:\/\/[^/]/i.test(address)) return false;
  return URL.canParse(address);
}
