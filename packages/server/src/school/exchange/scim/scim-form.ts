/** Sends bodies and refusals as SCIM says: RFC 7644 sections 3.1 (`application/scim+json`) and 3.12 (errors). */
import type { BodyForm } from "../../../platform/api/body-form.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import type { Text } from "../../../platform/messages/message.ts";
import { Refusal, type RefusalCode } from "../../../platform/refusal.ts";

export const SCIM_TYPE = "application/scim+json";
export const ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error";

/** RFC 7644 section 3.12, table 9. */
export type ScimErrorType =
  | "invalidFilter"
  | "tooMany"
  | "uniqueness"
  | "mutability"
  | "invalidSyntax"
  | "invalidPath"
  | "noTarget"
  | "invalidValue";

class ScimRefusal extends Refusal {
  readonly type: ScimErrorType;

  constructor(code: RefusalCode, type: ScimErrorType, message: Text) {
    super(code, message);
    this.type = type;
  }
}

/** A mistake of the request, as SCIM names it. */
export function scimError(type: ScimErrorType, message: Text): RefusalError {
  return new RefusalError(new ScimRefusal(type === "uniqueness" ? "conflict" : "bad-request", type, message));
}

/** Of the API's own refusals, such as a body that is no JSON. */
const TYPES: Partial<Record<RefusalCode, ScimErrorType>> = {
  "bad-request": "invalidSyntax",
};

/** The standard's fields, and the API's stable code beside them. */
export const SCIM_FORM: BodyForm = {
  type: SCIM_TYPE,
  refusalOf: (refusal, language) => {
    const { code, status, detail } = refusal.problem(language);
    const type = refusal instanceof ScimRefusal ? refusal.type : TYPES[code];
    return {
      schemas: [ERROR_SCHEMA],
      status: String(status),
      ...(type ? { scimType: type } : {}),
      detail,
      code,
    };
  },
};
