/** Finds the fields of a form that a failure is about, so that each says itself what is wrong with it. */
import { ApiError } from "../../session/api.ts";
import { InputError } from "../../session/error-message.ts";

type NamedField = {
  readonly name: string;
  /** The path of its value in the body of the request. Default: its name. */
  readonly path?: string;
};

/** What is wrong, by the field's name. @param fields those that the person sees */
export function formErrors(failure: unknown, fields: readonly NamedField[]): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  if (failure instanceof InputError) {
    if (fields.some(({ name }) => name === failure.field)) found[failure.field] = failure.message;
    return found;
  }
  if (!(failure instanceof ApiError)) return found;
  for (const { path, message } of failure.problem.errors ?? []) {
    const field = fields.find((one) => isWithin(path, one.path ?? one.name));
    if (field) found[field.name] ??= message;
  }
  return found;
}

/** Whether a path such as `quiet.0.from` is that of a value or of a part of it. */
function isWithin(path: string, of: string): boolean {
  return path === of || path.startsWith(`${of}.`);
}
