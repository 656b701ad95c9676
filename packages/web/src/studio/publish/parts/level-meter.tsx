/** Shows a bar that follows the volume of a sound, drawn without React: it moves twenty times a second. */
import { watchAudioLevel } from "@lectern/publisher";
import { useEffect, useRef } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { barOf, isHeard } from "../devices/volume.ts";

const DRAW_MS = 50;

/** @param onHeard called while a voice is heard */
export function LevelMeter({ stream, onHeard }: { stream: MediaStream; onHeard: () => void }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const watch = watchAudioLevel(stream);
    const timer = setInterval(() => {
      const level = watch.level();
      if (bar.current) bar.current.value = barOf(level);
      if (isHeard(level)) onHeard();
    }, DRAW_MS);
    return () => {
      clearInterval(timer);
      watch.close();
    };
  }, [stream, onHeard]);
  return <meter ref={bar} className="level-meter" min={0} max={1} aria-label={t("publishing.level")} />;
}
