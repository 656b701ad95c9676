/** Defines what the API takes and returns about passkeys: JSON as browsers make and read it (WebAuthn Level 3, section 5.1), and what people see of theirs. */
import { z } from "zod";
import { id, text, time } from "../../foundation/requests/fields.ts";

/** Binary in JSON; longer than any authenticator's. */
const bytes = z
  .string()
  .max(8192)
  .regex(/^[\w-]*$/);
const credential = { id: bytes, rawId: bytes, type: z.literal("public-key") };

/** What `PublicKeyCredential.toJSON()` gives after `credentials.get()`. */
export const passkeyAnswer = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes,
      authenticatorData: bytes,
      signature: bytes,
      userHandle: bytes.nullish(),
    }),
  })
  .meta({ id: "PasskeyAnswer" });
export type PasskeyAnswer = z.output<typeof passkeyAnswer>;

/** What `PublicKeyCredential.toJSON()` gives after `credentials.create()`. */
export const createdPasskey = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: bytes,
      attestationObject: bytes,
      transports: z.array(z.string().max(20)).max(10).default([]),
    }),
  })
  .meta({ id: "CreatedPasskey" });
export type CreatedPasskey = z.output<typeof createdPasskey>;

export const passkeyQuestion = z
  .object({
    challenge: z.string(),
    rpId: z.string(),
    timeout: z.int().describe("Milliseconds."),
    userVerification: z.literal("required"),
  })
  .describe("For `PublicKeyCredential.parseRequestOptionsFromJSON()`.")
  .meta({ id: "PasskeyQuestion" });

const user = z.object({ id: z.string(), name: z.string(), displayName: z.string() });
export const passkeyOptions = z
  .object({
    challenge: z.string(),
    rp: z.object({ id: z.string(), name: z.string() }),
    user,
    pubKeyCredParams: z.array(z.object({ type: z.literal("public-key"), alg: z.int() })),
    timeout: z.int().describe("Milliseconds."),
    excludeCredentials: z.array(z.object({ type: z.literal("public-key"), id: z.string(), transports: z.array(z.string()) })),
    authenticatorSelection: z.object({
      residentKey: z.literal("required"),
      requireResidentKey: z.literal(true),
      userVerification: z.literal("required"),
    }),
    attestation: z.literal("none"),
  })
  .describe("For `PublicKeyCredential.parseCreationOptionsFromJSON()`.")
  .meta({ id: "PasskeyOptions" });

export const passkeyName = text(100).describe("By which the person knows it: a device or a password manager.");
export const passkeyShape = z
  .object({ id, name: z.string(), createdAt: time, usedAt: time.nullable().describe("When it last signed the person in.") })
  .meta({ id: "Passkey" });
