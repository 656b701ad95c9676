/** Provides Zod schemas of what the rules of policies compare with, in the one form in which media workers compare it. */
import { domainToASCII } from "node:url";
import { z } from "zod";
import { BACK_END_FACTS } from "../../../access/policies/access-policy.ts";
import { ID } from "../../../platform/id.ts";
import { shownAddress } from "../../../platform/shown-url.ts";
import { isOneLine } from "../../../platform/text.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { text } from "../../foundation/requests/fields.ts";
import { LIST_PREFIX, plainNetwork } from "../../foundation/requests/network.ts";
import { isTimeZone } from "../../foundation/schools/shapes.ts";

const MAX_ENTRIES = 1000;
/** RFC 1035, section 2.3.4, without the last dot. */
const MAX_DOMAIN = 253;
const MAX_PATTERN = 200;
const MAX_NAME = 64;
const MAX_URL = 2048;
const MIN_SECRET = 8;
const MAX_SECRET = 256;
const MAX_SEGMENTS = 3;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** A domain in ASCII and lower case, where it begins with `*.` all below it; null where the text is none. */
export function plainDomain(text: string): string | null {
  const written = text.trim().toLowerCase();
  const isWild = written.startsWith("*.");
  const name = isWild ? written.slice(2) : written;
  // Only what is not ASCII has to be converted, which takes longer.
  const ascii = /^[\x20-\x7e]*$/.test(name) ? name : domainToASCII(name);
  if (ascii.length > MAX_DOMAIN || !ascii.split(".").every((label) => LABEL.test(label))) return null;
  return isWild ? `*.${ascii}` : ascii;
}

const place = z
  .string()
  .max(MAX_PATTERN, fieldText.key("too-long"))
  .transform((value) => value.split("/").map((segment) => segment.trim()))
  .refine((segments) => segments.length <= MAX_SEGMENTS && segments.every((one) => one !== ""), policyText.key("place"))
  .transform((segments) => segments.join("/"));

const listed = <T extends z.ZodType<string>>(entry: T) => z.array(entry).max(MAX_ENTRIES).default([]);

const networkOrList = z
  .string()
  .max(MAX_PATTERN, fieldText.key("too-long"))
  .transform((value, context) => {
    const isList = value.startsWith(LIST_PREFIX) && ID.test(value.slice(LIST_PREFIX.length));
    return isList ? value : (plainNetwork(value) ?? mistake(context, value, "network-or-list"));
  });

const domain = z
  .string()
  .max(MAX_DOMAIN, fieldText.key("too-long"))
  .transform((value, context) => plainDomain(value) ?? mistake(context, value, "domain"));

export const networks = listed(networkOrList);
export const domains = listed(domain);
export const patterns = listed(text(MAX_PATTERN));
export const places = listed(place);
export const carriers = listed(z.string().regex(/^[^\p{C}\p{Z}]{1,64}$/u, policyText.key("carrier")));
export const timeZone = z.string().max(MAX_NAME, fieldText.key("too-long")).refine(isTimeZone, fieldText.key("time-zone"));
export const clock = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, policyText.key("clock"));
export const days = z
  .array(z.int().min(1).max(7))
  .min(1)
  .max(7)
  .refine((all) => new Set(all).size === all.length, policyText.key("days"));
export const linkKeys = z
  .array(z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, policyText.key("key")))
  .max(100)
  .default([]);

/** An address without a user, and without parameters that are secrets: those who may read the policy see it. */
export const backEndUrl = z
  .string()
  .max(MAX_URL, fieldText.key("too-long"))
  .transform((value, context) => plainBackEndUrl(value) ?? mistake(context, value, "back-end-url"));
export const backEndFacts = z
  .array(z.enum(BACK_END_FACTS))
  .max(BACK_END_FACTS.length)
  .default([...BACK_END_FACTS])
  .transform((facts) => BACK_END_FACTS.filter((fact) => facts.includes(fact)));
export const backEndSecret = z
  .string()
  .min(MIN_SECRET, policyText.key("back-end-secret"))
  .max(MAX_SECRET, policyText.key("back-end-secret"))
  .refine(isOneLine, fieldText.key("one-line"));

function plainBackEndUrl(text: string): string | null {
  const url = URL.parse(text);
  const isWeb = url !== null && /^https?:$/.test(url.protocol) && url.hash === "";
  return isWeb && shownAddress(url.href) === url.href ? url.href : null;
}

function mistake(context: z.core.$RefinementCtx<string>, input: string, key: "network-or-list" | "domain" | "back-end-url"): never {
  context.issues.push({ code: "custom", message: policyText.key(key), input });
  return z.NEVER;
}
