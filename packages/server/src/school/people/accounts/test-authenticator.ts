/** Provides an authenticator for tests: it signs as real ones do (ES256), and can be told to do it wrongly. */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { CreatedPasskey, PasskeyAnswer } from "./passkey-shapes.ts";

/** Where the browser is, and what it says of itself; the default is right. */
export type Behaviour = {
  /** Default: https://school.example. */
  readonly origin?: string;
  /** Default: what the server asked for. */
  readonly rpId?: string;
  /** Default: the right one of the ceremony. */
  readonly type?: string;
  /** Whether a PIN or a finger was asked for. Default: yes. */
  readonly isVerified?: boolean;
  /** Default: whose passkey it is. */
  readonly userHandle?: string;
  /** Default: one more than before. */
  readonly count?: number;
  /** Whether a certificate of the maker comes with a new passkey. Default: no. */
  readonly hasCertificate?: boolean;
};

type Creation = { readonly challenge: string; readonly rp: { readonly id: string }; readonly user: { readonly id: string } };
type Question = { readonly challenge: string; readonly rpId: string };

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;
const AAGUID = Buffer.alloc(16);
/** CBOR (RFC 8949) of `{"fmt": "none", "attStmt": {}, "authData": h'…'}` without the last value, and of one with a certificate. */
const PLAIN = Buffer.from("\xa3cfmtdnonegattStmt\xa0", "latin1");
const WITH_CERTIFICATE = Buffer.from("\xa3cfmtfpackedgattStmt\xa3calg\x26csigA\x00cx5c\x81A\x00", "latin1");

/** Has one passkey, as soon as it has made it. */
export class TestAuthenticator {
  private readonly credentialId = randomBytes(16);
  private readonly keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  private userHandle = "";
  private count = 0;

  create({ challenge, rp, user }: Creation, behaviour: Behaviour = {}): CreatedPasskey {
    this.userHandle = user.id;
    const length = Buffer.from([0, this.credentialId.length]);
    const credential = Buffer.concat([AAGUID, length, this.credentialId, this.coseKey()]);
    const data = this.authenticatorData(rp.id, behaviour, HAS_CREDENTIAL, credential);
    const head = behaviour.hasCertificate ? WITH_CERTIFICATE : PLAIN;
    const attestation = Buffer.concat([head, Buffer.from("hauthDataY\0\0", "latin1"), data]);
    attestation.writeUInt16BE(data.length, attestation.length - data.length - 2);
    const response = {
      clientDataJSON: base64url(clientData("webauthn.create", challenge, behaviour)),
      attestationObject: base64url(attestation),
      transports: ["internal"],
    };
    return { ...this.named(), response };
  }

  answer({ challenge, rpId }: Question, behaviour: Behaviour = {}): PasskeyAnswer {
    const client = clientData("webauthn.get", challenge, behaviour);
    const data = this.authenticatorData(rpId, behaviour);
    const signed = Buffer.concat([data, createHash("sha256").update(client).digest()]);
    const response = {
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(sign("sha256", signed, this.keys.privateKey)),
      userHandle: behaviour.userHandle ?? this.userHandle,
    };
    return { ...this.named(), response };
  }

  private named() {
    const id = base64url(this.credentialId);
    return { id, rawId: id, type: "public-key" as const };
  }

  /** WebAuthn Level 3, section 6.1. */
  private authenticatorData(rpId: string, behaviour: Behaviour, flags = 0, credential = Buffer.alloc(0)): Buffer {
    this.count = behaviour.count ?? this.count + 1;
    const head = Buffer.alloc(5);
    head[0] = USER_PRESENT | (behaviour.isVerified === false ? 0 : USER_VERIFIED) | flags;
    head.writeUInt32BE(this.count, 1);
    return Buffer.concat([
      createHash("sha256")
        .update(behaviour.rpId ?? rpId)
        .digest(),
      head,
      credential,
    ]);
  }

  /** RFC 9053, section 7.1.1: `{1: 2, 3: -7, -1: 1, -2: x, -3: y}`. */
  private coseKey(): Buffer {
    const { x = "", y = "" } = this.keys.publicKey.export({ format: "jwk" });
    const [start, between] = [Buffer.from("a5010203262001215820", "hex"), Buffer.from("225820", "hex")];
    return Buffer.concat([start, Buffer.from(x, "base64url"), between, Buffer.from(y, "base64url")]);
  }
}

function clientData(type: string, challenge: string, behaviour: Behaviour): Buffer {
  const origin = behaviour.origin ?? "https://school.example";
  return Buffer.from(JSON.stringify({ type: behaviour.type ?? type, challenge, origin, crossOrigin: false }));
}

function base64url(bytes: Buffer): string {
  return bytes.toString("base64url");
}
