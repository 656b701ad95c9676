/** Runs a real provider of OpenID Connect for tests: it signs in the account that the address names as `login_hint`, without asking. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

export type OpenIdProvider = {
  readonly issuer: string;
  /** Registers a client; the provider answers from then on. */
  readonly register: (client: { readonly id: string; readonly secret: string; readonly redirectUri: string }) => Promise<void>;
  /** What the provider says about each account, by its subject. */
  readonly accounts: Map<string, Record<string, unknown>>;
};

export async function startOpenIdProvider(t: TestContext): Promise<OpenIdProvider> {
  const accounts: OpenIdProvider["accounts"] = new Map();
  let handle = (_: IncomingMessage, response: ServerResponse): unknown => response.writeHead(503).end();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    accounts,
    register: async (client) => {
      handle = await providerHandler(issuer, client, accounts);
    },
  };
}

async function providerHandler(
  issuer: string,
  { id, secret, redirectUri }: { readonly id: string; readonly secret: string; readonly redirectUri: string },
  accounts: OpenIdProvider["accounts"],
) {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const provider = new Provider(issuer, {
    clients: [{ client_id: id, client_secret: secret, redirect_uris: [redirectUri], grant_types: ["authorization_code"] }],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: "test", use: "sig", alg: "RS256" }] },
    cookies: { keys: ["a key of the test"] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username", "groups", "courses", "oid"],
      email: ["email", "email_verified"],
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, sub) =>
      accounts.has(sub) ? { accountId: sub, claims: async () => ({ ...accounts.get(sub), sub }) } : undefined,
    loadExistingGrant: async ({ oidc }) => {
      const { session, client } = oidc;
      if (!session?.accountId || !client) return undefined;
      const grant = new provider.Grant({ accountId: session.accountId, clientId: client.clientId });
      grant.addOIDCScope("openid profile email");
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!request.url?.startsWith("/interaction/")) return void callback(request, response);
    const { params } = await provider.interactionDetails(request, response);
    const accountId = String(params["login_hint"]);
    const result = accounts.has(accountId) ? { login: { accountId } } : { error: "access_denied" };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
}

/** Goes to the provider as a browser would, until it leads back. Gives the query of that address. */
export async function visitProvider(url: string, subject: string, back: string): Promise<string> {
  const cookies = new Map<string, string>();
  let address = new URL(url);
  address.searchParams.set("login_hint", subject);
  for (let hops = 0; hops < 10; hops++) {
    if (address.href.startsWith(back)) return address.search.slice(1);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(address, { redirect: "manual", headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (set.split(";")[0] ?? "").split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`${address.href}: ${answer.status} ${await answer.text()}`);
    address = new URL(location, address);
  }
  throw new Error(`too many redirects, the last to ${address.href}`);
}
