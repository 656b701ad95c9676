/** Defines what the routes of SCIM take and return: RFC 7644 sections 3.4.2 and 3.5. Their attributes are checked where they become columns. */
import { z } from "zod";
import { id } from "../../foundation/requests/fields.ts";

/** Resources of one page. Directories ask for 100 at most. */
export const MAX_RESULTS = 200;
const DEFAULT_RESULTS = 100;
/** Longer texts of a query are no request of a directory. */
const MAX_TEXT = 4096;

const LIST_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/** For operators; everybody else, keys too, acts on the own school. Parameters that others add to the address are left out. */
export const schoolOnly = z.object({ schoolId: id.optional().describe("For operators.") });
export const projection = schoolOnly.extend({
  attributes: z.string().max(MAX_TEXT).optional().describe("Only these attributes, with commas between them."),
  excludedAttributes: z.string().max(MAX_TEXT).optional().describe("All but these attributes."),
});
export const listQuery = projection.extend({
  filter: z.string().max(MAX_TEXT).optional().describe('RFC 7644 section 3.4.2.2: `userName eq "mei"`.'),
  sortBy: z.string().max(200).optional(),
  sortOrder: z.string().max(20).optional().describe("ascending or descending"),
  startIndex: z.coerce.number().int().optional().describe("From 1."),
  count: z.coerce.number().int().optional().describe(`At most ${MAX_RESULTS}; default ${DEFAULT_RESULTS}.`),
});

/** A resource, or a list of operations. */
export const scimBody = z.record(z.string(), z.unknown()).meta({ id: "ScimBody" });
export const scimAnswer = z
  .looseObject({ schemas: z.array(z.string()) })
  .meta({ id: "ScimResource", description: "RFC 7643 section 3." });
export const scimList = z
  .object({
    schemas: z.array(z.string()),
    totalResults: z.int(),
    startIndex: z.int(),
    itemsPerPage: z.int(),
    Resources: z.array(scimAnswer),
  })
  .meta({ id: "ScimList" });

export type Page = { readonly offset: number; readonly limit: number };

/** Values out of range mean the nearest one within (RFC 7644 section 3.4.2.4). */
export function pageOf({
  startIndex = 1,
  count = DEFAULT_RESULTS,
}: {
  startIndex?: number | undefined;
  count?: number | undefined;
}) {
  // PostgreSQL takes 63 bits of an offset, and a school has fewer people.
  const offset = Math.min(Math.max(startIndex, 1), Number.MAX_SAFE_INTEGER) - 1;
  return { offset, limit: Math.min(Math.max(count, 0), MAX_RESULTS) };
}

export function listAnswer(total: number, { offset }: Page, resources: readonly Readonly<Record<string, unknown>>[]) {
  return {
    schemas: [LIST_SCHEMA],
    totalResults: total,
    startIndex: offset + 1,
    itemsPerPage: resources.length,
    Resources: resources as { [name: string]: unknown; schemas: string[] }[],
  };
}
