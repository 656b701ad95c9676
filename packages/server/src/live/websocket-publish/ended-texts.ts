/** Defines why a stream was taken from its publisher, in words for the person. The codes are the reasons with which streams end. */
import type { Language } from "../../platform/messages/language.ts";
import { textIn } from "../../platform/messages/message.ts";
import { liveText } from "../live-texts.ts";

const TEXTS = {
  superseded: "ended-superseded",
  draining: "ended-draining",
  silent: "ended-silent",
  "ended-by-operator": "ended-by-operator",
  "too-long": "ended-too-long",
  "publish-too-fast": "ended-too-fast",
} as const;

export function endedText(reason: string, language: Language): string {
  return textIn(language, liveText(isKnown(reason) ? TEXTS[reason] : "ended-otherwise"));
}

function isKnown(reason: string): reason is keyof typeof TEXTS {
  return Object.hasOwn(TEXTS, reason);
}
