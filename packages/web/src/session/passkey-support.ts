/** Says whether this browser has passkeys here, and why one of them failed. Pages load the rest (`passkey.ts`) when a person wants one. */

/** Whether the browser has passkeys here: over HTTPS and on localhost, at a name and not at an address. */
export function hasPasskeys(): boolean {
  const isAddress = /^[\d.]+$|:/.test(location.hostname);
  return !isAddress && "PublicKeyCredential" in globalThis && "parseCreationOptionsFromJSON" in PublicKeyCredential;
}

/** Why the browser has made or found no passkey (sections 5.1.3 and 5.1.4); null for other errors. */
export function passkeyProblem(error: unknown): "passkeyKnown" | "passkeyUnusable" | null {
  if (!(error instanceof DOMException)) return null;
  // This authenticator has one of the person.
  if (error.name === "InvalidStateError") return "passkeyKnown";
  // The address is not the server's own, or the authenticator can neither keep a passkey nor ask for a PIN.
  return ["SecurityError", "NotSupportedError", "ConstraintError"].includes(error.name) ? "passkeyUnusable" : null;
}
