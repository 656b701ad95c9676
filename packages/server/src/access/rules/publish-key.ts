/** Admits the publisher who has the stream's key of `publish.keys`, or every publisher where `publish.allow` is `any`. */

import { Refusal } from "../../platform/refusal.ts";
import { equalSecrets } from "../../platform/secrets.ts";
import type { AccessRule } from "./rule.ts";
import { ruleText } from "./rule-texts.ts";

export const publishKey: AccessRule = {
  name: "publish-key",
  applies: ({ purpose, lesson }) => purpose === "publish" && lesson === null,
  decide: ({ app, name, credentials, settings: { publish } }) => {
    if (publish.allow === "any") return "allow";
    const given = credentials.publishKey;
    if (given === null) return publishKeyMissing();
    const wanted = publish.keys[`${app}/${name}`];
    // A stream without a key is compared as well, so that the time tells nothing about which streams have one.
    const isRight = equalSecrets(given, wanted ?? given.split("").reverse().join("x"));
    return wanted !== undefined && isRight ? "allow" : new Refusal("bad-key");
  },
};

/** Refuses a publisher who gave no key. */
export function publishKeyMissing(): Refusal {
  return new Refusal("not-signed-in", ruleText("publish-key-needed"));
}
