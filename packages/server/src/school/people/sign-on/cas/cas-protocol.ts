/**
 * Speaks CAS 3.0 with a school's server: people sign in there and come back with a service ticket, which this server has validated, once, for the
 * address that asked for it (CAS Protocol 3.0, sections 2.1 and 2.5). The address has the flow's state, so that a ticket of another flow does not count.
 */
import { randomBytes } from "node:crypto";
import type { Provider } from "../../../foundation/store/tables.ts";
import { directoryClaims, subjectOf } from "../protocol/directory-claims.ts";
import { outboundFetch } from "../protocol/outbound-fetch.ts";
import type { ProtocolOptions } from "../protocol/protocol.ts";
import { pageAddress, reasonOf, type SignOnProtocol } from "../protocol/protocol.ts";
import { unreachable } from "../protocol/provider-descriptions.ts";
import { type CasAnswer, readServiceResponse } from "./service-response.ts";

/** CAS Protocol 3.0, section 3.1. */
const SERVICE_TICKET = /^ST-[\x21-\x7e]{1,253}$/;

export function casProtocol(options: ProtocolOptions): SignOnProtocol {
  return {
    begin: async (provider, redirectUri, isFresh) => {
      const [state, nonce] = [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")];
      const service = `${redirectUri}?state=${state}`;
      const url = addressOf(provider, "/login", { service, ...(isFresh ? { renew: "true" } : {}) });
      return { url: pageAddress(url.href).href, state, nonce, verifier: "", redirectUri: service };
    },
    finish: async (provider, { flow, fields }) => {
      if (!flow) throw new Error("the sign-on did not begin here");
      const ticket = fields.get("ticket") ?? "";
      if (!SERVICE_TICKET.test(ticket)) throw new Error("there is no service ticket");
      const answer = await validate(provider, options, {
        service: flow.redirectUri,
        ticket,
        // A browser could leave this out of the address of the sign-in; the server knows how the ticket came about.
        ...(flow.isFresh ? { renew: "true" } : {}),
      });
      if ("failure" in answer) throw new Error(`the server answers ${answer.failure}`);
      const { user, attributes } = answer;
      const issuer = `cas:${provider.issuer.replace(/\/$/, "")}`;
      const claims = directoryClaims({ ...attributes, preferred_username: [user] });
      return { issuer, subject: subjectOf(user), claims, provenAt: provenAtOf(attributes), usedOnce: [`${issuer} ${ticket}`] };
    },
    describe: async (provider) => {
      // A server that knows CAS 3.0 says of a ticket that is none what is wrong with it.
      const answer = await validate(provider, options, { service: `${provider.public_origin}/`, ticket: "ST-test" });
      if (!("failure" in answer)) throw unreachable(options.log, provider, "it accepts a ticket that it has not issued");
      return { issuer: provider.issuer, authorizationEndpoint: addressOf(provider, "/login", {}).href };
    },
  };
}

/** @throws RefusalError provider-away, where there is no answer of CAS 3.0 */
async function validate(
  provider: Provider,
  { networks, log }: ProtocolOptions,
  query: Readonly<Record<string, string>>,
): Promise<CasAnswer> {
  const url = addressOf(provider, "/p3/serviceValidate", query);
  let text: string;
  try {
    const answer = await outboundFetch(url, { method: "GET", headers: { accept: "application/xml, text/xml" } }, networks());
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    text = await answer.text();
  } catch (error) {
    throw unreachable(log, provider, reasonOf(error));
  }
  return await readServiceResponse(text);
}

function addressOf({ issuer }: Provider, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(issuer.replace(/\/$/, "") + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

/** When the person signed in there, where the server says so (section 2.5.7); never in the future. */
function provenAtOf({ authenticationDate = [] }: Readonly<Record<string, readonly string[]>>): Date | null {
  // Some servers name the zone after the time: 2026-11-30T09:00:00.000Z[UTC].
  const time = Date.parse((authenticationDate[0] ?? "").replace(/\[[^\]]*\]$/, ""));
  return Number.isNaN(time) ? null : new Date(Math.min(time, Date.now()));
}
