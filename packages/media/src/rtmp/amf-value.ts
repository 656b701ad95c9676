/** Implements a value as both versions of AMF have it. */

/** `undefined` and unsupported markers are read as undefined; dates as milliseconds since 1970. */
export type AmfValue = number | boolean | string | null | undefined | AmfObject | readonly AmfValue[];
/** Objects, ECMA arrays and typed objects, which differ only on the wire. */
export type AmfObject = { readonly [key: string]: AmfValue };

/** True of objects, ECMA arrays and typed objects. */
export function isAmfObject(value: AmfValue): value is AmfObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
