/** Defines what each protocol of single sign-on does: begin a sign-on at a provider, say by its answer who the person is, and describe the provider. */
import type { Logger } from "../../../../platform/log.ts";
import type { StoredSecrets } from "../../../foundation/store/stored-secrets.ts";
import type { Provider } from "../../../foundation/store/tables.ts";
import type { Claims } from "./claims.ts";
import type { Flow } from "./flow-cookie.ts";

export type ProtocolOptions = {
  readonly log: Logger;
  readonly storedSecrets: StoredSecrets;
  /** Private networks that providers may be in. */
  readonly networks: () => readonly string[];
};

/** Whom a provider vouches for. */
export type ProvenIdentity = {
  /** Whose the subject is. Those of two protocols differ, also for one service that speaks both. */
  readonly issuer: string;
  readonly subject: string;
  readonly claims: Claims;
  /** When the person proved to the provider who they are, where it says so; else null. */
  readonly provenAt: Date | null;
};

/** An identity with what of the answer counts once, besides the flow: of a SAML assertion its id. */
export type ProvenAnswer = ProvenIdentity & { readonly usedOnce: readonly string[] };

/** A flow that begins, and the address at the provider to which the browser goes. */
export type StartedFlow = { readonly url: string } & Pick<Flow, "state" | "nonce" | "verifier" | "redirectUri">;

/** With what the browser came back. */
export type SignOnAnswer = {
  /** Null: the person began at the provider, which only some may (`unsolicited`). */
  readonly flow: Flow | null;
  /** Where this provider sends browsers back to. */
  readonly redirectUri: string;
  /** Of the query, or of the form that the provider has posted. */
  readonly fields: URLSearchParams;
};

export type ProviderDescription = { readonly issuer: string; readonly authorizationEndpoint: string };

export type SignOnProtocol = {
  /**
   * @param isFresh the provider asks the person again, also where they are signed in there
   * @throws RefusalError provider-away
   */
  readonly begin: (provider: Provider, redirectUri: string, isFresh: boolean) => Promise<StartedFlow>;
  /** @throws RefusalError provider-away; SignOnDenied; any other error says what is wrong with the answer */
  readonly finish: (provider: Provider, answer: SignOnAnswer) => Promise<ProvenAnswer>;
  /** @throws RefusalError provider-away */
  readonly describe: (provider: Provider) => Promise<ProviderDescription>;
};

/** The provider, or the person there, said no. */
export class SignOnDenied extends Error {}

/** A provider issues an answer when it is asked for one. Microsoft Entra ID says of its tokens that it did so five minutes before. */
const ISSUED_BEFORE_SECONDS = 900;
const CLOCKS_DIFFER_SECONDS = 300;
/** How long an answer can count, by when it was issued. What counts once is remembered for longer. */
export const ANSWER_SECONDS = ISSUED_BEFORE_SECONDS + CLOCKS_DIFFER_SECONDS;

/** Whether an answer was issued for this sign-in, give or take the clocks of both sides. @param issuedAt seconds since 1970 @param now milliseconds */
export function isJustIssued(issuedAt: number, now = Date.now()): boolean {
  const age = now / 1000 - issuedAt;
  return age <= ISSUED_BEFORE_SECONDS && age >= -CLOCKS_DIFFER_SECONDS;
}

/** The address of a page of a provider, where a browser goes. @throws Error for another kind of address, which a browser might run */
export function pageAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") throw new Error("the address for people is not an https address");
  return url;
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
