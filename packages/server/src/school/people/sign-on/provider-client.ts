/**
 * Speaks OpenID Connect with a provider: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1; RFC 9700).
 * The library checks the issuer (RFC 9207), the signature of the ID token, audience, nonce and times.
 */
import type * as OpenId from "openid-client";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Logger } from "../../../platform/log.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Provider } from "../../foundation/store/tables.ts";
import type { Claims } from "./claims.ts";
import type { Flow } from "./flow-cookie.ts";
import { outboundFetch } from "./outbound-fetch.ts";

/** A provider's addresses and keys are read again after this long. */
const DISCOVERY_MS = 10 * 60_000;
/** A provider that could not be reached is asked again after this long, so that strangers cannot make the server ask all the time. */
const FAILURE_MS = 5000;
const MAX_CACHED = 500;
const TIMEOUT_SECONDS = 10;
/** A provider issues a token when it is asked for one. Microsoft Entra ID says that it did so five minutes before. */
const ISSUED_BEFORE_SECONDS = 900;
const CLOCKS_DIFFER_SECONDS = 300;

type Library = typeof OpenId;
type Cached = { readonly configuration: Promise<OpenId.Configuration>; readonly readAt: number };
type Identity = {
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Claims;
  readonly provenAt: Date | null;
};
export type StartedFlow = { readonly url: string } & Pick<Flow, "state" | "nonce" | "verifier">;

export type ProviderClientOptions = {
  readonly log: Logger;
  readonly storedSecrets: StoredSecrets;
  /** Private networks that providers may be in. */
  readonly networks: () => readonly string[];
};

export class ProviderClient {
  private readonly options: ProviderClientOptions;
  private readonly cache = new Map<string, Cached>();

  constructor(options: ProviderClientOptions) {
    this.options = options;
  }

  /**
   * The address at the provider to which the browser goes.
   * @param isFresh the provider asks the person again, also where they are signed in there
   * @throws RefusalError provider-away
   */
  async begin(provider: Provider, redirectUri: string, isFresh: boolean): Promise<StartedFlow> {
    const [openid, configuration] = await Promise.all([library(), this.discover(provider)]);
    const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
    // The document of a provider is not trusted: a browser would run the script of another kind of address.
    const { authorization_endpoint: endpoint = "" } = configuration.serverMetadata();
    if (!/^https?:\/\//i.test(endpoint)) throw this.unreachable(provider, "its authorization_endpoint is not an https address");
    const url = openid.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: provider.scopes,
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      state,
      nonce,
      ...(isFresh ? { prompt: "login" } : {}),
    });
    return { url: url.href, state, nonce, verifier };
  }

  /**
   * Who the person is, by the response with which the provider sent the browser back.
   * @param query of the address to which the browser came back
   * @throws RefusalError sign-on-failed, provider-away
   */
  async finish(provider: Provider, flow: Flow, query: string): Promise<Identity> {
    const [openid, configuration] = await Promise.all([library(), this.discover(provider)]);
    const url = new URL(flow.redirectUri);
    url.search = query;
    try {
      const tokens = await openid.authorizationCodeGrant(configuration, url, {
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        pkceCodeVerifier: flow.verifier,
        idTokenExpected: true,
      });
      const idToken = tokens.claims();
      if (!idToken) throw new Error("no ID token");
      if (!isJustIssued(idToken.iat)) throw new Error("the ID token was not issued just now");
      const { userinfo_endpoint: userInfo } = configuration.serverMetadata();
      const more = userInfo ? await openid.fetchUserInfo(configuration, tokens.access_token, idToken.sub) : {};
      const { iss: issuer, sub: subject, auth_time: authTime } = idToken;
      return { issuer, subject, claims: { ...more, ...idToken }, provenAt: provenAtOf(authTime) };
    } catch (error) {
      this.options.log.warn({ provider: provider.id, reason: reasonOf(error) }, "sign-on failed");
      throw new RefusalError("sign-on-failed", schoolText(isDenied(openid, error) ? "sign-on-denied" : "sign-on-invalid"));
    }
  }

  /** Reads the provider's addresses. @throws RefusalError provider-away */
  async discover(provider: Provider): Promise<OpenId.Configuration> {
    const key = `${provider.id} ${provider.version}`;
    const known = this.cache.get(key);
    const isFresh = known !== undefined && Date.now() - known.readAt < DISCOVERY_MS;
    const configuration = isFresh ? known.configuration : this.fetchConfiguration(provider);
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    if (!isFresh) this.cache.set(key, { configuration, readAt: Date.now() });
    try {
      return await configuration;
    } catch (error) {
      if (isFresh) throw new RefusalError("provider-away");
      this.cache.set(key, { configuration, readAt: Date.now() - DISCOVERY_MS + FAILURE_MS });
      throw this.unreachable(provider, reasonOf(error));
    }
  }

  private async fetchConfiguration(provider: Provider): Promise<OpenId.Configuration> {
    const openid = await library();
    const { id, issuer, client_id } = provider;
    const secret = this.options.storedSecrets.decrypt("providers", id, provider.client_secret);
    if (secret === null) throw new Error("its stored client secret cannot be decrypted; enter it again");
    const metadata = { use_mtls_endpoint_aliases: false };
    return openid.discovery(new URL(issuer), client_id, metadata, authenticationWith(openid, secret), {
      timeout: TIMEOUT_SECONDS,
      [openid.customFetch]: (url, request) => outboundFetch(new URL(url), request, this.options.networks()),
      // Whether HTTP is allowed depends on the address: outboundFetch decides.
      execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
    });
  }

  private unreachable(provider: Provider, reason: string): RefusalError {
    this.options.log.warn({ provider: provider.id, issuer: provider.issuer, reason }, "sign-on provider unreachable");
    return new RefusalError("provider-away");
  }
}

/** Whether an ID token was issued for this sign-in, give or take the clocks of both sides. @param iat seconds since 1970 @param now milliseconds */
export function isJustIssued(iat: number, now = Date.now()): boolean {
  const age = now / 1000 - iat;
  return age <= ISSUED_BEFORE_SECONDS && age >= -CLOCKS_DIFFER_SECONDS;
}

/** The time in `auth_time` (OpenID Connect Core 1.0, section 2), which is optional; never one in the future. */
function provenAtOf(authTime: unknown): Date | null {
  return typeof authTime === "number" && authTime > 0 ? new Date(Math.min(authTime * 1000, Date.now())) : null;
}

/** Loaded with the first sign-on: most servers have no provider. */
function library(): Promise<Library> {
  return import("openid-client");
}

/** Authenticates by the method that the provider knows: in the body, or by HTTP Basic (OpenID Connect Core 1.0, section 9). */
function authenticationWith(openid: Library, secret: string): OpenId.ClientAuth {
  if (secret === "") return openid.None();
  const [post, basic] = [openid.ClientSecretPost(secret), openid.ClientSecretBasic(secret)];
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    const method = methods.includes("client_secret_basic") || !methods.includes("client_secret_post") ? basic : post;
    return method(server, client, body, headers);
  };
}

/** The person, or the provider, said no. */
function isDenied(openid: Library, error: unknown): boolean {
  return error instanceof openid.AuthorizationResponseError && error.error === "access_denied";
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
