/**
 * Lets the first policies of a worker hold once their lists of addresses are loaded. A list that is not there denies nobody, so a worker that
 * starts would let in for a moment whom a list denies; requests wait until policies are known.
 */
import type { AddressListFile, KnownPolicies } from "../../access/policies/policy-snapshot.ts";

/**
 * @param load loads lists of addresses; never fails
 * @param use has policies hold
 * @returns takes policies: the newest of those that come during the first load hold after it, later ones at once
 */
export function policiesAfterLists(
  load: (files: readonly AddressListFile[]) => Promise<void>,
  use: (known: KnownPolicies) => void,
): (known: KnownPolicies) => void {
  let state: "waiting" | "loading" | "loaded" = "waiting";
  let newest: KnownPolicies;
  return (known) => {
    newest = known;
    if (state === "loaded") return use(known);
    if (state === "loading") return;
    state = "loading";
    void load(known.files).then(() => {
      state = "loaded";
      use(newest);
    });
  };
}
