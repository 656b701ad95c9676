/** Serves the API routes for content checks: webhooks of a school that decide about texts in rooms, and about pictures of live lessons. */
import type { ApiRoute } from "../../../../access/route.ts";
import { newSecret } from "../../../../platform/secrets.ts";
import { moderationText } from "../../../foundation/messages/moderation-texts.ts";
import { definedFields } from "../../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../../foundation/requests/route-context.ts";
import { resource } from "../../../foundation/resource/resource.ts";
import { changedContentCheck, contentCheckResponse, contentCheckShape, newContentCheck } from "./content-check-shapes.ts";

export function contentCheckRoutes(context: RouteContext): ApiRoute[] {
  const { storedSecrets } = context;
  const checks = resource(context, {
    table: "content_checks",
    path: "/content-checks/:contentCheckId",
    tag: "Content checks",
    kind: "content-check",
    read: requires("webhooks:read", ...ADMINISTRATORS),
    write: requires("webhooks:write", ...ADMINISTRATORS),
    owner: "school",
    missing: moderationText("no-content-check"),
    shape: contentCheckShape,
    present:
      ({ actor }) =>
      (check) =>
        contentCheckResponse(check, actor, storedSecrets),
  });
  return [
    checks.list("listContentChecks", { summary: "List content checks", rights: ["++------", "+0------"] }),
    checks.create("createContentCheck", {
      summary: "Create a content check: texts wait until its URL has answered",
      rights: ["++------", "+0------"],
      body: newContentCheck,
      taken: moderationText("content-check-taken"),
      row: ({ kind, url, fallback, enabled, deadlineMs, intervalSeconds }, { id }) => ({
        kind,
        url,
        fallback,
        enabled,
        secret: storedSecrets.encrypt("content_checks", id, newSecret()),
        deadline_ms: deadlineMs,
        interval_seconds: intervalSeconds,
      }),
    }),
    checks.get("getContentCheck", { summary: "Get a content check", rights: ["++------", "+0------"] }),
    checks.change("changeContentCheck", {
      summary: "Change a content check",
      rights: ["++------", "+0------"],
      body: changedContentCheck,
      columns: ({ deadlineMs: deadline_ms, intervalSeconds: interval_seconds, ...rest }) =>
        definedFields({ ...rest, deadline_ms, interval_seconds }),
    }),
    checks.delete("deleteContentCheck", {
      summary: "Delete a content check; texts that wait for it go to staff of their lessons",
      rights: ["++------", "+0------"],
    }),
  ];
}
