/** Provides addresses and networks in requests, in the form in which they are compared. */
import { isIPv4, isIPv6 } from "node:net";
import { z } from "zod";
import { fieldText } from "../messages/field-texts.ts";
import { policyText } from "../messages/policy-texts.ts";

/** How a rule names an address list. */
export const LIST_PREFIX = "list:";

const MAX_LENGTH = 64;
/** An IPv4-mapped address or network (RFC 4291, section 2.5.5.2): clients with such addresses count as IPv4. */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)(?:\/(\d{1,3}))?$/;
const MAPPED_BITS = 96;
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
const BITS = { 0: -1, 4: 32, 6: 128 } as const;

export const network = z
  .string()
  .max(MAX_LENGTH, fieldText.key("too-long"))
  .transform((value, context) => plainNetwork(value) ?? wrong(context, value));

/** An address, or a network such as `10.0.0.0/8`, as it is compared; null where the text is neither. */
export function plainNetwork(text: string): string | null {
  const written = text.trim().toLowerCase();
  const [, address = "", bits] = MAPPED.exec(written) ?? [];
  if (address !== "") {
    const rest = bits === undefined ? null : Number(bits) - MAPPED_BITS;
    return plainNetwork(rest === null ? address : `${address}/${rest}`);
  }
  const slash = written.indexOf("/");
  const family = isIP(slash < 0 ? written : written.slice(0, slash));
  const isNetwork = slash < 0 || (PREFIX.test(written.slice(slash + 1)) && Number(written.slice(slash + 1)) <= BITS[family]);
  // A zone belongs to one machine.
  return family !== 0 && isNetwork && !written.includes("%") ? written : null;
}

function isIP(address: string): 0 | 4 | 6 {
  return isIPv4(address) ? 4 : isIPv6(address) ? 6 : 0;
}

function wrong(context: z.core.$RefinementCtx<string>, input: string): never {
  context.issues.push({ code: "custom", message: policyText.key("network"), input });
  return z.NEVER;
}
