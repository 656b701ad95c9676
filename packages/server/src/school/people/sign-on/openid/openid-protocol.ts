/**
 * Speaks OpenID Connect with a provider: authorization code flow with PKCE, state and nonce (OpenID Connect Core 1.0, section 3.1; RFC 9700).
 * The library checks the issuer (RFC 9207), the signature of the ID token, audience, nonce and times.
 */
import type * as OpenId from "openid-client";
import type { Provider } from "../../../foundation/store/tables.ts";
import { subjectOf } from "../protocol/directory-claims.ts";
import { outboundFetch } from "../protocol/outbound-fetch.ts";
import type { ProtocolOptions } from "../protocol/protocol.ts";
import { isJustIssued, pageAddress, SignOnDenied, type SignOnProtocol } from "../protocol/protocol.ts";
import { ProviderDescriptions } from "../protocol/provider-descriptions.ts";

const TIMEOUT_SECONDS = 10;

type Library = typeof OpenId;

export function openIdProtocol(options: ProtocolOptions): SignOnProtocol {
  const { log } = options;
  const configurations = new ProviderDescriptions((provider) => fetchConfiguration(provider, options), log);
  return {
    begin: async (provider, redirectUri, isFresh) => {
      const [openid, configuration] = await Promise.all([library(), configurations.read(provider)]);
      const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: provider.scopes,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state,
        nonce,
        ...(isFresh ? { prompt: "login" } : {}),
      });
      return { url: pageAddress(url.href).href, state, nonce, verifier, redirectUri };
    },
    finish: async (provider, { flow, fields }) => {
      if (!flow) throw new Error("the sign-on did not begin here");
      const [openid, configuration] = await Promise.all([library(), configurations.read(provider)]);
      const url = new URL(flow.redirectUri);
      url.search = fields.toString();
      const tokens = await openid
        .authorizationCodeGrant(configuration, url, {
          expectedState: flow.state,
          expectedNonce: flow.nonce,
          pkceCodeVerifier: flow.verifier,
          idTokenExpected: true,
        })
        .catch((error: unknown) => {
          throw isDenied(openid, error) ? new SignOnDenied("the provider denied access") : error;
        });
      const idToken = tokens.claims();
      if (!idToken) throw new Error("no ID token");
      if (!isJustIssued(idToken.iat)) throw new Error("the ID token was not issued just now");
      const { userinfo_endpoint: userInfo } = configuration.serverMetadata();
      const more = userInfo ? await openid.fetchUserInfo(configuration, tokens.access_token, idToken.sub) : {};
      const { iss: issuer, sub, auth_time: authTime } = idToken;
      return { issuer, subject: subjectOf(sub), claims: { ...more, ...idToken }, provenAt: provenAtOf(authTime), usedOnce: [] };
    },
    describe: async (provider) => {
      const { issuer, authorization_endpoint } = (await configurations.read(provider)).serverMetadata();
      return { issuer, authorizationEndpoint: authorization_endpoint ?? "" };
    },
  };
}

async function fetchConfiguration(
  { id, issuer, client_id, client_secret }: Provider,
  { storedSecrets, networks }: ProtocolOptions,
): Promise<OpenId.Configuration> {
  const openid = await library();
  const secret = storedSecrets.decrypt("providers", id, client_secret);
  if (secret === null) throw new Error("its stored client secret cannot be decrypted; enter it again");
  const metadata = { use_mtls_endpoint_aliases: false };
  return openid.discovery(new URL(issuer), client_id, metadata, authenticationWith(openid, secret), {
    timeout: TIMEOUT_SECONDS,
    [openid.customFetch]: (url, request) => outboundFetch(new URL(url), request, networks()),
    // Whether HTTP is allowed depends on the address: outboundFetch decides.
    execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
  });
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
