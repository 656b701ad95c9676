/** Serves the API routes for how a school's pages look: its name, its accent colour and its logo. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../messages/school-texts.ts";
import { idParam } from "../requests/fields.ts";
import { ADMINISTRATORS, requires } from "../requests/permissions.ts";
import type { RouteContext } from "../requests/route-context.ts";
import type { Requester } from "../store/requester.ts";
import type { School } from "../store/tables.ts";
import { updateRow } from "../store/update-row.ts";
import { logoAddress } from "./logo-address.ts";
import { readLogo } from "./logo-image.ts";
import { actsFor, noSuchSchool } from "./scope.ts";
import { brandShape, logoShape, newLogo } from "./shapes.ts";

const TAG = "Schools";
/** Of the brand: each page asks when it opens. */
const BRAND_MS = 5000;
const MAX_PIXELS = 1024;
const TAG_LETTERS = 12;

export function brandRoutes(context: RouteContext): ApiRoute[] {
  return [getBrandRoute(context), getLogoRoute(context), setLogoRoute(context), deleteLogoRoute(context)];
}

function getBrandRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getBrand",
    method: "GET",
    path: "/brand",
    tag: TAG,
    summary: "Get how pages look: as the caller's school, or the only school of the server, wants it",
    access: everybody("schools:read"),
    rights: ["++++++++", null],
    status: 200,
    answer: brandShape,
    publicMs: BRAND_MS,
    refusals: ["database-away"],
    handle: async ({ actor }) => {
      let matching = db.selectFrom("schools").select(["id", "name", "accent", "logo"]).where("archived_at", "is", null).limit(2);
      if (actor.schoolId !== null) matching = matching.where("id", "=", actor.schoolId);
      const [school, second] = await matching.execute();
      if (!school || second) return { body: { school: null, accent: null, logo: null } };
      return { body: { school: school.name, accent: school.accent, logo: logoAddress(school) } };
    },
  });
}

function getLogoRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getLogo",
    method: "GET",
    path: "/schools/:schoolId/logo",
    tag: TAG,
    summary: "Get the logo of a school, as a picture",
    access: everybody("schools:read"),
    // There is none.
    rights: ["00000000", "00000000"],
    params: idParam("schoolId"),
    query: z.strictObject({ v: z.string().max(40).optional().describe("Changes with the picture.") }),
    status: 200,
    answer: logoShape,
    answerType: "image/*",
    refusals: ["not-found", "database-away"],
    handle: async ({ params, query }) => {
      const logo = await db.selectFrom("school_logos").selectAll().where("school_id", "=", params.schoolId).executeTakeFirst();
      if (!logo) throw new RefusalError("not-found", schoolText("no-logo"));
      const headers = {
        "content-type": logo.type,
        // It is a picture, whatever else its bytes may look like.
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": query.v ? "public, max-age=31536000, immutable" : "public, max-age=300",
      };
      return { body: Buffer.from(logo.image, "base64"), headers };
    },
  });
}

function setLogoRoute(context: RouteContext): ApiRoute {
  return route({
    id: "setLogo",
    method: "PUT",
    path: "/schools/:schoolId/logo",
    tag: TAG,
    summary: "Set the logo of a school",
    access: requires("schools:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("schoolId"),
    body: newLogo,
    status: 200,
    answer: brandShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ params, body, ...requester }) => {
      const image = Buffer.from(body.image, "base64");
      const logo = readLogo(image);
      if (!logo) throw new RefusalError("bad-request", schoolText("logo-format"));
      if (Math.max(logo.width, logo.height) > MAX_PIXELS)
        throw new RefusalError("bad-request", schoolText("logo-size", { max: MAX_PIXELS, width: logo.width, height: logo.height }));
      const mark = createHash("sha256").update(image).digest("base64url").slice(0, TAG_LETTERS);
      return { body: await changeLogo(context, requester, params.schoolId, { type: logo.type, image: body.image, mark }) };
    },
  });
}

function deleteLogoRoute(context: RouteContext): ApiRoute {
  return route({
    id: "deleteLogo",
    method: "DELETE",
    path: "/schools/:schoolId/logo",
    tag: TAG,
    summary: "Remove the logo of a school",
    access: requires("schools:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("schoolId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ params, ...requester }) => {
      await changeLogo(context, requester, params.schoolId, null);
      return { body: null };
    },
  });
}

type NewLogo = { readonly type: string; readonly image: string; readonly mark: string };

async function changeLogo({ changes }: RouteContext, { actor }: Pick<Requester, "actor">, schoolId: string, logo: NewLogo | null) {
  if (!actsFor(actor, schoolId)) throw noSuchSchool();
  const { body } = await changes.transact({ actor }, async (change) => {
    const { trx } = change;
    const before = await trx.selectFrom("schools").selectAll().where("id", "=", schoolId).executeTakeFirst();
    if (!before) throw noSuchSchool();
    await trx.deleteFrom("school_logos").where("school_id", "=", schoolId).execute();
    if (logo) await trx.insertInto("school_logos").values({ school_id: schoolId, type: logo.type, image: logo.image }).execute();
    const after: School = await updateRow(change, "schools", before, { logo: logo?.mark ?? null });
    await change.audit({ action: "school.logo", schoolId, targetKind: "school", targetId: schoolId, before, after });
    return { body: { school: after.name, accent: after.accent, logo: logoAddress(after) } };
  });
  return body;
}
