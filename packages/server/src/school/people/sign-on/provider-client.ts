/** Signs people in with the providers of schools, each by its own protocol (`protocol.ts`); what an answer lacks is in the log, not told to who sent it. */
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import type { Provider } from "../../foundation/store/tables.ts";
import { casProtocol } from "./cas/cas-protocol.ts";
import { openIdProtocol } from "./openid/openid-protocol.ts";
import {
  type ProtocolOptions,
  type ProvenAnswer,
  type ProviderDescription,
  reasonOf,
  type SignOnAnswer,
  SignOnDenied,
  type SignOnProtocol,
  type StartedFlow,
} from "./protocol/protocol.ts";
import { unreachable } from "./protocol/provider-descriptions.ts";
import { fetchMetadata, type IdentityProvider } from "./saml/identity-provider.ts";
import { samlProtocol, serviceMetadata } from "./saml/saml-protocol.ts";

export class ProviderClient {
  private readonly options: ProtocolOptions;
  private readonly protocols: Readonly<Record<Provider["kind"], SignOnProtocol>>;

  constructor(options: ProtocolOptions) {
    this.options = options;
    this.protocols = { oidc: openIdProtocol(options), saml: samlProtocol(options), cas: casProtocol(options) };
  }

  /**
   * The address at the provider to which the browser goes.
   * @param isFresh the provider asks the person again, also where they are signed in there
   * @throws RefusalError provider-away
   */
  begin(provider: Provider, redirectUri: string, isFresh: boolean): Promise<StartedFlow> {
    return this.reaching(provider, (protocol) => protocol.begin(provider, redirectUri, isFresh));
  }

  /** Who the person is, by the answer of the provider. @throws RefusalError sign-on-failed, provider-away */
  async finish(provider: Provider, answer: SignOnAnswer): Promise<ProvenAnswer> {
    try {
      return await this.protocols[provider.kind].finish(provider, answer);
    } catch (error) {
      if (error instanceof RefusalError) throw error;
      this.options.log.warn({ provider: provider.id, kind: provider.kind, reason: reasonOf(error) }, "sign-on failed");
      const isDenied = error instanceof SignOnDenied;
      throw new RefusalError("sign-on-failed", schoolText(isDenied ? "sign-on-denied" : "sign-on-invalid"));
    }
  }

  /** What the provider says of itself. @throws RefusalError provider-away */
  describe(provider: Provider): Promise<ProviderDescription> {
    return this.reaching(provider, (protocol) => protocol.describe(provider));
  }

  /** The metadata of this server for an identity provider of SAML. @throws RefusalError provider-away, where its key cannot be decrypted */
  serviceMetadata(provider: Provider, redirectUri: string): Promise<string> {
    return serviceMetadata(provider, redirectUri, this.options);
  }

  /** An identity provider of SAML by its metadata's address. @throws RefusalError provider-away */
  async samlMetadata(address: string): Promise<IdentityProvider> {
    try {
      return await fetchMetadata(address, this.options.networks());
    } catch (error) {
      this.options.log.warn({ address, reason: reasonOf(error) }, "sign-on provider unreachable");
      throw new RefusalError("provider-away");
    }
  }

  /** What a provider says of itself is not trusted: what cannot be is as if it were not there. */
  private async reaching<T>(provider: Provider, work: (protocol: SignOnProtocol) => Promise<T>): Promise<T> {
    try {
      return await work(this.protocols[provider.kind]);
    } catch (error) {
      throw error instanceof RefusalError ? error : unreachable(this.options.log, provider, reasonOf(error));
    }
  }
}
