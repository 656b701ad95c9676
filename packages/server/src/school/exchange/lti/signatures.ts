/**
 * Signs what this tool says, and verifies what platforms say: JSON Web Signature with RSA keys (1EdTech Security Framework 1.0, sections 5.1 and
 * 6.3). A platform's keys are fetched when they are needed, and kept for ten minutes; an unknown key id fetches them again at most every 30 seconds.
 */
import type { JWTPayload, JWTVerifyGetKey } from "jose";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Logger } from "../../../platform/log.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import { outboundFetch } from "../../people/sign-on/protocol/outbound-fetch.ts";

/** Asymmetric only: with HS256, a public key would be the secret. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256"];
const KEEP_KEYS_MS = 10 * 60_000;
const REFETCH_MS = 30_000;
/** A platform that could not be reached is asked again after this long, so that strangers cannot make the server ask all the time. */
const FAILURE_MS = 5000;
const MAX_PLATFORMS = 500;
/** How far the clocks of platform and tool may be apart, and how old an ID token may be: it was just made. */
const CLOCK_TOLERANCE_SECONDS = 60;
const MAX_AGE_SECONDS = 600;
const SIGNED_FOR_SECONDS = 300;
const KEY_BITS = 2048;

export type SigningKey = { readonly id: string; readonly privateKey: string };
export type NewKeyPair = { readonly privateKey: string; readonly publicKey: Readonly<Record<string, unknown>> };
export type SignaturesOptions = {
  readonly log: Logger;
  /** Private networks that platforms may be in. */
  readonly networks: () => readonly string[];
};

export class Signatures {
  private readonly options: SignaturesOptions;
  private readonly keySets = new Map<string, JWTVerifyGetKey>();

  constructor(options: SignaturesOptions) {
    this.options = options;
  }

  /**
   * The claims of an ID token of a platform: its signature, issuer, audience, times and nonce are verified (LTI Core 1.3, section 5.1.3).
   * @throws RefusalError launch-failed, provider-away
   */
  async verifyIdToken(platform: LtiPlatform, idToken: string, nonce: string): Promise<JWTPayload> {
    const { jwtVerify } = await import("jose");
    const keys = await this.keysOf(platform);
    try {
      const { payload } = await jwtVerify(idToken, keys, {
        issuer: platform.issuer,
        audience: platform.client_id,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        maxTokenAge: MAX_AGE_SECONDS,
        requiredClaims: ["exp", "iat", "nonce", "sub"],
      });
      checkAudience(payload, platform.client_id);
      if (payload["nonce"] !== nonce) throw new Error("another nonce");
      return payload;
    } catch (error) {
      if (error instanceof RefusalError) throw error;
      this.options.log.warn({ platform: platform.id, reason: reasonOf(error) }, "launch failed");
      throw new RefusalError("launch-failed", ltiText("launch-invalid"));
    }
  }

  /** Signs claims in the name of this tool, for five minutes. */
  async sign(claims: Readonly<Record<string, unknown>>, key: SigningKey): Promise<string> {
    const { SignJWT, importPKCS8 } = await import("jose");
    return await new SignJWT({ ...claims, jti: crypto.randomUUID() })
      .setProtectedHeader({ alg: "RS256", kid: key.id, typ: "JWT" })
      .setIssuedAt()
      .setExpirationTime(`${SIGNED_FOR_SECONDS}s`)
      .sign(await importPKCS8(key.privateKey, "RS256"));
  }

  async newKeyPair(): Promise<NewKeyPair> {
    const { exportJWK, exportPKCS8, generateKeyPair } = await import("jose");
    const pair = await generateKeyPair("RS256", { modulusLength: KEY_BITS, extractable: true });
    return { privateKey: await exportPKCS8(pair.privateKey), publicKey: { ...(await exportJWK(pair.publicKey)) } };
  }

  /** Fetches the platform's keys. @returns how many there are @throws RefusalError provider-away */
  async countKeys(platform: LtiPlatform): Promise<number> {
    try {
      const url = new URL(platform.keys_url);
      const answer = await outboundFetch(url, { method: "GET", headers: { accept: "application/json" } }, this.options.networks());
      const body: unknown = await answer.json();
      const keys: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "keys") : null;
      if (!answer.ok || !Array.isArray(keys)) throw new Error(`${answer.status} without keys`);
      return keys.length;
    } catch (error) {
      throw this.unreachable(platform, error);
    }
  }

  private async keysOf(platform: LtiPlatform): Promise<JWTVerifyGetKey> {
    const name = `${platform.id} ${platform.version}`;
    const known = this.keySets.get(name);
    if (known) return known;
    const { createRemoteJWKSet, customFetch } = await import("jose");
    let failedAt = Number.NEGATIVE_INFINITY;
    const fetchKeys = async (url: string, { headers }: { readonly headers: Headers }): Promise<Response> => {
      if (Date.now() - failedAt < FAILURE_MS) throw new RefusalError("provider-away", ltiText("platform-away"));
      const request = { method: "GET", headers: Object.fromEntries(headers) };
      try {
        const answer = await outboundFetch(new URL(url), request, this.options.networks());
        if (answer.status !== 200) throw new Error(`status ${answer.status}`);
        return answer;
      } catch (error) {
        failedAt = Date.now();
        throw this.unreachable(platform, error);
      }
    };
    const keys = createRemoteJWKSet(new URL(platform.keys_url), {
      cacheMaxAge: KEEP_KEYS_MS,
      cooldownDuration: REFETCH_MS,
      [customFetch]: fetchKeys,
    });
    if (this.keySets.size >= MAX_PLATFORMS) this.keySets.clear();
    this.keySets.set(name, keys);
    return keys;
  }

  private unreachable(platform: LtiPlatform, error: unknown): RefusalError {
    this.options.log.warn(
      { platform: platform.id, url: platform.keys_url, reason: reasonOf(error) },
      "learning platform unreachable",
    );
    return new RefusalError("provider-away", ltiText("platform-away"));
  }
}

/** Where a token is for several clients, it names the one that asked (OpenID Connect Core 1.0, section 3.1.3.7). */
function checkAudience({ aud, azp }: JWTPayload, clientId: string): void {
  if (azp !== undefined && azp !== clientId) throw new Error("made for another client");
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined) throw new Error("several audiences, and no azp");
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
