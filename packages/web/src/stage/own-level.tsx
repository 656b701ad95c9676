/** Shows a bar that follows the own microphone, drawn without React: it moves ten times a second. */
import { watchAudioLevel } from "@lectern/publisher";
import { useEffect, useRef } from "react";
import { useTranslation } from "../texts/use-translation.ts";

const DRAW_MS = 100;
/** Speech is far from full scale. */
const FULL_BAR = 0.25;

export function OwnLevel({ stream }: { readonly stream: MediaStream | null }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    if (!stream || stream.getAudioTracks().length === 0) return;
    const watch = watchAudioLevel(stream);
    const timer = setInterval(() => {
      if (bar.current) bar.current.value = Math.min(1, watch.level() / FULL_BAR);
    }, DRAW_MS);
    return () => {
      clearInterval(timer);
      watch.close();
    };
  }, [stream]);
  return <meter ref={bar} className="own-level" min={0} max={1} aria-label={t("stage.level")} />;
}
