/** Serves the API route that deletes a school for good. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { noSuchSchool } from "../../foundation/schools/scope.ts";
import { updateRow } from "../../foundation/store/update-row.ts";

export function deleteSchoolRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "deleteSchool",
    method: "DELETE",
    path: "/schools/:schoolId",
    tag: "Data protection",
    summary: "Delete an archived school for good, with its people, lessons, recordings and files, in the background",
    access: requires("schools:write", "operator"),
    rights: ["+-------", "+-------"],
    params: idParam("schoolId"),
    query: z.strictObject({ slug: z.string().max(40).describe("The school's short name, so that none is deleted by mistake.") }),
    status: 202,
    answer: z.object({ deletingSince: z.preprocess((at) => (at instanceof Date ? at.toISOString() : at), z.iso.datetime()) }),
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params, query }) =>
      changes.transact({ actor }, async (change) => {
        const before = await change.trx.selectFrom("schools").selectAll().where("id", "=", params.schoolId).executeTakeFirst();
        if (!before) throw noSuchSchool();
        if (before.slug !== query.slug) throw new RefusalError("conflict", schoolText("delete-slug"));
        if (before.archived_at === null) throw new RefusalError("conflict", schoolText("archive-first"));
        const deletingSince = before.deleting_since ?? new Date();
        await updateRow(change, "schools", before, { deleting_since: deletingSince });
        // Of the platform: the school's own entries are deleted with it.
        const about = { slug: before.slug, name: before.name };
        await change.audit({ action: "school.delete", schoolId: null, targetKind: "school", targetId: before.id, before: about });
        return { body: { deletingSince } };
      }),
  });
}
