import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../../session/api.ts";
import { InputError } from "../../session/error-message.ts";
import { formErrors } from "./form-errors.ts";

const refusal = (errors: readonly { readonly path: string; readonly message: string }[]) =>
  new ApiError({ type: "", title: "", status: 400, code: "bad-request", detail: "", errors: [...errors] });

test("a refusal of the server is told by the fields whose values it names, or parts of them", () => {
  const failure = refusal([
    { path: "quiet.0.from", message: "not a time" },
    { path: "quiet.1.days", message: "too few" },
    { path: "target", message: "not an address" },
    { path: "quieter", message: "unknown" },
  ]);
  assert.deepEqual(formErrors(failure, [{ name: "quiet" }, { name: "target-mail", path: "target" }, { name: "name" }]), {
    quiet: "not a time",
    "target-mail": "not an address",
  });
});

test("a mistake that the page finds is told by its field where the person sees that", () => {
  const failure = new InputError("Choose a day.", "onCall");
  assert.deepEqual(formErrors(failure, [{ name: "onCall" }]), { onCall: "Choose a day." });
  assert.deepEqual(formErrors(failure, [{ name: "quiet" }]), {});
  assert.deepEqual(formErrors(new TypeError("offline"), [{ name: "onCall" }]), {});
});
