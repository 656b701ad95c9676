/** Provides a learning platform for tests: its keys, the authentication of launches, a token service and a grade book, over HTTP. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import {
  type CryptoKey,
  createLocalJWKSet,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTPayload,
  jwtVerify,
  SignJWT,
} from "jose";

const CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";
const MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#";
export const CLIENT_ID = "the-client";
export const DEPLOYMENT = "1";

export type LtiUser = { readonly sub: string; readonly role: string; readonly name?: string; readonly email?: string };
export type Score = Readonly<Record<string, unknown>> & { readonly userId: string };
export type LineItem = { readonly id: string; readonly label: string; readonly resourceLinkId?: string; readonly scores: Score[] };

export type TestPlatform = {
  readonly issuer: string;
  /** The fields that administrators enter here. */
  readonly registration: Readonly<Record<string, unknown>>;
  /** The claims of a launch by a person, of the link `link-1` of the course `course-1`. */
  readonly claims: (user: LtiUser, more?: Readonly<Record<string, unknown>>) => Record<string, unknown>;
  /** A signed ID token. @param kid of another key than the platform's; default: its own */
  readonly sign: (
    claims: JWTPayload,
    header?: { readonly alg?: string; readonly kid?: string; readonly key?: CryptoKey | Uint8Array },
  ) => Promise<string>;
  /** How often each path was asked. */
  readonly asked: Map<string, number>;
  readonly lineItems: LineItem[];
  /** The tool's keys, by which the token service verifies it; where they are. */
  toolKeys: () => Promise<unknown>;
  /** Answers of the grade service that fail from now on. */
  failures: number;
  /** The platform's public key, PEM. */
  readonly publicKey: () => Promise<string>;
  /** People for whom the grade service takes no score. */
  readonly refusedUsers: Set<string>;
  /** Replaces the platform's key. */
  readonly rotate: () => Promise<void>;
  /** Who opens the next launches in a browser, and what they open. */
  next: (nonce: string) => Record<string, unknown>;
  /** Fields of the launch that a browser sends along. */
  readonly responseFields: Record<string, string>;
  /** Answers requests for other addresses: the pages of the platform. */
  page: (url: URL) => string | null;
  /** Deep linking responses that a browser has posted. */
  readonly deepLinks: string[];
};

export async function startLtiPlatform(t: TestContext, host = "127.0.0.1"): Promise<TestPlatform> {
  let keys = await generateKeyPair("RS256", { extractable: true });
  let kid = "key-1";
  const server = createServer((request, response) => void handle(platform, () => keySet(), request, response));
  const keySet = async () => ({ keys: [{ ...(await exportJWK(keys.publicKey)), kid, use: "sig", alg: "RS256" }] });
  const issuer = await listen(t, server, host);
  const platform: TestPlatform = {
    issuer,
    registration: {
      name: "Moodle",
      issuer,
      clientId: CLIENT_ID,
      deploymentIds: [DEPLOYMENT],
      loginUrl: `${issuer}/auth`,
      tokenUrl: `${issuer}/token`,
      keysUrl: `${issuer}/keys`,
    },
    claims: (user, more = {}) => ({ ...claimsOf(issuer, user), ...more }),
    sign: async (claims, { alg = "RS256", kid: other = kid, key = keys.privateKey } = {}) =>
      await new SignJWT(claims).setProtectedHeader({ alg, kid: other }).sign(key),
    asked: new Map(),
    lineItems: [],
    toolKeys: async () => ({ keys: [] }),
    failures: 0,
    refusedUsers: new Set(),
    publicKey: () => exportSPKI(keys.publicKey),
    rotate: async () => {
      keys = await generateKeyPair("RS256", { extractable: true });
      kid = `key-${Number(kid.slice(4)) + 1}`;
    },
    next: () => ({}),
    responseFields: {},
    page: () => null,
    deepLinks: [],
  };
  return platform;
}

async function listen(t: TestContext, server: Server, host: string): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

function claimsOf(issuer: string, { sub, role, name, email }: LtiUser): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: issuer,
    aud: CLIENT_ID,
    sub,
    iat: now,
    exp: now + 300,
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
    [`${CLAIM}version`]: "1.3.0",
    [`${CLAIM}message_type`]: "LtiResourceLinkRequest",
    [`${CLAIM}deployment_id`]: DEPLOYMENT,
    [`${CLAIM}target_link_uri`]: "http://school.example/lti/launch",
    [`${CLAIM}roles`]: [MEMBERSHIP + role],
    [`${CLAIM}context`]: { id: "course-1", title: "Algebra", label: "ALG" },
    [`${CLAIM}resource_link`]: { id: "link-1", title: "Fractions" },
  };
}

async function handle(
  platform: TestPlatform,
  keySet: () => Promise<unknown>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", platform.issuer);
  platform.asked.set(url.pathname, (platform.asked.get(url.pathname) ?? 0) + 1);
  const body = await textOf(request);
  const json = (value: unknown, status = 200) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  const html = (text: string) => response.writeHead(200, { "content-type": "text/html" }).end(text);
  if (url.pathname === "/keys") return void json(await keySet());
  if (url.pathname === "/auth") return void html(await launchForm(platform, url));
  if (url.pathname === "/deep-links") {
    platform.deepLinks.push(new URLSearchParams(body).get("JWT") ?? "");
    return void html("<h1>The link was added</h1>");
  }
  if (url.pathname === "/token") return void json(...(await tokenAnswer(platform, new URLSearchParams(body))));
  if (url.pathname.startsWith("/lineitems")) return void json(...gradeAnswer(platform, request, url, body));
  const page = platform.page(url);
  if (page !== null) return void html(page);
  json({}, 404);
}

/** The form that brings a launch to the tool, and posts itself (1EdTech Security Framework 1.0, section 5.1.1.3). */
async function launchForm(platform: TestPlatform, url: URL): Promise<string> {
  const query = url.searchParams;
  const token = await platform.sign({ ...platform.next(query.get("nonce") ?? ""), nonce: query.get("nonce") ?? "" });
  const fields = { id_token: token, state: query.get("state") ?? "", ...platform.responseFields };
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`);
  return `<!doctype html><form method="post" action="${query.get("redirect_uri")}">${inputs.join("")}</form><script>document.forms[0].submit()</script>`;
}

/** Verifies the tool by its signed assertion (RFC 7523, section 3). */
async function tokenAnswer(platform: TestPlatform, form: URLSearchParams): Promise<[unknown, number]> {
  try {
    const keys = createLocalJWKSet((await platform.toolKeys()) as Parameters<typeof createLocalJWKSet>[0]);
    const { payload } = await jwtVerify(form.get("client_assertion") ?? "", keys, { audience: `${platform.issuer}/token` });
    const isTool = payload.iss === CLIENT_ID && payload.sub === CLIENT_ID && typeof payload.jti === "string";
    if (form.get("grant_type") !== "client_credentials" || !isTool) return [{ error: "invalid_client" }, 401];
    return [{ access_token: "a token", token_type: "Bearer", expires_in: 3600, scope: form.get("scope") }, 200];
  } catch {
    return [{ error: "invalid_client" }, 401];
  }
}

function gradeAnswer(platform: TestPlatform, request: IncomingMessage, url: URL, body: string): [unknown, number] {
  if (request.headers.authorization !== "Bearer a token") return [{}, 401];
  if (platform.failures > 0) {
    platform.failures--;
    return [{}, 503];
  }
  const index = /^\/lineitems\/(\d+)\/scores$/.exec(url.pathname)?.[1];
  if (index !== undefined && request.headers["content-type"] === "application/vnd.ims.lis.v1.score+json") {
    const score: Score = JSON.parse(body);
    if (platform.refusedUsers.has(score.userId)) return [{}, 404];
    platform.lineItems[Number(index)]?.scores.push(score);
    return [{}, 200];
  }
  if (url.pathname !== "/lineitems") return [{}, 404];
  if (request.method === "GET") {
    const link = url.searchParams.get("resource_link_id");
    return [platform.lineItems.filter((item) => link === null || item.resourceLinkId === link), 200];
  }
  const item = { ...JSON.parse(body), id: `${platform.issuer}/lineitems/${platform.lineItems.length}?type_id=7`, scores: [] };
  platform.lineItems.push(item);
  return [item, 201];
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) text += piece;
  return text;
}
