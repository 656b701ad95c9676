/** Serves the API routes for link keys: the secrets by which links that other systems sign are checked. Policies name the keys whose links they accept. */
import { randomBytes } from "node:crypto";
import { FOREIGN_SCHEMES } from "../../../access/links/schemes/scheme-list.ts";
import type { PolicyNotices } from "../../../access/policies/policy-snapshot.ts";
import type { ApiRoute } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { resource } from "../../foundation/resource/resource.ts";
import { isInPolicy } from "./link-keys.ts";
import { changedLinkKey, createdLinkKeyShape, linkKeyResponse, linkKeyShape, newLinkKey } from "./shapes.ts";

export type LinkKeyContext = RouteContext & { readonly policyNotices: PolicyNotices };

/** Keys of one school, and of the installation. Every key that a policy names may have to be tried for a link. */
const MAX_LINK_KEYS = 10;
/** As many letters as every vendor's console takes. */
const SECRET_BYTES = 16;

export function linkKeyRoutes(context: LinkKeyContext): ApiRoute[] {
  const { storedSecrets, policyNotices } = context;
  const taken = schoolText("link-key-name-taken");
  const linkKeys = resource(context, {
    table: "link_keys",
    path: "/link-keys/:linkKeyId",
    tag: "Link keys",
    kind: "link-key",
    read: requires("policies:read", ...ADMINISTRATORS),
    write: requires("policies:write", ...ADMINISTRATORS),
    owner: "school-or-platform",
    missing: schoolText("no-link-key"),
    limit: { max: MAX_LINK_KEYS, refusal: schoolText("too-many-link-keys", { max: MAX_LINK_KEYS }) },
    shape: linkKeyShape,
    present: () => linkKeyResponse,
    committed: ({ id }) => policyNotices.policyChanged({ part: "link-key", id }),
  });
  return [
    linkKeys.list("listLinkKeys", {
      summary: "List the keys of links that other systems sign, without their secrets",
      rights: ["++------", "+0------"],
    }),
    linkKeys.create("createLinkKey", {
      summary:
        "Create a link key: with the secret that another system signs with, or with a new one; of the school, or for operators of the installation",
      rights: ["++------", "+0------"],
      body: newLinkKey,
      taken,
      row: ({ name, scheme, secret = randomBytes(SECRET_BYTES).toString("hex"), validSeconds }, { id }) => ({
        name,
        scheme,
        secret: storedSecrets.encrypt("link_keys", id, secret),
        valid_seconds: validSeconds ?? FOREIGN_SCHEMES[scheme].validSeconds,
      }),
      answer: {
        shape: createdLinkKeyShape,
        present: (key) => ({ ...linkKeyResponse(key), secret: storedSecrets.decrypt("link_keys", key.id, key.secret) ?? "" }),
      },
    }),
    linkKeys.get("getLinkKey", { summary: "Get a link key, without its secret", rights: ["++------", "+0------"] }),
    linkKeys.change("changeLinkKey", {
      summary: "Rename a link key, or change how long its links go on; another secret is another key",
      rights: ["++------", "+0------"],
      body: changedLinkKey,
      taken,
      columns: ({ name, validSeconds: valid_seconds }) => definedFields({ name, valid_seconds }),
    }),
    linkKeys.delete("deleteLinkKey", {
      summary: "Delete a link key: its links are not valid any more; refused while a policy names it",
      rights: ["++------", "+0------"],
      refusals: ["conflict"],
      check: async ({ trx }, { id }) => {
        // A policy that begins to name it at the same time holds the row: that policy is seen here, or sees that the key is gone.
        await trx.selectFrom("link_keys").select("id").where("id", "=", id).forUpdate().execute();
        if (await isInPolicy(trx, id)) throw new RefusalError("conflict", schoolText("link-key-in-use"));
      },
    }),
  ];
}
