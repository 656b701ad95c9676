/** Serves the API routes for the scoring service of a school: a program of its own that proposes points for answers that people mark. */
import type { ApiRoute } from "../../../access/route.ts";
import { newSecret } from "../../../platform/secrets.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { definedFields } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { changedScoringService, newScoringService, scoringServiceResponse, scoringServiceShape } from "./service-shapes.ts";

export function scoringServiceRoutes(context: RouteContext): ApiRoute[] {
  const { storedSecrets } = context;
  const services = resource(context, {
    table: "scoring_services",
    path: "/scoring-services/:scoringServiceId",
    tag: "Marking",
    kind: "scoring-service",
    read: requires("webhooks:read", ...ADMINISTRATORS),
    write: requires("webhooks:write", ...ADMINISTRATORS),
    owner: "school",
    missing: examText("no-scoring-service"),
    shape: scoringServiceShape,
    present:
      ({ actor }) =>
      (service) =>
        scoringServiceResponse(service, actor, storedSecrets),
  });
  return [
    services.list("listScoringServices", {
      summary: "List scoring services: a school has one at most",
      rights: ["++------", "+0------"],
    }),
    services.create("createScoringService", {
      summary: "Create the scoring service of a school: it is sent answers to the questions that examinations name",
      rights: ["++------", "+0------"],
      body: newScoringService,
      taken: examText("scoring-service-taken"),
      row: ({ url, enabled, perMinute, perDay, acceptConfidence }, { id }) => ({
        url,
        enabled,
        secret: storedSecrets.encrypt("scoring_services", id, newSecret()),
        per_minute: perMinute,
        per_day: perDay,
        accept_confidence: acceptConfidence,
      }),
    }),
    services.get("getScoringService", { summary: "Get a scoring service", rights: ["++------", "+0------"] }),
    services.change("changeScoringService", {
      summary: "Change a scoring service",
      rights: ["++------", "+0------"],
      body: changedScoringService,
      columns: ({ perMinute: per_minute, perDay: per_day, acceptConfidence: accept_confidence, ...rest }) =>
        definedFields({ ...rest, per_minute, per_day, accept_confidence }),
    }),
    services.delete("deleteScoringService", {
      summary: "Delete a scoring service; its proposals stay, and answers that wait for it are marked by people",
      rights: ["++------", "+0------"],
    }),
  ];
}
