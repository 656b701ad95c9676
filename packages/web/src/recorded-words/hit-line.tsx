/** Shows a place in a recording at which words were found: when, in what, and the words with what stands around them. */
import { formatDuration } from "@lectern/player/format-duration";
import { useTranslation } from "../texts/use-translation.ts";
import { markedParts } from "./marked-parts.ts";

export type Hit = {
  readonly kind: "transcript" | "chat" | "question" | "slide" | "board";
  readonly seconds: number;
  readonly text: string;
  /** From and to, UTF-16 units. */
  readonly marks: readonly (readonly number[])[];
};

export function HitLine({ hit: { kind, seconds, text, marks } }: { readonly hit: Hit }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="words-time">{formatDuration(seconds)}</span>{" "}
      <span dir="auto">
        <small className="text-muted">{t(`words.kinds.${kind}`)}</small>{" "}
        {markedParts(text, marks).map(({ from, text: part, isFound }) => (isFound ? <mark key={from}>{part}</mark> : part))}
      </span>
    </>
  );
}
