/** Gives the players' elements a watermark, and tells a page when it was tampered with. */
import type { Joined } from "@lectern/client";
import type { Tampering } from "@lectern/player";
import { type RefObject, useEffect } from "react";

export type Watermark = NonNullable<Joined["watermark"]>;
/** @param what as in the event `lectern-tamper` */
export type TamperReport = (what: Tampering) => void;

export function watermarkAttributes(watermark: Watermark | null) {
  return watermark === null ? {} : { watermark: watermark.text, "watermark-opacity": String(watermark.opacity) };
}

export function watermarkKey(watermark: Watermark | null | undefined): string {
  return watermark ? `${watermark.opacity} ${watermark.text}` : "";
}

export function useTamperReport(player: RefObject<HTMLElement | null>, onTamper: TamperReport | undefined): void {
  useEffect(() => {
    const element = player.current;
    if (!element || !onTamper) return;
    const report = (event: Event) => onTamper((event as CustomEvent<{ what: Tampering }>).detail.what);
    element.addEventListener("lectern-tamper", report);
    return () => element.removeEventListener("lectern-tamper", report);
  }, [player, onTamper]);
}
