/** Defines what the API takes and returns where people sign in with a provider. */
import { z } from "zod";
import { id } from "../../foundation/requests/fields.ts";
import { MAX_RETURN_PATH } from "./return-path.ts";

/** A form of SAML with a response of 200,000 bytes, in base64 and encoded for a form. */
export const MAX_FORM = 300_000;

const signOnChoice = z
  .object({ id, name: z.string(), school: z.string().describe("The school's name.") })
  .meta({ id: "SignOnChoice" });
export const signOnWays = z
  .object({
    items: z.array(signOnChoice),
    schoolNeeded: z.boolean().describe("Whether there are several schools, so that `school` must name one."),
    hasProviders: z.boolean().describe("Whether people of some school sign in with a provider."),
    mailsPasswords: z.boolean().describe("Whether the server mails links to people who have forgotten their password."),
    isFirstStart: z.boolean().describe("Whether no operator has signed in yet, with the password that the first start prints."),
  })
  .meta({ id: "SignOnWays" });
export const newSignOn = z.strictObject({
  providerId: id,
  returnTo: z.string().max(MAX_RETURN_PATH).default("/console").describe("The path of the page to come back to."),
  link: z.boolean().default(false).describe("Adds the provider to the account that is signed in, after a recent proof."),
  fresh: z.boolean().default(false).describe("The provider asks the person again, also where they are signed in there."),
});
export const signOnResponse = z.strictObject({
  providerId: id,
  query: z.string().max(8000).default("").describe("The query with which the provider sent the browser back."),
  form: z
    .string()
    .max(MAX_FORM)
    .default("")
    .describe("The form that the provider had the browser post, as `application/x-www-form-urlencoded`: SAML."),
});
