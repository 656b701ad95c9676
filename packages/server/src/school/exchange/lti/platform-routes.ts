/** Serves the API routes for learning platforms: administrators register those of their school. A registration has no secret. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { json } from "../../../platform/store/store.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import { definedFields, idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, forPeople, requires } from "../../foundation/requests/permissions.ts";
import { resource } from "../../foundation/resource/resource.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import type { LtiContext } from "./lti-context.ts";
import { changedPlatform, newPlatform, platformShape } from "./shapes.ts";

const TAG = "Learning platforms (LTI)";
const WRITE = requires("people:write", ...ADMINISTRATORS);

export function platformRoutes(context: LtiContext): ApiRoute[] {
  const { db, signatures, signIn } = context;
  const platforms = resource(context, {
    table: "lti_platforms",
    path: "/lti/platforms/:platformId",
    tag: TAG,
    kind: "lti-platform",
    read: requires("schools:read", ...ADMINISTRATORS),
    write: WRITE,
    owner: "school",
    missing: ltiText("no-platform"),
    shape: platformShape,
    present: () => platformResponse,
    committed: () => signIn.clearCache(),
  });
  const writing = [
    platforms.create("createLtiPlatform", {
      summary: "Register a learning platform",
      rights: ["++------", "+0------"],
      body: newPlatform,
      taken: ltiText("platform-taken"),
      isRepeatable: false,
      row: platformRow,
    }),
    platforms.change("changeLtiPlatform", {
      summary: "Change a learning platform; disabling it ends the sessions that it opened",
      rights: ["++------", "+0------"],
      body: changedPlatform,
      columns: (body) =>
        definedFields({
          name: body.name,
          login_url: body.loginUrl,
          grant_url: body.tokenUrl,
          keys_url: body.keysUrl,
          deployment_ids: body.deploymentIds && json(body.deploymentIds),
          origins: body.origins && json(body.origins),
          grades: body.grades,
          enabled: body.enabled,
        }),
      also: async ({ trx }, after) => {
        if (!after.enabled) await endSessions(trx, after);
      },
    }),
    platforms.delete("deleteLtiPlatform", {
      summary: "Delete a learning platform; the sessions that it opened end, accounts, courses and lessons stay",
      rights: ["++------", "+0------"],
      isConditional: false,
      also: ({ trx }, before) => endSessions(trx, before),
    }),
    route({
      id: "testLtiPlatform",
      method: "POST",
      path: "/lti/platforms/:platformId/test",
      tag: TAG,
      summary: "Check that the server reaches the platform's keys",
      access: WRITE,
      rights: ["00------", null],
      params: idParam("platformId"),
      status: 200,
      answer: z.object({ keys: z.int().describe("How many keys the platform has.") }).meta({ id: "LtiPlatformTest" }),
      refusals: ["not-found", "provider-away", "database-away"],
      handle: async ({ actor, params }) => ({
        body: { keys: await signatures.countKeys(await platforms.find(db, actor, params.platformId)) },
      }),
    }),
  ];
  // A platform can sign in teachers and students, so a key with a few scopes would gain theirs by registering one.
  const ofPeople = writing.map((one) => forPeople(one, ltiText("people-only-platforms")));
  return [
    platforms.list("listLtiPlatforms", { summary: "List a school's learning platforms", rights: ["++------", "+0------"] }),
    ...ofPeople,
  ];
}

function platformRow(body: z.output<typeof newPlatform>) {
  return {
    name: body.name,
    issuer: body.issuer,
    client_id: body.clientId,
    login_url: body.loginUrl,
    grant_url: body.tokenUrl,
    keys_url: body.keysUrl,
    deployment_ids: json(body.deploymentIds),
    origins: json(body.origins),
    grades: body.grades,
    enabled: body.enabled,
  };
}

async function endSessions(db: Db, platform: LtiPlatform): Promise<void> {
  await db.deleteFrom("sessions").where("provider_id", "=", platform.id).execute();
}

function platformResponse(platform: LtiPlatform) {
  return {
    id: platform.id,
    schoolId: platform.school_id,
    name: platform.name,
    issuer: platform.issuer,
    clientId: platform.client_id,
    deploymentIds: [...platform.deployment_ids],
    loginUrl: platform.login_url,
    tokenUrl: platform.grant_url,
    keysUrl: platform.keys_url,
    origins: [...platform.origins],
    grades: platform.grades,
    enabled: platform.enabled,
    createdAt: platform.created_at,
    version: platform.version,
  };
}
